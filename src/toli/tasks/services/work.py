"""The work on one share: accepted, handed in, verified or returned. The share's row is the lock."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.org import services as org
from toli.people.models import Person
from toli.tasks import holding, photos, queries, rules
from toli.tasks.models import Assignment, HandIn, Photo
from toli.tasks.photos import CleanPhoto
from toli.tasks.services.counting import note_own_act, share_rows

State = Assignment.State


@transaction.atomic
def accept_assignment(*, actor: Actor, ref: UUID, now: datetime) -> Assignment:
    """Take a share of one's own team. Accepting twice answers the same. Raises NotFound or WrongState."""
    assignment = queries.get_my_assignment(actor=actor, ref=ref, now=now, lock=True)
    if assignment.state == State.ACCEPTED and assignment.accepted_by_id == actor.person_id:
        return assignment
    rules.check_acceptable(assignment)
    _require_free(assignment, actor, now)
    assignment.mark_accepted(by=actor, at=now)
    note_own_act(actor, now)
    audit.record(actor, "tasks.accepted", assignment, unit=assignment.unit)
    return assignment


def _require_free(assignment: Assignment, actor: Actor, now: datetime) -> None:
    """Nobody takes up an appeal while silence holds; what was taken up before may still be handed in."""
    windows = queries.current_windows(now)
    holding.require_free(assignment.task, assignment.unit, windows=windows, now=now, language=actor.language)


@transaction.atomic
def hand_in(
    *,
    actor: Actor,
    ref: UUID,
    hand_in_ref: UUID,
    now: datetime,
    number: int | None = None,
    text: str = "",
    photo: CleanPhoto | None = None,
) -> Assignment:
    """Hand in one's own work with the proof asked for. Raises NotFound, BadInput or WrongState.

    `hand_in_ref` is minted by the phone: sent twice, or an hour later from an outbox, the work is taken once.
    """
    assignment = queries.get_my_assignment(actor=actor, ref=ref, now=now, lock=True)
    assert actor.person_id is not None
    if _is_known(hand_in_ref, assignment, actor):
        return assignment
    rules.check_hand_in(assignment, person_id=actor.person_id)
    _hand_in(assignment, hand_in_ref, actor.person_id, actor.person_id, number, text, photo, now)
    note_own_act(actor, now)
    audit.record(actor, "tasks.handed_in", assignment, unit=assignment.unit, data=_without_words(assignment))
    return assignment


@transaction.atomic
def hand_in_for(
    *,
    actor: Actor,
    ref: UUID,
    person_ref: UUID,
    hand_in_ref: UUID,
    now: datetime,
    number: int | None = None,
    text: str = "",
    photo: CleanPhoto | None = None,
) -> Assignment:
    """Hand in what a named person of the team did, for somebody without a phone of their own.

    The work stays that person's, and whoever typed it cannot verify it either. Raises NotFound, NotAllowed, BadInput or
    WrongState.
    """
    assignment = queries.get_assignment(actor=actor, right="tasks.hand_in_for", ref=ref, lock=True)
    if actor.person_id is None:
        raise NotFound()
    if _is_known(hand_in_ref, assignment, actor):
        return assignment
    person = _named_person(assignment, person_ref, now)
    if assignment.state == State.GIVEN:
        rules.check_acceptable(assignment)
        _require_free(assignment, actor, now)
        assignment.accepted_by_id = person.pk
    rules.check_hand_in(assignment, person_id=person.pk)
    _hand_in(assignment, hand_in_ref, person.pk, actor.person_id, number, text, photo, now)
    note_own_act(actor, now)
    speaking = _speaking_for(actor, person)
    audit.record(speaking, "tasks.handed_in", assignment, unit=assignment.unit, data=_without_words(assignment))
    return assignment


def _speaking_for(actor: Actor, person: Person) -> Actor:
    """The same actor, on behalf of somebody: what the record keeps."""
    plain = copy(cast(Any, actor))  # a request's actor is lazy; its copy is the actor itself
    return cast(Actor, replace(plain, on_behalf_of_id=person.pk))


def _is_known(hand_in_ref: UUID, assignment: Assignment, actor: Actor) -> bool:
    """True for a hand-in that arrived before. Raises NotFound for a ref that belongs to another share or person."""
    known = HandIn.objects.filter(ref=hand_in_ref).first()
    if known is None:
        return False
    if (known.assignment_id, known.typed_by_id) != (assignment.pk, actor.person_id):
        raise NotFound()
    return True


