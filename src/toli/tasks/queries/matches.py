"""Photos that look alike, for whoever verifies: each only with what they may see of the other share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed, NotFound
from toli.org import access
from toli.tasks.models import Assignment, HandIn, PhotoMatch
from toli.tasks.queries.shares import get_assignment, shares_in_charge, sits_in


@dataclass(frozen=True)
class SeenMatch:
    """A match beside one's own hand-in; `other` is None where the other share is outside one's charge."""

    match: PhotoMatch
    hand_in: HandIn
    other: HandIn | None
    may_judge: bool

    @property
    def is_mirror_of_itself(self) -> bool:
        return self.other is not None and self.other.photo_id == self.hand_in.photo_id


def matches_of(actor: Actor, assignment: Assignment, *, now: datetime) -> list[SeenMatch]:
    """The matches of a share's hand-ins, for who verifies there; nobody else learns of them."""
    if not access.may(actor, "tasks.verify", assignment.unit, assignment.wing_id):
        return []
    rows = PhotoMatch.objects.select_related(
        "hand_in__photo", "earlier__photo", "earlier__assignment__unit__level", "earlier__assignment__task"
    ).filter(hand_in__assignment=assignment)
    rows = rows.order_by("differs", "id")
    visible = _visible(actor, [row.earlier.assignment_id for row in rows], now)
    return [_seen(actor, row, visible) for row in rows]


def _seen(actor: Actor, row: PhotoMatch, visible: set[int]) -> SeenMatch:
    other = row.earlier if row.earlier.assignment_id in visible else None
    touched = {row.hand_in.person_id, row.hand_in.typed_by_id, row.earlier.person_id, row.earlier.typed_by_id}
    return SeenMatch(row, row.hand_in, other, may_judge=other is not None and actor.person_id not in touched)


def _visible(actor: Actor, assignment_ids: Iterable[int], now: datetime) -> set[int]:
    """Of these shares the ones whose hand-ins the actor may see: in their charge, and not a peer's."""
    rows = shares_in_charge(actor).filter(pk__in=list(assignment_ids))
    return {share.pk for share in rows if not _is_peers(actor, share, now)}


def _is_peers(actor: Actor, share: Assignment, now: datetime) -> bool:
    if actor.person_id is None or access.may(actor, "tasks.verify", share.unit, share.wing_id):
        return False
    return sits_in(person_id=actor.person_id, unit_id=share.unit_id, now=now)


def get_photo_match(*, actor: Actor, ref: UUID, now: datetime, lock: bool = False) -> PhotoMatch:
    """The match, for who may verify its share. Raises NotFound, or NotAllowed where they may not see both photos."""
    rows = PhotoMatch.objects.select_related("hand_in__assignment__unit", "earlier__assignment").filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    get_assignment(actor=actor, ref=found.hand_in.assignment.ref, right="tasks.verify")
    if not _visible(actor, [found.earlier.assignment_id], now):
        raise NotAllowed()
    return found
