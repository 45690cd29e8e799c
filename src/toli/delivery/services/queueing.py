"""A message is put in the outbox once, or taken back before it goes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent.queries import contact_filter
from toli.delivery import sending
from toli.delivery.channels import CHANNELS, POINTS
from toli.delivery.limits import sms_limits
from toli.delivery.models import Inbound, Message, Receipt
from toli.delivery.services import budgets
from toli.delivery.templates import templates
from toli.kit.actor import Actor
from toli.kit.errors import BadInput
from toli.org.models import Unit
from toli.people.models import ContactPoint, Invitee, Person

State = Message.State
KEEP = timedelta(days=366)
KEEP_INBOUND = timedelta(days=30)

_PERSONAL = re.compile(r"(?<!\w)(?:\+?91|0)?[16-9]\d{9}(?!\w)|[\w.]+@[\w.]+\.\w+")


def checked(template: str, params: Mapping[str, str]) -> None:
    """Raises BadInput for a template nobody registered, a value missing, or one that holds a number."""
    found = templates().get(template)
    if found is None or not found.variables <= params.keys():
        raise BadInput(_("This message has no registered text, or a value is missing."))
    if any(_PERSONAL.search(str(value)) for value in params.values()):
        raise BadInput(_("A message may not carry a phone number or an address of a person."))


def hash_of(template: str, params: Mapping[str, str]) -> str:
    """What the publishing gate's verdict is bound to."""
    said = json.dumps([template, dict(params)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


@transaction.atomic
def queue(
    *, template: str, person: Person, key: str, params: Mapping[str, str], language: str = "", unit: Unit | None = None,
    now: datetime, not_before: datetime | None = None, expires_at: datetime | None = None,
    certificate: Mapping[str, str] | None = None, contact_point: ContactPoint | None = None,
) -> Message:  # fmt: skip
    """Put one SMS to a person in the outbox; the same `key` again gives the same message. Raises BadInput.

    The gates are asked when it is sent, so nothing needs to be taken back when a person or the law says no.
    """
    checked(template, params)
    chosen = language or (person.holder.login.language if person.holder else "hi")
    message, _made = Message.objects.get_or_create(
        key=key,
        defaults={
            **columns(template, params, chosen, unit, certificate), "person": person, "next_try_at": not_before or now,
            "created_at": now, "expires_at": expires_at or now + sms_limits(now).keep_trying,
            "contact_point": contact_point,
        },
    )  # fmt: skip
    return message


def columns(
    template: str, params: Mapping[str, str], language: str, unit: Unit | None, certificate: Mapping[str, str] | None
) -> dict[str, Any]:
    found = templates()[template]
    return {
        "template": template, "params": dict(params), "language": language, "purpose": found.purpose,
        "kind": found.kind, "unit": unit, "subject_hash": hash_of(template, params),
        "certificate": dict(certificate) if certificate else None,
    }  # fmt: skip


# One pass over the audience: who may be reached is decided here for the choice, and again for each send.
QUEUE_MANY = """
INSERT INTO delivery_message
    (ref, key, template, channel, language, params, purpose, person_id, unit_id, kind, subject_hash, certificate, state,
     attempts, next_try_at, expires_at, provider, provider_ref, reason, created_at)
SELECT gen_random_uuid(), %(key)s || ':' || p.id, %(template)s, 'sms', coalesce(l.language, 'hi'), %(params)s::jsonb,
       %(purpose)s, p.id, %(unit)s, %(kind)s, %(hash)s, NULL, 'waiting', 0, %(at)s, %(expires)s, '', '', '', %(now)s
FROM people_person p
LEFT JOIN accounts_holder h ON h.id = p.holder_id LEFT JOIN accounts_login l ON l.id = h.login_id
WHERE p.id = ANY(%(people)s) AND """


@transaction.atomic
def queue_many(
    *, template: str, person_ids: Collection[int], key: str, params: Mapping[str, str], unit: Unit | None = None,
    now: datetime, not_before: datetime | None = None, keep_trying: timedelta | None = None,
) -> int:  # fmt: skip
    """One message to each of many people who may be reached, in one statement; how many are new. Raises BadInput."""
    checked(template, params)
    found = templates()[template]
    condition, named = _named(*contact_filter(found.purpose, sending.CHANNEL), "c")
    values = {
        "key": key, "template": template, "params": json.dumps(dict(params), ensure_ascii=False),
        "purpose": found.purpose, "unit": unit.pk if unit else None, "kind": found.kind,
        "hash": hash_of(template, params), "at": not_before or now, "now": now,
        "expires": (not_before or now) + (keep_trying or sms_limits(now).keep_trying), "people": list(person_ids),
        **named,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_MANY + condition + " ON CONFLICT (key) DO NOTHING", values)
        return cursor.rowcount


# One pass over an audience that is itself a query; `unit` is the constituency whose law holds for each person.
QUEUE_AUDIENCE = """
INSERT INTO delivery_message
    (ref, key, template, channel, language, params, purpose, person_id, unit_id, kind, subject_hash, certificate, state,
     attempts, next_try_at, expires_at, provider, provider_ref, reason, created_at)
SELECT gen_random_uuid(), %(key)s || ':' || p.id, %(template)s, %(channel)s, coalesce(l.language, 'hi'),
       CASE l.language WHEN 'en' THEN %(en)s::jsonb ELSE %(hi)s::jsonb END, %(purpose)s, p.id, a.unit, %(kind)s,
       CASE l.language WHEN 'en' THEN %(en_hash)s ELSE %(hi_hash)s END,
       CASE l.language WHEN 'en' THEN %(en_paper)s::jsonb ELSE %(hi_paper)s::jsonb END, 'waiting', 0, %(at)s,
       %(expires)s, '', '', '', %(now)s
FROM (AUDIENCE) AS a(id, unit)
JOIN people_person p ON p.id = a.id
LEFT JOIN accounts_holder h ON h.id = p.holder_id LEFT JOIN accounts_login l ON l.id = h.login_id
WHERE EXISTS (SELECT 1 FROM people_contactpoint c
              WHERE c.person_id = p.id AND c.kind = %(point)s AND c.valid_to IS NULL) AND CONDITION
ON CONFLICT (key) DO NOTHING
"""


@transaction.atomic
def queue_audience(
    *, template: str, audience: QuerySet[Any], channel: str, key: str, params: Mapping[str, Mapping[str, str]],
    certificates: Mapping[str, Mapping[str, str]] | None = None, now: datetime, not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> int:  # fmt: skip
    """One message to everybody of an audience who may be reached by this channel, in one statement; how many are new.

    `audience` is a query of two columns, the person's id and the id of the constituency whose law holds for them
    (or None): `.values_list("pk", ...)`. `params`, and `certificates` where the law asks for one, are by language. The
    same `key` again adds only who was not there before. Raises BadInput.
    """
    if channel not in CHANNELS:
        raise BadInput(_("There is no such way to a person."))
    for said in params.values():
        checked(template, said)
    found, begins = templates()[template], not_before or now
    condition, bound = contact_filter(found.purpose, channel)
    who, given = audience.query.sql_with_params()
    condition, first = _named(condition, bound, "c")
    who, second = _named(who, given, "a")
    papers = certificates or {}
    values: dict[str, Any] = {
        "key": key, "template": template, "channel": channel, "purpose": found.purpose, "kind": found.kind,
        "at": begins, "now": now, "expires": expires_at or begins + sms_limits(now).keep_trying,
        "point": POINTS[channel], **first, **second,
    }  # fmt: skip
    for tag in ("hi", "en"):
        said = params.get(tag) or params["hi"]
        values[tag], values[f"{tag}_hash"] = json.dumps(dict(said), ensure_ascii=False), hash_of(template, said)
        values[f"{tag}_paper"] = json.dumps(dict(papers[tag])) if tag in papers else None
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_AUDIENCE.replace("AUDIENCE", who, 1).replace("CONDITION", condition, 1), values)
        return cursor.rowcount


def _named(sql: str, bound: Sequence[Any], letter: str) -> tuple[str, dict[str, Any]]:
    """The statement with each of its values under a name, so that two of them can stand in one."""
    named = {f"{letter}{place}": value for place, value in enumerate(bound)}
    for name in named:
        sql = sql.replace("%s", f"%({name})s", 1)
    return sql, named


# Each with words of their own, in the person's language; who may be reached is decided as for QUEUE_MANY.
QUEUE_EACH = """
INSERT INTO delivery_message
    (ref, key, template, channel, language, params, purpose, person_id, unit_id, kind, subject_hash, certificate, state,
     attempts, next_try_at, expires_at, provider, provider_ref, reason, created_at)
SELECT gen_random_uuid(), e.key, %(template)s, 'sms', coalesce(l.language, 'hi'),
       CASE l.language WHEN 'en' THEN e.en ELSE e.hi END, %(purpose)s, p.id, NULL, %(kind)s,
       CASE l.language WHEN 'en' THEN e.en_hash ELSE e.hi_hash END, NULL, 'waiting', 0, %(now)s, e.expires, '', '', '',
       %(now)s
FROM unnest(%(people)s::bigint[], %(keys)s::text[], %(hi)s::jsonb[], %(en)s::jsonb[], %(hi_hashes)s::text[],
            %(en_hashes)s::text[], %(expires)s::timestamptz[]) AS e(person, key, hi, en, hi_hash, en_hash, expires)
JOIN people_person p ON p.id = e.person
LEFT JOIN accounts_holder h ON h.id = p.holder_id LEFT JOIN accounts_login l ON l.id = h.login_id
WHERE """


@dataclass(frozen=True, slots=True)
class Each:
    """One message of many: its own key, its own words in Hindi and English, good until `expires`."""

    person_id: int
    key: str
    params: Mapping[str, Mapping[str, str]]
    expires: datetime


@transaction.atomic
def queue_each(*, template: str, messages: Sequence[Each], now: datetime) -> int:
    """One message with its own words to each person who may be reached, in one statement; how many are new.

    Raises BadInput.
    """
    found = templates()[template]
    for one in messages:
        for said in one.params.values():
            checked(template, said)
    condition, named = _named(*contact_filter(found.purpose, sending.CHANNEL), "c")
    words = {tag: [one.params[tag] for one in messages] for tag in ("hi", "en")}
    values: dict[str, Any] = {
        "template": template, "purpose": found.purpose, "kind": found.kind, "now": now,
        "people": [one.person_id for one in messages], "keys": [one.key for one in messages],
        "expires": [one.expires for one in messages],
        **{tag: [json.dumps(dict(said), ensure_ascii=False) for said in all_] for tag, all_ in words.items()},
        **{f"{tag}_hashes": [hash_of(template, said) for said in all_] for tag, all_ in words.items()},
        **named,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_EACH + condition + " ON CONFLICT (key) DO NOTHING", values)
        return cursor.rowcount


@transaction.atomic
def queue_invitation(
    *, invitee: Invitee, params: Mapping[str, str], unit: Unit | None, now: datetime
) -> Message | None:
    """The one message somebody gets whose number another gave; None when it was sent before or is erased."""
    checked("invitation", params)
    rows = Invitee.objects.filter(pk=invitee.pk, invited_at=None, erased_at=None, cipher__isnull=False)
    if not rows.update(invited_at=now):
        return None
    return Message.objects.create(
        **columns("invitation", params, "hi", unit, None), key=f"invitation:{invitee.ref}", invitee=invitee,
        next_try_at=now, created_at=now, expires_at=now + sms_limits(now).keep_trying,
    )  # fmt: skip


# Each number its one message, marked in the same statement: whoever was written to before gets none.
QUEUE_INVITATIONS = """
WITH asked AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(links)s::text[], %(units)s::bigint[]) AS a(id, link, unit_id)
), marked AS (
    UPDATE people_invitee i SET invited_at = %(now)s FROM asked a
    WHERE i.id = a.id AND i.invited_at IS NULL AND i.erased_at IS NULL AND i.cipher IS NOT NULL
    RETURNING i.id, i.ref, i.erase_on, a.link, a.unit_id
)
INSERT INTO delivery_message
    (ref, key, template, channel, language, params, purpose, invitee_id, unit_id, kind, subject_hash, certificate,
     state, attempts, next_try_at, expires_at, provider, provider_ref, reason, created_at)
SELECT gen_random_uuid(), 'invitation:' || ref, %(template)s, 'sms', 'hi',
       %(params)s::jsonb || jsonb_build_object('link', %(site)s || link), %(purpose)s, id, unit_id, %(kind)s, %(hash)s,
       %(certificate)s::jsonb, 'waiting', 0, %(now)s, erase_on::timestamp AT TIME ZONE 'Asia/Kolkata', '', '', '',
       %(now)s
FROM marked
"""


@transaction.atomic
def queue_invitations(
    *, template: str, values: Mapping[str, str], certificate: Mapping[str, str],
    invitations: Sequence[tuple[int, str, int | None]], now: datetime,
) -> int:  # fmt: skip
    """The one message of many invitations (invitee's id, token of the link, constituency of the law); how many.

    The certificate is for what all of them say; the link is each one's own. Until the numbers are erased a message
    waits for the end of a silence. Raises BadInput.
    """
    checked(template, {**values, "link": ""})
    found = templates()[template]
    asked: dict[str, Any] = {
        "ids": [one[0] for one in invitations], "links": [one[1] for one in invitations],
        "units": [one[2] for one in invitations], "now": now, "template": template, "purpose": found.purpose,
        "params": json.dumps(dict(values), ensure_ascii=False), "site": f"{settings.PUBLIC_URL}/join/i/",
        "kind": found.kind, "hash": hash_of(template, values), "certificate": json.dumps(dict(certificate)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(QUEUE_INVITATIONS, asked)
        return cursor.rowcount


def erase_old(*, now: datetime) -> int:
    """Erase messages and receipts a year after they were made (DPDP Rules 2025, rule 8(3)). How many messages."""
    before = now - KEEP
    Receipt.objects.filter(received_at__lt=before).delete()
    budgets.erase_spent(now=now)
    Inbound.objects.filter(at__lt=now - KEEP_INBOUND).delete()
    old = Message.objects.filter(created_at__lt=before, receipts=None).exclude(state__in=[State.WAITING, State.SENDING])
    return old.delete()[0]


@transaction.atomic
def cancel(*, actor: Actor, key_prefix: str, now: datetime) -> int:
    """Stop waiting messages of one cause; those a provider has are gone. How many."""
    rows = Message.objects.filter(key__startswith=key_prefix, state=State.WAITING)
    stopped = rows.update(state=State.REFUSED, reason="cancelled")
    if stopped:
        audit.record(actor, "delivery.cancelled", None, data={"messages": stopped})
    return stopped


@transaction.atomic
def cancel_keys(*, actor: Actor, keys: Collection[str]) -> int:
    """Stop the waiting messages of exactly these keys; those a provider has are gone. How many."""
    stopped = Message.objects.filter(key__in=keys, state=State.WAITING).update(state=State.REFUSED, reason="cancelled")
    if stopped:
        audit.record(actor, "delivery.cancelled", None, data={"messages": stopped})
    return stopped
