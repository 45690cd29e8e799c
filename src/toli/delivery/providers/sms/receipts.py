"""What a gateway posts to us: HMAC-SHA256 of the body in hex stands in `X-Signature`."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from toli.delivery.providers import Heard, NoReceipt, Posted, Receipted

STATUSES = {"delivered": "delivered", "failed": "failed", "undelivered": "failed", "sent": "sent"}


def sign(secret: str, body: bytes) -> str:
    """The signature a gateway puts on its receipts."""
    return hmac.new(secret.encode(), body, sha256).hexdigest()


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """True when the gateway signed exactly this; header names are lower case."""
    given = headers.get("x-signature", "")
    return bool(secret) and hmac.compare_digest(given.encode(), sign(secret, body).encode())


def read(said: Mapping[str, Any]) -> list[Posted]:
    """A receipt, or what a phone wrote to us. Raises NoReceipt."""
    if "reply" in said:
        return [Heard(str(said.get("from", "")), str(said["reply"]), str(said.get("id", "")))]
    status = STATUSES.get(str(said.get("status", "")))
    if status is None:
        raise NoReceipt
    return [Receipted(str(said.get("client_ref", "")), status, str(said.get("at", "")))]
