"""Login links of the demo: signed, without an end, and opened only where the database says it is a demo."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from toli.accounts.models import Holder
from toli.kit import secrets

PURPOSE = "accounts.demo-door"
SIGNED = 16
"""Characters of the signature in a link: 96 bits, and short enough for one line of a terminal."""


def demo_path(holder: Holder, *, second_factor: bool = False, next_url: str = "") -> str:
    """Return the address that signs in as this person; `second_factor` for roles with sensitive rights."""
    who = base64.urlsafe_b64encode(holder.ref.bytes).rstrip(b"=").decode()
    body = f"{who}{'.2' if second_factor else '.1'}"
    address = reverse("accounts:demo_door", args=[f"{body}.{_signature(body)}"])
    return f"{address}?{urlencode({'next': next_url}, safe='/')}" if next_url else address


def _signature(body: str) -> str:
    return secrets.signature(PURPOSE, body)[:SIGNED]


def read_token(token: str) -> tuple[UUID, bool] | None:
    """The person, and whether the second factor counts as shown; None for a forged link."""
    body, _dot, signature = token.rpartition(".")
    if not secrets.is_equal(signature, _signature(body)):
        return None
    who, _dot, factors = body.partition(".")
    try:
        return UUID(bytes=base64.urlsafe_b64decode(f"{who}==")), factors == "2"
    except (ValueError, binascii.Error):
        return None
