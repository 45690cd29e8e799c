"""One person's data for that person or an officer, and the proof of what was erased."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from toli.audit.models import Link, PersonalRead
from toli.audit.queries import ChainCheck, check_chain
from toli.consent.models import Grievance
from toli.consent.queries.gate import ledger_of
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org import queries as org
from toli.org.models import Membership
from toli.people import queries as people
from toli.people.models import Erasure, Hold, Person

READS_SHOWN = 50
OF_GRIEVANCES = "Grievance.text_cipher"


def is_at_the_top(actor: Actor, right: str) -> bool:
    """True when a seat gives the right on a whole tree: the state's desk."""
    return actor.is_system or any(right in g.rights and g.path_lo.count("/") == 1 for g in actor.grants())


def anybody(actor: Actor, right: str) -> QuerySet[Person]:
    """Persons of any state whose home is, or was at last, where the actor has the right."""
    scope = access.visible(actor, right)
    if scope.everywhere:
        return Person.objects.all()
    homes = Membership.objects.filter(person=OuterRef("pk"))
    found = Q(Exists(homes.filter(scope.q("unit__path"))))
    if is_at_the_top(actor, right):
        found |= ~Q(Exists(homes))
    return Person.objects.filter(found)


def get_anybody(*, actor: Actor, ref: UUID, right: str, lock: bool = False) -> Person:
    """A person of any state. Raises NotFound or NeedsSecondFactor."""
    rows = anybody(actor, right).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return found


def get_hold(*, actor: Actor, ref: UUID) -> Hold:
    """A hold, locked. Raises NotFound or NeedsSecondFactor."""
    rows = Hold.objects.select_related("person").select_for_update(of=("self",))
    found = rows.filter(ref=ref, person__in=anybody(actor, "people.hold").values("pk")).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, "people.hold")
    return found


def erasures(actor: Actor, *, state: str = "") -> QuerySet[Person]:
    """Sealed and erased persons, those whose day comes next first."""
    states = [state] if state in ("sealed", "purged") else ["sealed", "purged"]
    return anybody(actor, "people.seal").filter(state__in=states).order_by("-state", "purge_after", "pk")


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of an erasure once everything about the person is gone."""

    ref: UUID
    state: str
    sealed_at: datetime | None
    purge_after: datetime | None
    erasure: Erasure | None
    position: int | None
    """The record's place in the chain; None until it is sealed into it."""
    holds: list[Hold]


def proof_of(person: Person, *, now: datetime) -> Proof:
    erasure = Erasure.objects.filter(person=person).first()
    link = Link.objects.filter(record_id=erasure.record_id).first() if erasure else None
    holds = Hold.objects.filter(person_id__in=person.ids, lifted_at=None, until__gt=now).order_by("until")
    return Proof(
        person.ref, person.state, person.sealed_at, person.purge_after, erasure, link.position if link else None,
        list(holds),
    )  # fmt: skip


def public_proof(ref: UUID, *, now: datetime) -> Proof:
    """The proof for whoever knows the reference: the person. Raises NotFound for anybody not sealed."""
    person = Person.objects.filter(ref=ref, state__in=["sealed", "purged"]).first()
    if person is None:
        raise NotFound()
    return proof_of(person, now=now)


def checked_chain() -> ChainCheck:
    """The whole chain of records, computed again."""
    return check_chain()


def holds_of(person: Person) -> list[Hold]:
    return list(Hold.objects.filter(person_id__in=person.ids).order_by("-pk"))


@dataclass(frozen=True)
class Look:
    """Somebody saw something of a person: which seat, what, why. The seat is empty for the machine itself."""

    at: datetime
    seat: dict[str, str]
    is_number: bool
    is_complaint: bool
    reason: str
    words: str
    times: int = 1


def looks_at(person: Person) -> list[Look]:
    """Who saw this person's number and why, each time, and who saw the name, once a day and seat; newest first."""
    rows = PersonalRead.objects.filter(person_id__in=person.ids).exclude(actor_person_id__in=person.ids)
    numbers = list(rows.filter(columns__contains="ContactPoint.cipher").order_by("-at")[:READS_SHOWN])
    names: dict[Any, list[PersonalRead]] = {}
    for row in rows.exclude(columns__contains="ContactPoint.cipher").order_by("-at")[: READS_SHOWN * 10]:
        names.setdefault((row.at.date(), row.actor_seat_id, row.reason, OF_GRIEVANCES in row.columns), []).append(row)
    grouped = [(group[0], len(group)) for group in names.values()][:READS_SHOWN]
    shown = sorted([*((row, 1) for row in numbers), *grouped], key=lambda pair: pair[0].at, reverse=True)
    seats = org.seat_labels([row.actor_seat_id for row, _n in shown if row.actor_seat_id])
    return [_look(row, times, seats) for row, times in shown]


def _look(row: PersonalRead, times: int, seats: dict[int, dict[str, str]]) -> Look:
    key, _colon, words = row.reason.partition(": ")
    reason = str(people.READ_REASONS.get(key, row.reason))
    is_number = "ContactPoint.cipher" in row.columns
    complaint = OF_GRIEVANCES in row.columns
    return Look(row.at, seats.get(row.actor_seat_id or 0, {}), is_number, complaint, reason, words, times)


def file_of(person: Person, *, own: bool) -> dict[str, Any]:
    """What is held about a person as plain values. What they complained of goes to nobody but them."""
    home = org.home_unit_of(person)
    looks = [
        {"at": look.at, "seat": look.seat, "number": look.is_number, "reason": look.reason, "words": look.words}
        for look in looks_at(person)
        if own or not look.is_complaint
    ]
    found: dict[str, Any] = {
        "person": asdict(people.own_data(person)),
        "home": home.names if home else None,
        "consents": json.loads(proof_of_consents(person.pk)),
        "seats": [
            {
                "unit": a.seat.unit.names, "role": a.seat.role.names, "state": a.state, "offered_at": a.offered_at,
                "from": a.valid_from, "to": a.valid_to,
            }
            for a in org.appointments_of(person.pk)
        ],
        "seen_by_others": looks,
    }  # fmt: skip
    return found | ({"complaints": _complaints(person)} if own else {})


def proof_of_consents(person_id: int) -> str:
    """The person's ledger as JSON text, for the person or the Data Protection Board."""
    rows = [
        {
            "purpose": event.purpose, "given": event.given, "at": event.at.isoformat(), "channel": event.channel,
            "language": event.language, "notice": str(event.notice) if event.notice else None,
        }
        for event in ledger_of(person_id)
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _complaints(person: Person) -> list[dict[str, Any]]:
    rows = Grievance.objects.filter(person_id__in=person.ids).order_by("-filed_at")
    return [
        {
            "receipt": g.receipt, "kind": g.kind, "filed_at": g.filed_at, "state": g.state,
            "words": opened(g.text_cipher, g.text_key_version),
            "answer": opened(g.answer_cipher, g.answer_key_version), "answered_at": g.answered_at,
        }
        for g in rows
    ]  # fmt: skip


def opened(cipher: bytes | memoryview | None, key_version: int | None) -> str:
    """The words of a grievance; empty where they are erased. The caller has checked who reads."""
    if cipher is None or key_version is None:
        return ""
    return secrets.decrypt(cipher, key_version, context="grievance")
