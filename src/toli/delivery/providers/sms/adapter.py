"""SMS and calls over HTTP, as Indian operators' gateways speak it: sender's name, registered text, one JSON answer.

POST <url>  {sender, template_id, to, text, client_ref, callback}  ->  200/202 {"status": "accepted", "id": "..."}
A call has {caller, say} instead of {sender, text}. The same `client_ref` again is answered with the same id, sends
nothing and rings nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from toli.delivery.providers import Outgoing, Request, Taken
from toli.delivery.providers.http import Answer, AtUrl, ask, ask_for
from toli.delivery.providers.sms import errors, payload


@dataclass(frozen=True, slots=True)
class SmsHttp(AtUrl):
    """One gateway of that kind."""

    name: str
    url: str
    token: str = field(default="", repr=False)
    repeatable: bool = True

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Hand one SMS over; `timeout` in seconds for the whole exchange. Raises SendFault."""
        return self.read(ask_for(self.request(out), timeout=timeout))

    def request(self, out: Outgoing) -> Request:
        return Request.of_json(self.url, payload.sms(out), payload.headers(out, self.token))

    def read(self, answer: Answer) -> Taken:
        return errors.read(answer)


@dataclass(frozen=True, slots=True)
class VoiceHttp(AtUrl):
    """One provider of calls."""

    name: str
    url: str
    token: str = field(default="", repr=False)
    caller: str = ""
    repeatable: bool = True

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Have one text said; `timeout` in seconds for the whole exchange. Raises SendFault."""
        body, headers = payload.call(out, self.caller), payload.headers(out, self.token)
        return errors.read(ask("POST", self.url, json=body, headers=headers, timeout=timeout))
