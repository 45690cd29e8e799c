"""One folder per provider, all alike; nothing else in Toli speaks to the outside.

`payload` builds what it is asked, `errors` says what its answers mean, `receipts` reads what it posts to us and checks
that it was the provider, `adapter` puts them together, `local_server` speaks the provider's protocol on this machine.
An adapter answers `Taken`, or `Begun` where there is a further step, or raises a SendFault.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or film of a post: a file of ours, and where the public finds it."""

    kind: str
    path: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message or post as a provider needs it. `client_ref` makes a repeated request one."""

    to: str = field(repr=False)
    """A number, an address, a subscription, or the account's own id at the provider."""
    text: str = field(repr=False)
    sender: str = ""
    template_id: str = ""
    client_ref: str = ""
    callback: str = ""
    """Where the provider reports what became of it."""
    title: str = ""
    link: str = ""
    media: tuple[Media, ...] = ()
    progress: Mapping[str, str] = field(default_factory=dict)
    """What earlier steps of the same post left."""


@dataclass(frozen=True, slots=True)
class Request:
    """One exchange as it goes over the line."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    method: str = "POST"

    @classmethod
    def of_json(cls, url: str, said: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Request:
        """A request whose body is JSON."""
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(url, {"Content-Type": "application/json", **(headers or {})}, body)


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider accepted it under this id."""

    provider_ref: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A step is done and kept; the next one is due in `after` seconds."""

    progress: Mapping[str, str]
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a provider says of our token: until when it is good (None: no end), and what is left of today's posts."""

    expires_at: datetime | None = None
    left_today: int | None = None


@dataclass(frozen=True, slots=True)
class Receipted:
    """What a provider says became of a message: `ref` is our client_ref, or its own id where it knows no other."""

    ref: str
    status: str
    """sent, delivered or failed."""
    at: str = ""
    is_theirs: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody wrote to us. The text is looked at and not kept."""

    sender: str = field(repr=False)
    text: str = field(repr=False)
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """An address takes nothing any more: it was blocked, left or closed."""

    address: str = field(repr=False)


Posted = Receipted | Heard | Gone


class NoReceipt(Exception):
    """What was posted is signed and yet nothing we understand."""


class SendFault(Exception):
    """It was not taken. `reason` is a key for people and logs; it never holds an address, the text or the token.

    `unsure`: it may have been taken all the same, so only what is repeatable may be tried again unseen.
    """

    def __init__(
        self, reason: str, *, final: bool = False, retry_after: float | None = None, unsure: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final
        self.retry_after = retry_after
        self.unsure = unsure


class Adapter(Protocol):
    """A way to one provider."""

    @property
    def name(self) -> str: ...

    @property
    def is_local(self) -> bool: ...

    @property
    def repeatable(self) -> bool:
        """True where the same `client_ref` twice is one message."""
        ...

    def send(self, out: Outgoing, *, timeout: float) -> Taken | Begun: ...


@runtime_checkable
class ManyWay(Adapter, Protocol):
    """A way by which one text goes to thousands over open lines (`lines`): a request is built, its answer read."""

    def request(self, out: Outgoing) -> Request:
        """What the provider is asked. Raises SendFault for what cannot go."""
        ...

    def read(self, answer: Any) -> Taken:
        """What its answer means. Raises SendFault."""
        ...


class Publisher(Adapter, Protocol):
    """A way to an account that the public reads."""

    def find(self, out: Outgoing, *, timeout: float) -> Taken | None:
        """The post, where the provider already shows it. Raises SendFault("unknown") where nobody can ask."""
        ...

    def remove(self, provider_ref: str, *, to: str, timeout: float) -> None:
        """Take a post down; one that is gone is fine. Raises SendFault."""
        ...

    def standing(self, to: str, *, timeout: float) -> Standing:
        """Whether the token still opens this account. Raises SendFault."""
        ...


def text_of(value: Any, *keys: str | int) -> str:
    """The text or number that lies there in an answer; empty where it does not: answers are not to be trusted."""
    for key in keys:
        holder: Any = value if isinstance(value, dict | list) else ()
        try:
            value = holder[key]
        except (KeyError, IndexError, TypeError):
            return ""
    return str(value)[:500] if isinstance(value, str | int) and not isinstance(value, bool) else ""
