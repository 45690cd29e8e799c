"""Calls over HTTP: the provider rings the number and a voice says the text, twice where the text says so.

POST <url>  {caller, template_id, to, say, client_ref, callback}  ->  200/202 {"status": "accepted", "id": "..."}
The same `client_ref` again is answered with the same id and rings nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from toli.delivery.adapters import Outgoing, Taken
from toli.delivery.adapters.sms_http import exchange, is_this_machine


@dataclass(frozen=True, slots=True)
class VoiceHttp:
    """One provider of calls."""

    name: str
    url: str
    token: str = field(default="", repr=False)
    caller: str = ""

    @property
    def is_local(self) -> bool:
        return is_this_machine(self.url)

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Have one text said; `timeout` in seconds for the whole exchange. Raises SendFault."""
        body = {
            "caller": self.caller or out.sender, "template_id": out.template_id, "to": out.to, "say": out.text,
            "client_ref": out.client_ref, "callback": out.callback,
        }  # fmt: skip
        return exchange(self.url, body, token=self.token, timeout=timeout)
