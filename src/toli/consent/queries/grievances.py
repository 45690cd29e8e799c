"""Who sees which complaint. The own chain of whoever complains sees nothing of it, whatever right they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from toli.audit import services as audit
from toli.consent.clocks import Clock
from toli.consent.models import Grievance
from toli.consent.queries.data import OF_GRIEVANCES, is_at_the_top, opened
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org import queries as org
from toli.org.models import Membership
from toli.org.queries.chain import chain_of, reach_of
from toli.people import queries as people
from toli.people.models import Person

RIGHT = "consent.grievances"
State = Grievance.State


def in_charge(actor: Actor) -> QuerySet[Grievance]:
    """Complaints the actor may see, the ones over their term first. Harassment: the state's desk only."""
    me = Person.objects.filter(pk=actor.person_id).first()
    if me is None or not access.visible(actor, RIGHT):
        return Grievance.objects.none()
    homes = Membership.objects.filter(access.visible(actor, RIGHT).q("unit__path"), valid_to=None)
    mine = Q(person__in=homes.values("person_id"))
    if is_at_the_top(actor, RIGHT):
        mine = Q()
    rows = Grievance.objects.select_related("person", "about").filter(mine)
    rows = rows.exclude(person__in=me.ids).exclude(about__in=me.ids).exclude(shut_out__overlap=me.ids)
    harassment = Q(kind=Grievance.Kind.HARASSMENT)
    if not is_at_the_top(actor, RIGHT):
        return rows.exclude(harassment)
    return rows.exclude(harassment & reach_of(me.ids).over("person"))


def get_grievance(*, actor: Actor, ref: UUID, lock: bool = False) -> Grievance:
    """The complaint. Raises NotFound (missing, or not for this officer) or NeedsSecondFactor."""
    rows = in_charge(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, RIGHT)
    return found


def get_own(*, actor: Actor, ref: UUID, lock: bool = False) -> Grievance:
    """One's own complaint. Raises NotFound."""
    me = Person.objects.filter(pk=actor.person_id).first()
    rows = Grievance.objects.filter(ref=ref, person__in=me.ids if me else [])
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Case:
    """A complaint as its page shows it."""

    grievance: Grievance
    words: str
    answer: str
    acknowledge: Clock
    due: Clock
    reporter: tuple[str, str] = ("", "")
    """Name and masked number; empty on the reporter's own page and on a list."""
    about: org.Card | None = None


def case_of(grievance: Grievance, *, now: datetime, words: bool = True) -> Case:
    """With its clocks. The caller has checked who reads."""
    first_look = grievance.acknowledged_at or grievance.answered_at
    done = grievance.closed_at or (grievance.answered_at if not grievance.is_open else None)
    return Case(
        grievance,
        opened(grievance.text_cipher, grievance.text_key_version) if words else "",
        opened(grievance.answer_cipher, grievance.answer_key_version) if words else "",
        Clock(grievance.acknowledge_by, now, first_look),
        Clock(grievance.answer_by, now, done),
    )


def listed(actor: Actor, *, closed: bool) -> QuerySet[Grievance]:
    """What lies with the actor: over its term or opened again first, then by the end of the term."""
    rows = in_charge(actor)
    if not closed:
        rows = rows.filter(state__in=[State.FILED, State.ACKNOWLEDGED, State.REOPENED])
    return rows.order_by(F("escalated_at").asc(nulls_last=True), "answer_by", "pk")


def read_case(*, actor: Actor, ref: UUID, now: datetime) -> Case:
    """What an officer opens: the words and who wrote them; noted, and shown to the reporter. Raises NotFound."""
    grievance = get_grievance(actor=actor, ref=ref)
    audit.note_read(actor, person_id=grievance.person_id, columns=[OF_GRIEVANCES], reason="complaint")
    names = people.names_and_masks(actor, [grievance.person_id], reason="complaint")
    about = org.cards(actor, [grievance.about], reason="complaint") if grievance.about else []
    case = case_of(grievance, now=now)
    return replace(case, reporter=names.get(grievance.person_id, ("", "")), about=about[0] if about else None)


def mine(person: Person, *, now: datetime) -> list[Case]:
    """A person's own complaints, newest first."""
    rows = Grievance.objects.filter(person__in=person.ids).order_by("-filed_at")
    return [case_of(grievance, now=now) for grievance in rows]


@dataclass(frozen=True, slots=True)
class Around:
    """Somebody of one's own chain, to be named in a complaint: a seat, and the first name only."""

    ref: UUID
    seat: dict[str, str]
    given_name: str


def around(person: Person) -> list[Around]:
    """Who may be complained of without typing a name: one's own chain, the nearest first."""
    found = chain_of(person)
    names = people.given_names(found)
    refs = dict(Person.objects.filter(pk__in=found).values_list("pk", "ref"))
    labels = org.seat_labels([a.seat_id for a in found.values()])
    rows = sorted(found.items(), key=lambda item: -item[1].seat.unit.level.rank)
    return [Around(refs[pk], labels[a.seat_id], names.get(pk, "")) for pk, a in rows]


def shut_out_of(person: Person, about: Person | None) -> list[int]:
    """Who must never see a complaint of this person: their chain of this moment, and who it is about."""
    ids = set(chain_of(person))
    if about is not None:
        ids |= set(about.ids)
    merged = Person.objects.filter(merged_into__in=ids).values_list("pk", flat=True)
    return sorted(ids | set(merged))
