"""Every write of consent. A yes comes from the person's own session; a no is as easy as a yes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as accounts
from toli.audit import services as audit
from toli.consent import queries
from toli.consent.models import ConsentEvent, Notice, NumberStop
from toli.consent.purposes import BASE, PURPOSES
from toli.consent.queries import data
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org import services as org
from toli.people import queries as people
from toli.people.models import Person

Channel = ConsentEvent.Channel

# The set-based twin of `give`: one pass, one row per person and purpose. For the demo only.
GIVE_MANY = """
INSERT INTO consent_consentevent
    (person_id, notice_id, language, purpose, given, at, channel, session_digest, request_id)
SELECT p, %(notice)s, %(language)s, u, true, t, 'demo', '', 'demo'
FROM unnest(%(people)s::bigint[], %(times)s::timestamptz[]) AS x(p, t), unnest(%(purposes)s::text[]) AS u
"""


@transaction.atomic
def publish_notice(
    *,
    actor: Actor,
    texts: Mapping[str, Mapping[str, str]],
    items: Sequence[Mapping[str, Any]],
    purposes: Sequence[str],
    contact: Mapping[str, Any],
    now: datetime,
    key: str = "join",
) -> Notice:
    """Put a new version of the notice in force; the old one stays for its proofs. Raises BadInput."""
    _check_notice(texts, items, purposes, contact)
    old = Notice.objects.select_for_update().filter(key=key, replaced_at=None).first()
    if old is not None:
        Notice.objects.filter(pk=old.pk).update(replaced_at=now)
    notice = Notice.objects.create(
        key=key, version=old.version + 1 if old else 1, texts=texts, items=items, purposes=list(purposes),
        contact=contact, published_at=now,
    )  # fmt: skip
    audit.record(actor, "consent.notice_published", notice, data={"version": notice.version, "key": key})
    return notice


def _check_notice(
    texts: Mapping[str, Any], items: Sequence[Mapping[str, Any]], purposes: Sequence[str], contact: Mapping[str, Any]
) -> None:
    unknown = [key for key in purposes if key not in PURPOSES]
    named = {purpose for item in items for purpose in item.get("purposes", ())}
    if not texts or unknown or not items or not named <= set(purposes):
        raise BadInput(_("A notice needs its words, each kind of data with its purposes, and known purposes only."))
    if not contact.get("name") or not contact.get("address"):
        raise BadInput(_("A notice names the person who answers, and where they are reached."))


@transaction.atomic
def give(
    *,
    actor: Actor,
    person: Person,
    notice: Notice,
    language: str,
    purposes: Collection[str],
    session_key: str,
    now: datetime,
    channel: str = Channel.WEB,
) -> list[ConsentEvent]:
    """Append a yes to each purpose, from the person's own session. Raises NotAllowed, BadInput, WrongState."""
    _require_own(actor, person)
    if person.state != Person.State.ACTIVE:
        raise WrongState(_("This person's data is sealed."))
    strangers = set(purposes) - set(notice.purposes)
    if strangers or not purposes or notice.replaced_at is not None or language not in notice.texts:
        raise BadInput(_("Please read the notice again: it has changed, or nothing was chosen."))
    ordered = [key for key in notice.purposes if key in purposes]
    events = _append(actor, person, notice, language, ordered, True, channel, session_key, now)
    audit.record(
        actor, "consent.given", person, data={"purposes": ordered, "count": len(ordered), "notice": notice.version}
    )
    return events


def _require_own(actor: Actor, person: Person) -> None:
    """Nobody agrees for somebody else: not a coordinator, not a job, not while seeing as them."""
    own_login = person.holder is not None and actor.login_id == person.holder.login_id
    own = actor.person_id == person.pk or (actor.person_id is None and own_login)
    if not own or actor.is_system or actor.on_behalf_of_id or actor.seen_as_id:
        raise NotAllowed(_("Only the person can agree, from their own phone."))


def _append(
    actor: Actor, person: Person, notice: Notice | None, language: str, purposes: Collection[str], given: bool,
    channel: str, session_key: str, now: datetime,
) -> list[ConsentEvent]:  # fmt: skip
    digest = hashlib.sha256(session_key.encode()).hexdigest() if session_key else ""
    return ConsentEvent.objects.bulk_create(
        ConsentEvent(
            person=person, notice=notice, language=language, purpose=purpose, given=given, at=now, channel=channel,
            actor_person_id=actor.person_id, actor_seat_id=actor.seat_id, session_digest=digest,
            request_id=actor.request_id,
        )
        for purpose in purposes
    )  # fmt: skip


