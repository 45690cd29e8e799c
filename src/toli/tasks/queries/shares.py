"""Reads of shares, what was handed in for them, and whose work they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Appointment, Unit
from toli.people.models import Person
from toli.tasks.models import Assignment, BulkAct, HandIn, Photo

_WITH = ("task__level", "unit__level", "wing", "given_to", "hand_in__photo")


def shares_in_charge(actor: Actor, right: str = "tasks.view") -> QuerySet[Assignment]:
    """Every share inside the actor's charge."""
    scope = access.visible(actor, right)
    return Assignment.objects.select_related(*_WITH).filter(scope.q("unit__path", "wing_id"))


def get_assignment(*, actor: Actor, ref: UUID, right: str = "tasks.view", lock: bool = False) -> Assignment:
    """The share, when the actor has `right` there. Raises NotFound (missing or not yours alike), NotAllowed
    where the actor may see it but not do this, or NeedsSecondFactor."""
    found = _one(shares_in_charge(actor, right).filter(ref=ref), lock=lock)
    if found is None:
        _refuse_what_is_seen(actor, ref, right)
        raise NotFound()
    access.require_second_factor(actor, right)
    return found


def _refuse_what_is_seen(actor: Actor, ref: UUID, right: str) -> None:
    seen = shares_in_charge(actor).filter(ref=ref).first()
    if seen is not None:
        access.require(actor, right, seen.unit, seen.wing_id)


def _one(rows: QuerySet[Assignment], *, lock: bool) -> Assignment | None:
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def my_assignments(actor: Actor, *, now: datetime) -> QuerySet[Assignment]:
    """Work of the teams I sit in that is free to accept, and what I accepted; what ended stays a while on its page."""
    if actor.person_id is None:
        return Assignment.objects.none()
    mine = Q(accepted_by_id=actor.person_id)
    free = _of_my_teams(actor.person_id, now) & Q(accepted_by=None, state=Assignment.State.GIVEN, task__state="given")
    rows = Assignment.objects.select_related(*_WITH).filter(is_work=True)
    return rows.filter(mine | free).order_by("task__due_at", "id")


def get_my_assignment(*, actor: Actor, ref: UUID, now: datetime, lock: bool = False) -> Assignment:
    """A share of a team I sit in, or one I accepted. Raises NotFound."""
    if actor.person_id is None:
        raise NotFound()
    mine = Q(accepted_by_id=actor.person_id) | _of_my_teams(actor.person_id, now)
    found = _one(Assignment.objects.select_related(*_WITH).filter(mine, ref=ref, is_work=True), lock=lock)
    if found is None:
        raise NotFound()
    return found


def _of_my_teams(person_id: int, now: datetime) -> Q:
    """A task of one wing is for that wing's team; a task of no wing for every team of the unit."""
    found = Q(pk__in=[])
    for held in org.live_appointments_of(person_id, now):
        found |= Q(unit_id=held.seat.unit_id) & (Q(wing=None) | Q(wing_id=held.seat.wing_id))
    return found


def sits_in(*, person_id: int, unit_id: int, now: datetime) -> bool:
    """True while the person holds a live seat in a team of the unit."""
    return org.live_appointments_of(person_id, now).filter(seat__unit_id=unit_id).exists()


def team_of(assignment: Assignment, *, now: datetime) -> QuerySet[Appointment]:
    """Who can do this share: live holders in the unit's team, for choosing on whose behalf work is handed in."""
    rows = Appointment.objects.select_related("person", "seat__role").filter(
        Q(valid_to=None) | Q(valid_to__gt=now), state="accepted", suspended_at=None,
        seat__unit_id=assignment.unit_id, seat__closed_at=None, person__state=Person.State.ACTIVE,
    )  # fmt: skip
    if assignment.wing_id is not None:
        rows = rows.filter(seat__wing_id=assignment.wing_id)
    return rows.order_by("seat__role_id", "seat__number")


