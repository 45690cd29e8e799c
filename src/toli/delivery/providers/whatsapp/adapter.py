"""A business number. Nobody builds this adapter without the recorded permission: `routes` asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from toli.delivery.providers import Outgoing, Standing, Taken, meta
from toli.delivery.providers.http import AtUrl, ask
from toli.delivery.providers.whatsapp import errors, payload


@dataclass(frozen=True, slots=True)
class WhatsApp(AtUrl):
    """One token and the id of the number that sends."""

    name: str
    token: str = field(repr=False)
    url: str = meta.URL
    number_id: str = ""
    repeatable: bool = False

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Send one registered text. Raises SendFault."""
        address, headers = f"{self.url}{self.number_id}/messages", meta.bearer(self.token)
        return errors.taken(ask("POST", address, json=payload.template(out), headers=headers, timeout=timeout))

    def standing(self, to: str, *, timeout: float) -> Standing:
        return meta.standing(self.url, self.token, timeout=timeout)
