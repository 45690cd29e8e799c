"""What the Bot API's answers mean."""

from __future__ import annotations

from typing import Any

from toli.delivery.providers import SendFault, text_of
from toli.delivery.providers.http import Answer

GONE = ("bot was blocked", "user is deactivated", "bot was kicked", "chat not found", "group chat was deactivated",
        "bot is not a member")  # fmt: skip
FINE = ("message is not modified", "message to delete not found")
"""It is already as it should be."""


def read(answer: Answer) -> Any:
    """`result` of the answer. Raises SendFault."""
    said = answer.said()
    if said.get("ok") is True and answer.is_fine:
        return said.get("result")
    code, what = answer.status if not said.get("error_code") else said["error_code"], text_of(said, "description")
    if any(words in what for words in FINE):
        return True
    raise _fault(code, what.casefold(), said, answer)


def _fault(code: object, what: str, said: dict[str, Any], answer: Answer) -> SendFault:
    if code == 429:
        wait = text_of(said, "parameters", "retry_after")
        return SendFault("too_fast", retry_after=float(wait) if wait.isdigit() else answer.retry_after or 1.0)
    if any(words in what for words in GONE):
        return SendFault("gone", final=True)
    if code in (401, 404):  # the token stands in the address, so a wrong one is "not found"
        return SendFault("not_authorised")
    if code == 403:
        return SendFault("not_allowed_there", final=True)
    if code in (400, 413):
        return SendFault("refused", final=True)
    return SendFault("garbage" if answer.is_fine else "provider_fault", unsure=True)
