"""Every read of consent: the gate `may_contact`, its twin for many people, and what a person sees of themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from toli.consent.models import ConsentEvent, Notice
from toli.consent.purposes import PURPOSES, Purpose
from toli.consent.rules import (
    CHANNEL_CONSENT,
    LEGAL,
    OUTSIDE_APP,
    STOPPABLE,
    ContactVerdict,
    Facts,
    _covers,
    decide,
)
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.people.models import Person

# The newest answer to each purpose, with what else stands for or against a contact.
FACTS = """
SELECT p.id, p.state, p.contact_preference,
       coalesce((SELECT array_agg(e.purpose) FROM (
           SELECT DISTINCT ON (purpose) purpose, given FROM consent_consentevent
           WHERE person_id = ANY(p.id || coalesce(p.merged_from, '{}'))
           ORDER BY purpose, id DESC) e WHERE e.given), '{}'),
       c.id IS NOT NULL,
       EXISTS (SELECT 1 FROM consent_numberstop s WHERE s.index = c.index AND s.lifted_at IS NULL)
FROM people_person p
LEFT JOIN people_contactpoint c ON c.person_id = p.id AND c.kind = 'phone' AND c.valid_to IS NULL
WHERE p.id = ANY(%(people)s)
"""

LATEST = """EXISTS (SELECT 1 FROM (SELECT e.given FROM consent_consentevent e
    WHERE e.person_id = ANY((SELECT m.id || coalesce(m.merged_from, '{{}}') FROM people_person m
        WHERE m.id = {person})::bigint[]) AND e.purpose = %s ORDER BY e.id DESC LIMIT 1) latest WHERE latest.given)"""

ACTIVE = "EXISTS (SELECT 1 FROM people_person a WHERE a.id = {person} AND a.state = 'active')"
ACTIVE_OUTSIDE_APP = """EXISTS (SELECT 1 FROM people_person a
    WHERE a.id = {person} AND a.state = 'active' AND a.contact_preference <> 'app')"""
TO_BE_TOLD = "EXISTS (SELECT 1 FROM people_person a WHERE a.id = {person} AND a.state IN ('active', 'sealed'))"
WITH_NUMBER = """EXISTS (SELECT 1 FROM people_contactpoint c
    WHERE c.person_id = {person} AND c.kind = 'phone' AND c.valid_to IS NULL)"""
NOT_STOPPED = """NOT EXISTS (SELECT 1 FROM people_contactpoint c
    JOIN consent_numberstop s ON s.index = c.index AND s.lifted_at IS NULL
    WHERE c.person_id = {person} AND c.kind = 'phone' AND c.valid_to IS NULL)"""


def may_contact(person_id: int, purpose: str, channel: str, now: datetime) -> ContactVerdict:
    """Whether this person may be contacted for this purpose by this channel (sms, call, email, telegram, app, push)
    now.

    Senders ask at the moment of sending, never at the moment of choosing. `contact_filter` is its twin for many.
    """
    return may_contact_each([person_id], purpose, channel, now)[person_id]


def may_contact_each(
    person_ids: Collection[int], purpose: str, channel: str, now: datetime
) -> dict[int, ContactVerdict]:
    """The same verdict for each of many persons, their facts read in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"people": list(person_ids)})
        found = {row[0]: _facts(*row) for row in cursor.fetchall()}
    nobody = {pk: Facts(pk, active=False, given=frozenset()) for pk in person_ids if pk not in found}
    return {pk: decide(facts, purpose, channel, now) for pk, facts in (found | nobody).items()}


def _facts(person_id: int, state: str, prefers: str, given: list[str], has_number: bool, stopped: bool) -> Facts:
    return Facts(person_id, state == "active", frozenset(given), prefers, stopped, has_number, state == "sealed")


def contact_filter(purpose: str, channel: str, *, person: str = "p.id") -> tuple[str, list[Any]]:
    """The same rule as a SQL condition over the person column `person` (written by us), with bound parameters.

    Use it to choose an audience in one statement; each send still asks `may_contact`.
    """
    if purpose == LEGAL and channel == "sms":
        return "(" + TO_BE_TOLD.format(person=person) + " AND " + WITH_NUMBER.format(person=person) + ")", []
    if purpose not in PURPOSES or not _covers(purpose, channel):
        return "false", []
    needed = [purpose]
    if (extra := CHANNEL_CONSENT.get(channel)) and extra != purpose:
        needed.append(extra)
    parts = [LATEST.format(person=person) for _ in needed]
    parts.append((ACTIVE_OUTSIDE_APP if channel in OUTSIDE_APP else ACTIVE).format(person=person))
    if channel in CHANNEL_CONSENT:
        parts.append(WITH_NUMBER.format(person=person))
    if channel in STOPPABLE:
        parts.append(NOT_STOPPED.format(person=person))
    return "(" + " AND ".join(parts) + ")", list(needed)


def is_stopped(index: bytes) -> bool:
    """True when the number with this blind index said STOP."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM consent_numberstop WHERE index = %s AND lifted_at IS NULL", [index])
        return cursor.fetchone() is not None


def current_notice(key: str = "join") -> Notice:
    """The notice in force. Raises NotFound before one was published."""
    notice = Notice.objects.filter(key=key, replaced_at=None).first()
    if notice is None:
        raise NotFound
    return notice


@dataclass(frozen=True, slots=True)
class MyConsent:
    """One purpose as a person sees it: given or not, since when, on which version of the notice."""

    purpose: Purpose
    given: bool
    at: datetime | None
    notice_version: int | None
    language: str


def my_consents(person_id: int) -> list[MyConsent]:
    """Every purpose with this person's newest answer; a purpose never answered is not given."""
    newest = {event.purpose: event for event in ledger_of(person_id)}
    return [_mine(purpose, newest.get(key)) for key, purpose in PURPOSES.items()]


def _mine(purpose: Purpose, event: ConsentEvent | None) -> MyConsent:
    if event is None:
        return MyConsent(purpose, False, None, None, "")
    version = event.notice.version if event.notice else None
    return MyConsent(purpose, event.given, event.at, version, event.language)


def ledger_of(person_id: int) -> list[ConsentEvent]:
    """The proof: every answer of this person, oldest first, each with the notice it answered."""
    return list(ConsentEvent.objects.select_related("notice").filter(person_id__in=_ids(person_id)).order_by("id"))


def _ids(person_id: int) -> list[int]:
    """The person and the entries joined into theirs: whatever one of them said last is what the person said."""
    person = Person.objects.filter(pk=person_id).first()
    return person.ids if person else []


def has_consent(person_id: int, purpose: str) -> bool:
    """True when the newest answer to this purpose is yes."""
    newest = ConsentEvent.objects.filter(person_id__in=_ids(person_id), purpose=purpose).order_by("-id").first()
    return newest is not None and newest.given


def get_self(*, actor: Actor) -> Person:
    """The person who acts, with their way in. Raises NotFound for anybody who has not joined."""
    person = Person.objects.select_related("holder").filter(pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise NotFound
    return person
