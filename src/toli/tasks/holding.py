"""When the law holds a task back: an appeal in a constituency that is silent is neither given nor shown there."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from datetime import datetime

from toli.elections import queries as elections
from toli.elections.gate import TASK, Subject, Verdict, may_publish
from toli.elections.windows import Windows
from toli.kit.errors import WrongState
from toli.org import paths
from toli.org.models import Unit
from toli.tasks.models import WORDS, Kind, Task


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


def verdict_for(task: Task, place: elections.Place, *, windows: Windows, now: datetime) -> Verdict:
    """The gate's answer for this task at this place."""
    subject, way = subject_of(task, windows, now), place.channel(TASK.key)
    return may_publish(subject, place.constituency_id, way, now, windows=windows)


def turns_at(task: Task, place: elections.Place, *, windows: Windows, now: datetime) -> datetime | None:
    """When the law next changes for an appeal at this place; None for other work and where nothing is ahead."""
    return windows.next_boundary(place.constituency_id, now) if task.kind == Kind.APPEAL else None


def require_free(task: Task, unit: Unit, *, windows: Windows, now: datetime, language: str) -> None:
    """Raise WrongState with the law's reason while the task is held back at this unit."""
    verdict = verdict_for(task, elections.places_of([unit])[unit.pk], windows=windows, now=now)
    if not verdict:
        raise WrongState(verdict.text(language))


def held_everywhere(task: Task, units: Collection[Unit], *, windows: Windows, now: datetime) -> Verdict | None:
    """The refusal when every one of these places holds the task back; None when it may go to at least one."""
    refused: Verdict | None = None
    for place in set(elections.places_of(units).values()):
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
