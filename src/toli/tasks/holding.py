"""When the law holds a task back: an appeal in a constituency that is silent is neither given nor shown there."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from toli.elections import queries as elections
from toli.elections.gate import TASK, Channel, Subject, Verdict, may_publish
from toli.elections.windows import Windows
from toli.kit.errors import WrongState
from toli.org import paths
from toli.org.models import Unit
from toli.tasks.models import WORDS, Kind, Task


@dataclass(frozen=True)
class Place:
    """Where a share is read: in one constituency, or in a unit above several."""

    constituency_id: int | None
    covers: frozenset[int] | None = None

    @property
    def channel(self) -> Channel:
        return TASK if self.constituency_id is not None else Channel("task", aimed=False, covers=self.covers)


def places_of(units: Collection[Unit]) -> dict[int, Place]:
    """The place of each unit, by unit id."""
    ids = {i for unit in units for i in paths.ancestors(unit.path)}
    known = set(Unit.objects.filter(pk__in=ids, level__key="constituency").values_list("pk", flat=True))
    found: dict[int, Place] = {}
    for unit in units:
        own = next((i for i in paths.ancestors(unit.path) if i in known), None)
        found[unit.pk] = Place(own) if own is not None else _place_outside(unit)
    return found


def _place_outside(unit: Unit) -> Place:
    """A unit above constituencies covers those below it; one linked to a constituency by election alone lies in it.

    Where no constituency is known, every silent one counts.
    """
    own = elections.constituency_of(unit)
    if own is not None:
        return Place(own.pk)
    return Place(None, frozenset(elections.constituency_ids_for(unit)) or None)


def subject_of(task: Task, windows: Windows, now: datetime) -> Subject:
    """The task as the gate sees it: its kind, its hash, and which silent constituencies its words name."""
    texts = [getattr(task, name) for name in WORDS]
    body = json.dumps([task.kind, *texts], ensure_ascii=False, sort_keys=True)
    words = " ".join(text for each in texts for text in each.values())
    silent = windows.silent_units(now)
    named = frozenset(u for u in silent if any(_names(name, words) for name in windows.names.get(u, {}).values()))
    return Subject(kind=task.kind, hash=hashlib.sha256(body.encode()).hexdigest(), names_units=named)


def _names(name: str, words: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.IGNORECASE)) if name else False


def verdict_for(task: Task, place: Place, *, windows: Windows, now: datetime) -> Verdict:
    """The gate's answer for this task at this place."""
    return may_publish(subject_of(task, windows, now), place.constituency_id, place.channel, now, windows=windows)


def turns_at(task: Task, place: Place, *, windows: Windows, now: datetime) -> datetime | None:
    """When the law next changes for an appeal at this place; None for other work and where nothing is ahead."""
    return windows.next_boundary(place.constituency_id, now) if task.kind == Kind.APPEAL else None


def require_free(task: Task, unit: Unit, *, windows: Windows, now: datetime, language: str) -> None:
    """Raise WrongState with the law's reason while the task is held back at this unit."""
    verdict = verdict_for(task, places_of([unit])[unit.pk], windows=windows, now=now)
    if not verdict:
        raise WrongState(verdict.text(language))


def held_everywhere(task: Task, units: Collection[Unit], *, windows: Windows, now: datetime) -> Verdict | None:
    """The refusal when every one of these places holds the task back; None when it may go to at least one."""
    refused: Verdict | None = None
    for place in set(places_of(units).values()):
        verdict = verdict_for(task, place, windows=windows, now=now)
        if verdict:
            return None
        refused = verdict
    return refused


def silent_ranges(windows: Windows, now: datetime) -> list[tuple[str, str]]:
    """The subtrees [lo, hi) in which appeals rest now."""
    silent = windows.silent_units(now)
    found = Unit.objects.filter(pk__in=silent).exclude(path="").values_list("path", flat=True) if silent else []
    return [paths.subtree(path) for path in found]
