"""What another row of a poll would hold back, and what it would set free, in every room at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from toli.broadcasts import queries as broadcasts
from toli.broadcasts.models import Release
from toli.delivery import queries as delivery
from toli.delivery.queries import Hours, Moved
from toli.elections.models import PollVersion
from toli.org.models import Unit
from toli.tasks import queries as tasks

Change = Literal["held", "freed", "moved"]


@dataclass(frozen=True, slots=True)
class Thing:
    """A release or a task whose hours change: held from then on, free again, or held for other hours."""

    kind: Literal["release", "task"]
    ref: UUID
    names: Mapping[str, str]
    change: Change
    until: datetime
    only_names: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """`messages` wait in the outbox for this constituency; `things` are published or given there."""

    messages: Moved
    things: list[Thing]

    def count(self, change: Change) -> int:
        found: int = getattr(self.messages, change)
        return found + sum(thing.change == change for thing in self.things)

    @property
    def is_empty(self) -> bool:
        return not any(self.count(change) for change in ("held", "freed", "moved"))


def quiet_of(version: PollVersion | None) -> Hours:
    """The hours in which appeals stop by this version; None where its poll does not take place."""
    if version is None or version.status != PollVersion.Status.SCHEDULED:
        return None
    return version.quiet_from, version.quiet_to


def effect_of(unit: Unit, old: Hours, new: Hours, *, now: datetime) -> Effect:
    """What changes for a constituency when silence [from, to) is not `old` but `new`."""
    if old == new:
        return Effect(Moved(), [])
    return Effect(delivery.weigh(unit.pk, old, new, now=now), list(_things(unit, old, new, now)))


def _things(unit: Unit, old: Hours, new: Hours, now: datetime) -> Iterator[Thing]:
    for release, only_names in broadcasts.appeals_over(unit, now=now):
        change = _change(max(release.starts_at, now), release.ends_at, old, new)
        if change is not None:
            yield Thing("release", release.ref, _title(release), change, release.ends_at, only_names)
    for task in tasks.open_appeals_at(unit):
        change = _change(now, max(task.due_at, now), old, new)
        if change is not None:
            yield Thing("task", task.ref, task.title, change, task.due_at)


def _change(starts: datetime, ends: datetime, old: Hours, new: Hours) -> Change | None:
    before, after = _overlap(starts, ends, old), _overlap(starts, ends, new)
    if before == after:
        return None
    return "held" if before is None else "freed" if after is None else "moved"


def _overlap(starts: datetime, ends: datetime, hours: Hours) -> Hours:
    """The part of [starts, ends] in which the law would stop it; None where the two do not meet."""
    if hours is None or starts >= hours[1] or ends < hours[0]:
        return None
    return max(starts, hours[0]), min(ends, hours[1])


def _title(release: Release) -> Mapping[str, str]:
    if release.item is not None:
        return {text.language: text.text for text in release.item.texts.all()}
    return {"hi": release.sheet.title, "en": release.sheet.title} if release.sheet else {}
