"""Login links of the demo: signed, without an end, and opened only where the database says it is a demo."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.urls import reverse

from toli.accounts.models import Holder

SALT = "toli.accounts.demo-door"


def demo_path(holder: Holder, *, second_factor: bool = False, next_url: str = "") -> str:
    """Return the address that signs in as this person; `second_factor` for roles with sensitive rights."""
    token = signing.dumps([str(holder.ref), second_factor, next_url], salt=SALT, compress=True)
    return reverse("accounts:demo_door", args=[token])


def read_token(token: str) -> tuple[UUID, bool, str] | None:
    """The person, whether the second factor counts as shown, and where to go; None for a forged token."""
    try:
        ref, second_factor, next_url = signing.loads(token, salt=SALT)
        return UUID(ref), bool(second_factor), str(next_url)
    except (signing.BadSignature, ValueError, TypeError):
        return None
