"""Forms filled before the code is asked: a slow SMS never costs a person what they typed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries, rules
from toli.accounts.models import Draft
from toli.kit import secrets
from toli.kit.errors import NotFound


def save_draft(*, kind: str, payload: dict[str, Any], phone: str = "", now: datetime) -> UUID:
    """Keep a form, encrypted, for two days; return its ref.

    `phone` (E.164), when the form asked for it, binds the draft to that number. Without it the draft belongs
    to the browser that `sessions.remember_draft` was called for.
    """
    sealed = secrets.encrypt(json.dumps(payload, ensure_ascii=False), context="draft")
    draft = Draft.objects.create(
        kind=kind,
        payload_cipher=sealed.cipher,
        key_version=sealed.key_version,
        phone_key=queries.key_of(phone) if phone else "",
        created_at=now,
        expires_at=now + rules.KEEP,
    )
    return draft.ref


def claim_draft(*, login_id: int, key: str, ref: UUID, own: bool, now: datetime) -> bool:
    """Give a draft to the login that proved its number. False when it is another number's or browser's."""
    rows = Draft.objects.filter(ref=ref, login=None, used_at=None, expires_at__gt=now)
    allowed = rows.filter(phone_key=key) | (rows.filter(phone_key="") if own else rows.none())
    return bool(allowed.update(login_id=login_id))


@transaction.atomic
def use_draft(*, login_id: int, ref: UUID, kind: str, now: datetime) -> dict[str, Any]:
    """Return the form and erase it, once, in the transaction that makes something of it. Raises NotFound."""
    mine = Draft.objects.filter(ref=ref, kind=kind, login_id=login_id, used_at=None)
    locked = mine.select_for_update().first()
    if locked is None or locked.payload_cipher is None:
        raise NotFound(_("This form was sent already or is older than two days. Please fill it again."))
    payload = queries.get_draft(login_id=login_id, ref=ref, kind=kind)
    Draft.objects.filter(pk=locked.pk).update(payload_cipher=None, phone_key="", used_at=now)
    return payload
