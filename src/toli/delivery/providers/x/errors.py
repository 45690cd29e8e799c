"""What X's answers mean."""

from __future__ import annotations

import time
from typing import Any

from toli.delivery.providers import SendFault, text_of
from toli.delivery.providers.http import Answer


def read(answer: Answer) -> dict[str, Any]:
    """`data` of the answer. Raises SendFault."""
    said = answer.said()
    data = said.get("data")
    if answer.is_fine and isinstance(data, dict | list):
        return said
    if answer.is_fine:
        raise SendFault("garbage", unsure=True)
    raise _fault(answer, text_of(said, "detail").casefold())


def _fault(answer: Answer, what: str) -> SendFault:
    if answer.status == 429:
        reset = answer.headers.get("x-rate-limit-reset", "")
        wait = float(reset) - time.time() if reset.isdigit() else answer.retry_after or 60.0
        return SendFault("too_fast", retry_after=min(max(wait, 1.0), 86400.0))
    if answer.status == 403 and "duplicate" in what:
        return SendFault("duplicate", unsure=True)
    if answer.status == 401:
        return SendFault("not_authorised")
    if answer.status == 402:
        return SendFault("no_credit")
    if answer.status == 403:
        return SendFault("not_allowed_there", final=True)
    if answer.status < 500:
        return SendFault("refused", final=True)
    return SendFault("provider_fault", unsure=True)
