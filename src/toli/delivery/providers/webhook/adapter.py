"""A site of ours that takes posts. The same id twice is one post there."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from toli.delivery.providers import Outgoing, Standing, Taken
from toli.delivery.providers.http import AtUrl, ask
from toli.delivery.providers.webhook import errors, payload


@dataclass(frozen=True, slots=True)
class Webhook(AtUrl):
    """One site; `token` is the secret both sides sign with, and `to` of a post is the site's address."""

    name: str
    token: str = field(repr=False)
    url: str = ""
    repeatable: bool = True

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Hand a post over. Raises SendFault."""
        return Taken(self._post(payload.post(out), out.client_ref, timeout) or out.client_ref)

    def find(self, out: Outgoing, *, timeout: float) -> Taken | None:
        return self.send(out, timeout=timeout)

    def remove(self, provider_ref: str, *, to: str, timeout: float) -> None:
        self._post(payload.remove(provider_ref), f"remove-{provider_ref}", timeout)

    def standing(self, to: str, *, timeout: float) -> Standing:
        self._post(payload.ping(), "ping", timeout)
        return Standing()

    def _post(self, body: bytes, ref: str, timeout: float) -> str:
        headers = payload.headers(body, self.token, int(time.time()), ref)
        return errors.read(ask("POST", self.url, content=body, headers=headers, timeout=timeout))
