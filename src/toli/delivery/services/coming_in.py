"""Receipts and replies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as code_queries
from toli.accounts import services as accounts
from toli.consent import services as consent
from toli.delivery import queries, routes
from toli.delivery.models import Inbound, Message, Post, Receipt
from toli.delivery.providers import Gone, Heard, NoReceipt, Posted, Receipted
from toli.delivery.routes import Hook, checks_senders
from toli.delivery.services import addresses
from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput, NotAllowed
from toli.kit.phone import parse as parse_number
from toli.org import queries as org

State = Message.State
STATUSES = {"delivered": State.DELIVERED, "failed": State.FAILED, "sent": State.SENT}


def take_posted(*, provider: str, name: str, body: bytes, headers: Mapping[str, str], now: datetime) -> bool:
    """What a provider says of messages, or what somebody wrote to us; True when it changed something.

    Raises NotAllowed without the provider's own signature, and then nothing is read; BadInput for what is nothing we
    understand. The names of `headers` are lower case.
    """
    hook = routes.hook(provider, name)
    if hook is None or not hook.receipts.is_genuine(headers, body, hook.secret):
        raise NotAllowed(_("This receipt is not signed by the provider."))
    try:
        said = hook.receipts.said_in(body) if hasattr(hook.receipts, "said_in") else _parsed(body)
        found = hook.receipts.read(said)
    except NoReceipt:
        raise BadInput(_("This is no receipt.")) from None
    changed = [_take(hook, one, now) for one in found]
    return any(changed)


def _take(hook: Hook, one: Posted, now: datetime) -> bool:
    if isinstance(one, Receipted):
        apply = _apply_to_post if one.ref.startswith("p-") else _apply_receipt
        return apply(hook.name, one.ref, one.status, _moment(one.at, now), now)
    if isinstance(one, Gone):
        return addresses.end_address(kind=hook.provider, address=one.address, now=now)
    if hook.provider == "telegram":
        return _hear_chat(hook, one, now)
    if hook.provider in ("sms", "whatsapp"):
        return _hear_number(hook, one, now)
    return False  # a Page or mailbox names nobody we know


@transaction.atomic
def _hear_number(hook: Hook, one: Heard, now: datetime) -> bool:
    """What somebody wrote to us: STOP ends messages to the number, START lets them come; the word of a login code
    proves the number, where the gateway checks who wrote and nobody of that number holds a sensitive right.

    The provider's id of a message counts once, so one that is posted again does nothing. Other replies are not kept.
    """
    number = parse_number(one.sender, demo=code_queries.is_demo())
    if not _is_new(hook, one, now):
        return False
    proves = hook.provider == "sms" and checks_senders(hook.name)
    proves = proves and not org.is_sensitive_number(code_queries.key_of(number), now=now)
    if proves and accounts.hear_word(phone=number, said=one.text, now=now):
        return True
    plain = _plain(one.text)
    if plain in STOP_WORDS:
        consent.stop_number(actor=_ACTOR, number=number, now=now)
        return True
    return plain in START_WORDS and consent.lift_stop(actor=_ACTOR, number=number, now=now)


_ACTOR = SystemActor(request_id="delivery.reply")


@transaction.atomic
def _hear_chat(hook: Hook, one: Heard, now: datetime) -> bool:
    """What somebody wrote to the bot: the word of their own page makes it theirs, STOP ends every way but the app."""
    if not _is_new(hook, one, now):
        return False
    if one.text.startswith("/start "):
        word, yesterday = one.text.removeprefix("/start ").strip(), now - timedelta(days=1)
        return addresses.link_telegram(chat=one.sender, word=word, yesterday=yesterday, now=now)
    if _plain(one.text) not in STOP_WORDS:
        return False
    person = queries.person_at(kind="telegram", address=one.sender)
    if person is None:
        return False
    if number := queries.number_of(person):
        consent.stop_number(actor=_ACTOR, number=number, now=now)
    addresses.end_address(kind="telegram", address=one.sender, now=now)
    return True


def _is_new(hook: Hook, one: Heard, now: datetime) -> bool:
    """The provider's id of a message counts once."""
    ref = one.ref[:100]
    if "\0" in ref:  # the one text of a reply that is kept, and the database keeps no such letter
        raise BadInput(_("This is no receipt."))
    name = hook.name if hook.provider == "sms" else f"{hook.provider}:{hook.name}"
    return not ref or Inbound.objects.get_or_create(provider=name, provider_ref=ref, defaults={"at": now})[1]


def _plain(words: str) -> str:
    return words.strip().casefold().strip(".!/")


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


def _apply_to_post(name: str, ref: str, status: str, at: datetime, now: datetime) -> bool:
    """A site says that it did not show a post after all."""
    try:
        found = UUID(ref[2:38])
    except ValueError:
        raise BadInput(_("This receipt names no message of ours.")) from None
    if status != "failed":
        return False
    rows = Post.objects.filter(ref=found, state=Post.State.POSTED)
    return bool(rows.update(state=Post.State.FAILED, reason="refused_there"))


def _follow(message: Message, state: str, at: datetime) -> None:
    """A receipt may overtake our own "sent"; "delivered" is never taken back by a late one."""
    if message.state == State.DELIVERED or (state == State.SENT and message.state != State.SENDING):
        return
    message.state = state
    message.delivered_at = at if state == State.DELIVERED else message.delivered_at
    message.save(update_fields=["state", "delivered_at"])