def team_choices(actor: Actor, assignment: Assignment, *, now: datetime) -> list[tuple[UUID, str]]:
    """The team by ref and "Booth lead 1: name", for choosing one; that the names were seen is recorded."""
    held = list(team_of(assignment, now=now))
    cards = {card.ref: card.name for card in org.cards(actor, [h.person for h in held], reason="hand in for")}
    tag = actor.language.split("-")[0]
    return [
        (h.person.ref, f"{h.seat.role.names.get(tag) or h.seat.role.key} {h.seat.number}: {cards[h.person.ref]}")
        for h in held
    ]


def parts_of(assignment: Assignment) -> QuerySet[Assignment]:
    """The shares one step below, the least done first."""
    return assignment.parts.select_related(*_WITH).order_by("teams_done", "id")


def first_branching(assignment: Assignment) -> Assignment:
    """The share itself, or the one below it where there is more than one part to look at."""
    parts = list(parts_of(assignment)[:2])
    while len(parts) == 1 and not parts[0].is_work:
        [assignment] = parts
        parts = list(parts_of(assignment)[:2])
    return assignment


def joined_shares(assignment: Assignment) -> QuerySet[Assignment]:
    """The shares whose quantity this one took when their units went into this one."""
    return assignment.joined.select_related("unit").order_by("id")


def path_to(assignment: Assignment, *, below: Assignment) -> list[Assignment]:
    """From `below` (the top of one's charge) down to the share's parent."""
    chain: list[Assignment] = []
    step = assignment
    while step.pk != below.pk and step.parent_id is not None:
        step = Assignment.objects.select_related("unit").get(pk=step.parent_id)
        chain.insert(0, step)
    return chain


def hand_ins_for(actor: Actor, assignment: Assignment, *, now: datetime) -> QuerySet[HandIn]:
    """What was handed in for a share, the newest first; of their peers' nobody sees anything."""
    rows = assignment.hand_ins.select_related("photo").order_by("-id")
    if _is_peer(actor, assignment, now):
        return rows.filter(Q(person_id=actor.person_id) | Q(typed_by_id=actor.person_id))
    return rows


def _is_peer(actor: Actor, assignment: Assignment, now: datetime) -> bool:
    """True for who sits in the same team and does not verify its work."""
    if actor.person_id is None or access.may(actor, "tasks.verify", assignment.unit, assignment.wing_id):
        return False
    return sits_in(person_id=actor.person_id, unit_id=assignment.unit_id, now=now)


def get_hand_in(*, actor: Actor, ref: UUID, now: datetime) -> HandIn:
    """What was handed in, for whoever handed it in, whose work it is, or who may see the share. Raises NotFound."""
    found = HandIn.objects.select_related("photo", "assignment").filter(ref=ref).first()
    if found is None:
        raise NotFound()
    if actor.person_id is not None and actor.person_id in (found.person_id, found.typed_by_id):
        return found
    share = get_assignment(actor=actor, ref=found.assignment.ref)
    if _is_peer(actor, share, now):
        raise NotFound()
    return found


def photo_for(*, actor: Actor, ref: UUID, now: datetime) -> Photo:
    """The photo of a hand-in that is still kept. Raises NotFound."""
    photo = get_hand_in(actor=actor, ref=ref, now=now).photo
    if photo is None or photo.erased_at is not None:
        raise NotFound()
    return photo


def get_bulk_act(*, actor: Actor, ref: UUID, lock: bool = False) -> BulkAct:
    """One's own bulk act. Raises NotFound."""
    rows = BulkAct.objects.filter(ref=ref, by_id=actor.person_id, by__isnull=False)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def common_unit(units: Iterable[Unit]) -> Unit | None:
    """The lowest unit that holds all of these: where the record of a bulk act stands."""
    chains = [paths.ancestors(unit.path) for unit in units]
    shared = [ids[0] for ids in zip(*chains, strict=False) if len(set(ids)) == 1]
    return Unit.objects.filter(pk=shared[-1]).first() if shared else None


def appointments_by_ref(refs: Iterable[UUID]) -> QuerySet[Appointment]:
    """Appointments named by records, for jobs."""
    return Appointment.objects.select_related("seat").filter(ref__in=list(refs))
