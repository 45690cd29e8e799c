"""SMS over HTTP, as Indian operators' gateways speak it: sender header, registered template id, one JSON answer.

POST <url>  {sender, template_id, to, text, client_ref, callback}  ->  200/202 {"status": "accepted", "id": "..."}
The same `client_ref` again is answered with the same id and sends nothing.
"""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toli.delivery.adapters import Outgoing, SendFault, Taken

if TYPE_CHECKING:
    import httpx

LONGEST_ANSWER = 64 * 1024

_FINAL = {400: "refused", 404: "refused", 422: "bad_number"}
_OURS = {401: "not_authorised", 403: "not_authorised"}


@dataclass(frozen=True, slots=True)
class SmsHttp:
    """One gateway of that kind."""

    name: str
    url: str
    token: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        """True when the gateway is this very machine: the only place demo numbers may go."""
        return is_this_machine(self.url)

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Hand one SMS over; `timeout` in seconds for the whole exchange. Raises SendFault."""
        body = {
            "sender": out.sender, "template_id": out.template_id, "to": out.to, "text": out.text,
            "client_ref": out.client_ref, "callback": out.callback,
        }  # fmt: skip
        return exchange(self.url, body, token=self.token, timeout=timeout)


def is_this_machine(url: str) -> bool:
    """True for an address of the machine we run on."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def exchange(url: str, body: dict[str, str], *, token: str, timeout: float) -> Taken:
    """Post one request and read the provider's id from the answer. Raises SendFault."""
    import httpx  # here: a fifth of a second, which only who sends needs

    headers = {"Idempotency-Key": body["client_ref"]}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        status, answer, retry_after = _post(url, body, headers, timeout)
    except httpx.TimeoutException:
        raise SendFault("timeout") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        raise SendFault("unreachable") from None
    return _read(status, answer, retry_after)


def _post(url: str, body: dict[str, str], headers: dict[str, str], timeout: float) -> tuple[int, bytes, str]:
    import httpx

    limits = httpx.Timeout(timeout, connect=min(timeout, 2.0))
    with (
        httpx.Client(timeout=limits, trust_env=False, verify=_trusted()) as client,
        client.stream("POST", url, json=body, headers=headers) as response,
    ):
        answer = _bounded(response, monotonic() + timeout)
        return response.status_code, answer, response.headers.get("Retry-After", "")


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """The certificates we believe: reading them takes 60 ms, so they are read once and not for every message."""
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def _bounded(response: httpx.Response, deadline: float) -> bytes:
    """The answer, or nothing where it is longer than any honest one or drips in past the deadline."""
    read = b""
    for chunk in response.iter_raw():
        read += chunk
        if len(read) > LONGEST_ANSWER:
            return b""
        if monotonic() > deadline:
            raise SendFault("timeout")
    return read


def _read(status: int, answer: bytes, retry_after: str) -> Taken:
    if status == 429:
        raise SendFault("too_fast", retry_after=float(retry_after) if retry_after.isdigit() else 1.0)
    if status in _FINAL:
        raise SendFault(_FINAL[status], final=True)
    if status in _OURS:
        raise SendFault(_OURS[status])
    if not 200 <= status < 300:
        raise SendFault("provider_fault")
    return Taken(_id_in(answer))


def _id_in(answer: bytes) -> str:
    """The provider's id. An answer without one is no acceptance, whatever its status says."""
    try:
        said = json.loads(answer)
    except ValueError:
        raise SendFault("garbage") from None
    ref = said.get("id") if isinstance(said, dict) else None
    if not isinstance(ref, str | int) or isinstance(ref, bool) or said.get("status") != "accepted":
        raise SendFault("garbage")
    return str(ref)[:100]
