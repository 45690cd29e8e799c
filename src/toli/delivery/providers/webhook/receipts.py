"""What a site posts back, signed as we sign: that a post is shown, or was taken down there."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from typing import Any

from toli.delivery.providers import NoReceipt, Posted, Receipted
from toli.delivery.providers.webhook.payload import signature

OLDEST_SECONDS = 300
STATUSES = {"shown": "delivered", "refused": "failed"}


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """True when the site signed exactly this within the last five minutes; header names are lower case."""
    at, given = headers.get("x-toli-time", ""), headers.get("x-toli-signature", "").removeprefix("sha256=")
    if not secret or not at.isdigit() or abs(time.time() - int(at)) > OLDEST_SECONDS:
        return False
    return hmac.compare_digest(given.encode(), signature(body, secret, int(at)).encode())


def read(said: Mapping[str, Any]) -> list[Posted]:
    """What became of a post. Raises NoReceipt."""
    status = STATUSES.get(str(said.get("status", "")))
    if status is None:
        raise NoReceipt
    return [Receipted(str(said.get("id", "")), status, str(said.get("at", "")))]
