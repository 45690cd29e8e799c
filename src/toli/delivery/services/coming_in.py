"""Receipts and replies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as code_queries
from toli.accounts import services as accounts
from toli.consent import services as consent
from toli.delivery.adapters.sms_local_server import sign
from toli.delivery.models import Inbound, Message, Receipt
from toli.delivery.providers import checks_senders, receipt_secret
from toli.kit import secrets
from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput, NotAllowed
from toli.kit.phone import parse as parse_number
from toli.org import queries as org

State = Message.State
STATUSES = {"delivered": State.DELIVERED, "failed": State.FAILED, "undelivered": State.FAILED, "sent": State.SENT}


def take_receipt(*, provider: str, body: bytes, signature: str, now: datetime) -> bool:
    """What a provider says of a message, once per status; True when it changed something.

    Raises NotAllowed without a valid signature (HMAC-SHA256 of the body, in hex), BadInput for what is no receipt.
    """
    secret = receipt_secret(provider)
    if not secret or not secrets.is_equal(signature, sign(secret, body)):
        raise NotAllowed(_("This receipt is not signed by the provider."))
    said = _parsed(body)
    if "reply" in said:
        return _take_reply(provider, said, now)
    status, ref = str(said.get("status", "")), str(said.get("client_ref", ""))
    if status not in STATUSES:
        raise BadInput(_("This is no receipt."))
    return _apply_receipt(provider, ref, status, _moment(said.get("at"), now), now)


@transaction.atomic
def _take_reply(provider: str, said: Mapping[str, Any], now: datetime) -> bool:
    """What somebody wrote to us: STOP ends SMS to the number, START lets them come; the word of a login code proves the
    number, where the gateway checks who wrote and nobody of that number holds a sensitive right.

    The provider's id of a message counts once, so one that is posted again does nothing. Other replies are not kept.
    """
    words, ref = str(said["reply"]), str(said.get("id", ""))[:100]
    if "\0" in ref:  # the one text of a reply that is kept, and the database keeps no such letter
        raise BadInput(_("This is no receipt."))
    number = parse_number(str(said.get("from", "")), demo=code_queries.is_demo())
    if ref and not Inbound.objects.get_or_create(provider=provider, provider_ref=ref, defaults={"at": now})[1]:
        return False
    proves = checks_senders(provider) and not org.is_sensitive_number(code_queries.key_of(number), now=now)
    if proves and accounts.hear_word(phone=number, said=words, now=now):
        return True
    actor = SystemActor(request_id="delivery.reply")
    plain = words.strip().casefold().strip(".!")
    if plain in STOP_WORDS:
        consent.stop_number(actor=actor, number=number, now=now)
        return True
    return plain in START_WORDS and consent.lift_stop(actor=actor, number=number, now=now)


STOP_WORDS = frozenset({"stop", "stop all", "unsubscribe", "रोकें", "रोको", "बंद", "बंद करें", "नहीं चाहिए"})


START_WORDS = frozenset({"start", "शुरू", "चालू", "चालू करें"})


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
        json.dumps(said, ensure_ascii=False).encode()  # half a letter, written as an escape, is none
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise BadInput(_("This is no receipt."))
    return said


def _moment(text: object, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return now
    return at if at.tzinfo is not None else now


@transaction.atomic
def _apply_receipt(provider: str, ref: str, status: str, at: datetime, now: datetime) -> bool:
    kind, _dash, tail = ref.partition("-")
    try:
        found = UUID(tail[:36])
    except ValueError:
        raise BadInput(_("This receipt names no message of ours.")) from None
    message = Message.objects.select_for_update().filter(ref=found).first() if kind == "m" else None
    if kind == "m" and message is None:
        raise BadInput(_("This receipt names no message of ours."))
    _row, made = Receipt.objects.get_or_create(
        message=message, code_ref=found if kind == "c" else None, provider=provider, status=status,
        defaults={"at": at, "received_at": now},
    )  # fmt: skip
    if made and message is not None:
        _follow(message, STATUSES[status], at)
    return made


def _follow(message: Message, state: str, at: datetime) -> None:
    """A receipt may overtake our own "sent"; "delivered" is never taken back by a late one."""
    if message.state == State.DELIVERED or (state == State.SENT and message.state != State.SENDING):
        return
    message.state = state
    message.delivered_at = at if state == State.DELIVERED else message.delivered_at
    message.save(update_fields=["state", "delivered_at"])
