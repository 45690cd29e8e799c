"""Other ways to a person than their number: browsers and the bot. Only the person themselves opens one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.delivery.limits import push_hosts
from toli.delivery.providers.webpush.adapter import WebPush
from toli.delivery.providers.webpush.payload import subscription
from toli.delivery.routes import web_push
from toli.kit import secrets
from toli.kit.actor import Actor, SystemActor
from toli.kit.errors import BadInput, NotAllowed
from toli.people.models import ContactPoint, Person

Kind = ContactPoint.Kind
MOST_BROWSERS = 5
LONGEST = 4000


@transaction.atomic
def subscribe_browser(*, actor: Actor, said: str, now: datetime) -> ContactPoint:
    """Notices go to this browser from now on; the same browser again is one. Raises NotAllowed or BadInput.

    `said` is the browser's PushSubscription as JSON. Of more than five browsers the oldest ends.
    """
    person = _own_person(actor)
    try:
        found = subscription(said) if len(said) <= LONGEST else None
    except ValueError:
        found = None
    if found is None or not _may_go_to(found.endpoint, now):
        raise BadInput(_("This browser's notices cannot be reached. Nothing was kept."))
    point = _open(person, Kind.PUSH, found.endpoint, said, now)
    live = ContactPoint.objects.filter(person=person, kind=Kind.PUSH, valid_to=None).order_by("-id")
    old = list(live.values_list("pk", flat=True)[MOST_BROWSERS:])
    ContactPoint.objects.filter(pk__in=old).update(valid_to=now)
    audit.record(actor, "delivery.way_opened", person, data={"way": Kind.PUSH})
    return point


def _may_go_to(endpoint: str, now: datetime) -> bool:
    way = web_push(now)
    return WebPush(way.name, way.key, way.contact, push_hosts(now), way.only_here).may_go_to(endpoint)


@transaction.atomic
def forget_browser(*, actor: Actor, endpoint: str, now: datetime) -> bool:
    """No notice goes to this browser any more. True when one went. Raises NotAllowed."""
    person = _own_person(actor)
    gone = _end(ContactPoint.objects.filter(person=person), Kind.PUSH, endpoint, now)
    if gone:
        audit.record(actor, "delivery.way_closed", person, data={"way": Kind.PUSH})
    return gone


def _own_person(actor: Actor) -> Person:
    if actor.person_id is None or actor.seen_as_id or actor.on_behalf_of_id:
        raise NotAllowed(_("Only the person can do this, on their own phone."))
    return Person.objects.select_for_update(of=("self",)).get(pk=actor.person_id)


def _open(person: Person, kind: str, address: str, value: str, now: datetime) -> ContactPoint:
    index, sealed = secrets.blind_index(address, context=kind), secrets.encrypt(value, context=kind)
    others = ContactPoint.objects.filter(kind=kind, index=index, valid_to=None).exclude(person=person)
    others.update(valid_to=now)  # a shared phone: whoever signed in last gets its notices
    point, _made = ContactPoint.objects.update_or_create(
        person=person, kind=kind, index=index, valid_to=None,
        defaults={"cipher": sealed.cipher, "key_version": sealed.key_version, "valid_from": now},
    )  # fmt: skip
    return point


def telegram_link(person: Person, *, now: datetime) -> str:
    """The address that opens the bot and tells it, within a day, whose chat it is; empty where there is no bot."""
    if not settings.TELEGRAM_TOKEN or not settings.TELEGRAM_BOT:
        return ""
    return f"https://t.me/{settings.TELEGRAM_BOT}?start={person.ref.hex}{_link_word(person.ref, now)}"


def _link_word(ref: UUID, at: datetime) -> str:
    return secrets.signature("delivery.telegram_link", f"{ref}:{at.date()}")[:32]


@transaction.atomic
def link_telegram(*, chat: str, word: str, yesterday: datetime, now: datetime) -> bool:
    """Somebody came to the bot with the word of their own page: it may write to them there. True when it was theirs."""
    try:
        ref = UUID(word[:32])
    except ValueError:
        return False
    if not any(secrets.is_equal(word[32:], _link_word(ref, at)) for at in (now, yesterday)):
        return False
    person = Person.objects.select_for_update(of=("self",)).filter(ref=ref, state=Person.State.ACTIVE).first()
    if person is None:
        return False
    ContactPoint.objects.filter(person=person, kind=Kind.TELEGRAM, valid_to=None).update(valid_to=now)
    _open(person, Kind.TELEGRAM, chat, chat, now)
    audit.record(SystemActor(request_id="delivery.reply"), "delivery.way_opened", person, data={"way": Kind.TELEGRAM})
    return True


def end_address(*, kind: str, address: str, now: datetime) -> bool:
    """Nobody is reached there any more, as the provider says."""
    return _end(ContactPoint.objects.all(), kind, address, now)


def end_points(*, point_ids: Collection[int], now: datetime) -> None:
    """The provider says that these browsers or chats are gone."""
    rows = ContactPoint.objects.filter(pk__in=point_ids, valid_to=None).exclude(kind=Kind.PHONE)
    rows.update(valid_to=now)


def _end(rows: QuerySet[ContactPoint], kind: str, address: str, now: datetime) -> bool:
    index = secrets.blind_index(address, context=kind)
    live = rows.filter(kind=kind, index=index, valid_to=None)
    return bool(live.update(valid_to=now))