def _named_person(assignment: Assignment, person_ref: UUID, now: datetime) -> Person:
    team = queries.team_of(assignment, now=now)
    held = team.filter(person__ref=person_ref).first()
    if held is None:
        raise BadInput(fields={"person": _("Please choose somebody of this team.")})
    return held.person


def _hand_in(
    assignment: Assignment, ref: UUID, person_id: int, typed_by_id: int, number: int | None, text: str,
    photo: CleanPhoto | None, now: datetime,
) -> None:  # fmt: skip
    rules.check_proofs(assignment.task, number=number, text=text, has_photo=photo is not None)
    made = HandIn.objects.create(
        ref=ref, assignment=assignment, person_id=person_id, typed_by_id=typed_by_id, number=number,
        text=text.strip(), photo=_keep(photo, now) if photo else None, at=now,
    )  # fmt: skip
    assignment.mark_handed_in(made)


def _keep(photo: CleanPhoto, now: datetime) -> Photo:
    """The row first: while we hold it, nobody erases the same picture's file."""
    kept, _made = Photo.objects.update_or_create(
        digest=photo.digest,
        defaults={"erased_at": None, "stored_at": now},
        create_defaults={"width": photo.width, "height": photo.height, "size": len(photo.body), "stored_at": now},
    )
    photos.keep_file(photo)
    return kept


def _without_words(assignment: Assignment) -> dict[str, object]:
    """What the record may hold of a hand-in: figures and which proofs there were, never the words or the picture."""
    made = assignment.hand_in
    assert made is not None
    proofs = {"number": made.number is not None, "text": bool(made.text), "photo": made.photo_id is not None}
    return {"number": made.number, "proofs": sorted(name for name, there in proofs.items() if there)}


@transaction.atomic
def verify_assignment(*, actor: Actor, ref: UUID, now: datetime) -> Assignment:
    """Accept work that was handed in. Raises NotFound, NotAllowed or WrongState."""
    assignment = queries.get_assignment(actor=actor, right="tasks.verify", ref=ref, lock=True)
    if assignment.state == State.VERIFIED and assignment.verified_by_id == actor.person_id:
        return assignment  # the same press twice
    rules.check_verifiable(assignment, by=actor)
    assignment.mark_verified(by=actor, at=now)
    org.add_counts(share_rows(assignment, "tasks_done", 1))
    note_own_act(actor, now)
    audit.record(actor, "tasks.verified", assignment, unit=assignment.unit)
    return assignment


@transaction.atomic
def return_assignment(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Assignment:
    """Give handed-in work back with a reason. Raises NotFound, NotAllowed, BadInput or WrongState."""
    assignment = queries.get_assignment(actor=actor, right="tasks.verify", ref=ref, lock=True)
    reason = rules.check_reason(reason)
    rules.check_verifiable(assignment, by=actor)
    mark_returned(assignment, reason=reason, at=now)
    note_own_act(actor, now)
    audit.record(actor, "tasks.returned", assignment, unit=assignment.unit, data={"reason": reason})
    return assignment


def mark_returned(assignment: Assignment, *, reason: str, at: datetime) -> None:
    """Back to whoever did it; where they have left the team meanwhile, to the team, with the reason."""
    assignment.mark_returned(reason=reason, at=at)
    worker = assignment.accepted_by_id
    if worker is not None and not queries.sits_in(person_id=worker, unit_id=assignment.unit_id, now=at):
        assignment.mark_released()


@transaction.atomic
def release_work_of(*, actor: Actor, person_id: int, unit_id: int, now: datetime) -> int:
    """Give the open work of somebody who left or was suspended back to the unit's team; how many shares.

    What is handed in stays handed in, to be verified as before. Whoever still sits in the team keeps their work.
    """
    if queries.sits_in(person_id=person_id, unit_id=unit_id, now=now):
        return 0
    rows = list(
        Assignment.objects.select_for_update()
        .filter(accepted_by_id=person_id, unit_id=unit_id, state__in=[State.ACCEPTED, State.RETURNED], is_work=True)
        .order_by("pk")
    )
    for assignment in rows:
        assignment.mark_released()
    if rows:
        batch = [audit.BatchTarget("tasks.assignment", a.ref, a.unit_id) for a in rows]
        audit.record(actor, "tasks.released", None, unit=rows[0].unit, data={"shares": len(rows)}, batch=batch)
    return len(rows)
