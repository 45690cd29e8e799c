"""One file per provider, all alike: `send(Outgoing) -> Taken`, or a SendFault that says whether to try again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One SMS as a provider needs it. `client_ref` makes a repeated request one message."""

    to: str = field(repr=False)
    text: str = field(repr=False)
    sender: str
    template_id: str
    client_ref: str
    callback: str = ""
    """Where the provider reports what became of it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider accepted it under this id."""

    provider_ref: str


class SendFault(Exception):
    """It was not taken. `reason` is a key for people and logs; it never holds the number or the text."""

    def __init__(self, reason: str, *, final: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final
        self.retry_after = retry_after


class Adapter(Protocol):
    """A way to one provider."""

    @property
    def name(self) -> str: ...

    @property
    def is_local(self) -> bool: ...

    def send(self, out: Outgoing, *, timeout: float) -> Taken: ...
