"""One bounded exchange over HTTP: what came back, or a fault that says whether it may have been taken."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from toli.delivery.providers import Request, SendFault

if TYPE_CHECKING:
    import httpx

LONGEST_ANSWER = 64 * 1024
CONNECT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer; `body` is empty where it was longer than any honest one. Header names are lower case."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def is_fine(self) -> bool:
        return 200 <= self.status < 300

    def said(self) -> dict[str, Any]:
        """The JSON object; empty where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def retry_after(self) -> float | None:
        """Seconds the provider asks us to wait, as the header says."""
        wanted = self.headers.get("retry-after", "")
        return min(float(wanted), 86400.0) if wanted.isdigit() else None


def is_this_machine(url: str) -> bool:
    """True for an address of the machine we run on."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class AtUrl:
    """A way that is reached at `url`."""

    __slots__ = ()
    url: str

    @property
    def is_local(self) -> bool:
        """True when the provider is this very machine: the only place demo numbers may go."""
        return is_this_machine(self.url)


def ask(method: str, url: str, *, timeout: float, headers: Mapping[str, str] | None = None, **body: Any) -> Answer:
    """Ask once; `timeout` in seconds for the whole exchange. `body` as httpx takes it. Raises SendFault."""
    import httpx  # here: a fifth of a second, which only who sends needs

    try:
        return _exchange(method, url, dict(headers or {}), timeout, body)
    except (httpx.ConnectTimeout, httpx.PoolTimeout):
        raise SendFault("timeout") from None
    except httpx.TimeoutException:
        raise SendFault("timeout", unsure=True) from None
    except (httpx.ConnectError, httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise SendFault("unreachable") from None
    except (httpx.HTTPError, OSError):
        raise SendFault("unreachable", unsure=True) from None


def ask_for(request: Request, *, timeout: float) -> Answer:
    """Ask once what was built before. Raises SendFault."""
    return ask(request.method, request.url, content=request.body, headers=request.headers, timeout=timeout)


def _exchange(method: str, url: str, headers: dict[str, str], timeout: float, body: dict[str, Any]) -> Answer:
    import httpx

    limits = httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS))
    with (
        httpx.Client(timeout=limits, trust_env=False, verify=trusted()) as client,
        client.stream(method, url, headers=headers, **body) as response,
    ):
        read = _bounded(response, monotonic() + timeout)
        return Answer(response.status_code, read, {name.lower(): value for name, value in response.headers.items()})


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
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
            raise SendFault("timeout", unsure=True)
    return read
