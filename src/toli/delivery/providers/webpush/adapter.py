"""Notices to browsers. The same `client_ref` twice is one: it takes the place of the first at the service and on
the phone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from toli.delivery.providers import Outgoing, Request, SendFault, Taken
from toli.delivery.providers.http import Answer, ask_for, is_this_machine
from toli.delivery.providers.webpush import errors, payload


@dataclass(frozen=True, slots=True)
class WebPush:
    """Our key for all push services. `hosts` are those a subscription may name, so that nobody sends us elsewhere."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    contact: str
    hosts: Collection[str] = ()
    only_here: bool = False
    repeatable: bool = True

    @property
    def is_local(self) -> bool:
        return self.only_here

    def may_go_to(self, endpoint: str) -> bool:
        """A push service we know, over https; in a demo nothing but this machine."""
        if self.only_here or is_this_machine(endpoint):
            return self.only_here and is_this_machine(endpoint)
        at = urlsplit(endpoint)
        host = (at.hostname or "").casefold()
        return at.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in self.hosts)

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Hand one notice to the push service of its browser. Raises SendFault."""
        return self.read(ask_for(self.request(out), timeout=timeout))

    def request(self, out: Outgoing) -> Request:
        try:
            to = payload.subscription(out.to)
        except ValueError:
            raise SendFault("gone", final=True) from None
        if not self.may_go_to(to.endpoint):
            raise SendFault("not_allowed_there", final=True)
        body = payload.encrypt(payload.notice(out), to)
        headers = payload.headers(out, to, key=self.key, contact=self.contact, now=datetime.now(UTC))
        return Request(to.endpoint, headers, body)

    def read(self, answer: Answer) -> Taken:
        return errors.read(answer)