@transaction.atomic
def withdraw(
    *,
    actor: Actor,
    person: Person,
    purpose: str,
    session_key: str = "",
    language: str = "hi",
    now: datetime,
    channel: str = Channel.WEB,
) -> None:
    """Append a no. Saying no to "organise" ends every appointment, and the seats are vacant at once.

    Saying no twice is once. Raises NotAllowed, BadInput.
    """
    _require_own(actor, person)
    if purpose not in PURPOSES:
        raise BadInput(_("There is no such purpose."))
    _lock(person)
    if not queries.has_consent(person.pk, purpose):
        return
    _append(actor, person, _last_notice(person, purpose), language, [purpose], False, channel, session_key, now)
    audit.record(actor, "consent.withdrawn", person, data={"purpose": purpose})
    if purpose == BASE:
        org.end_everything_of(actor=actor, person=person, reason="consent withdrawn", now=now)


def _lock(person: Person) -> None:
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _last_notice(person: Person, purpose: str) -> Notice | None:
    events = ConsentEvent.objects.select_related("notice").filter(person_id__in=person.ids, purpose=purpose, given=True)
    newest = events.order_by("-id").first()
    return newest.notice if newest else None


@transaction.atomic
def withdraw_all(
    *, actor: Actor, person: Person, now: datetime, channel: str = Channel.WEB, session_key: str = ""
) -> int:
    """Append a no to everything that stands: consent's part of an erasure. How many purposes.

    The room that runs the erasure has checked who asks: the person, or the desk at the person's own request.
    """
    _lock(person)
    standing = [mine.purpose.key for mine in queries.my_consents(person.pk) if mine.given]
    if not standing:
        return 0
    _append(actor, person, None, actor.language, standing, False, channel, session_key, now)
    audit.record(actor, "consent.all_withdrawn", person, data={"purposes": standing})
    org.end_everything_of(actor=actor, person=person, reason="consent withdrawn", now=now)
    return len(standing)


@transaction.atomic
def stop_number(*, actor: Actor, number: str, now: datetime) -> int:
    """A number answered STOP: no SMS goes there again, and its people's consent to SMS ends. How many people.

    `number` is E.164. The answer itself is the person's own act, so no session is asked for.
    """
    index = people.number_index(number)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent_numberstop (index, stopped_at) VALUES (%s, %s)"
            " ON CONFLICT (index) WHERE lifted_at IS NULL DO NOTHING",
            [index, now],
        )
        fresh = cursor.rowcount == 1
    owners = Person.objects.filter(contact_points__index=index, contact_points__valid_to=None).distinct()
    stopped = [person for person in owners if queries.has_consent(person.pk, "sms")]
    for person in stopped:
        _append(actor, person, _last_notice(person, "sms"), actor.language, ["sms"], False, Channel.SMS, "", now)
    if fresh or stopped:
        audit.record(actor, "consent.stopped", None, data={"people": len(stopped)})
    return len(stopped)


@transaction.atomic
def lift_stop(*, actor: Actor, number: str, now: datetime) -> bool:
    """A number answered START. Consent to SMS is not given back by it: the person ticks that again."""
    rows = NumberStop.objects.filter(index=people.number_index(number), lifted_at=None)
    return bool(rows.update(lifted_at=now))


def give_many(
    *,
    people_ids: Sequence[int],
    purposes: Sequence[str],
    times: Sequence[datetime],
    notice: Notice,
    language: str = "hi",
) -> int:
    """The set-based twin of `give` for made-up people; how many rows. Raises WrongState where this is no demo."""
    if not accounts.is_demo():
        raise WrongState(_("People can only be made up in a demo."))
    values: dict[str, Any] = {
        "people": list(people_ids), "times": list(times), "purposes": list(purposes), "notice": notice.pk,
        "language": language,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(GIVE_MANY, values)
        return cursor.rowcount


def export_proof(person_id: int) -> str:
    """The person's ledger as JSON text, for the person or the Data Protection Board."""
    return data.proof_of_consents(person_id)
