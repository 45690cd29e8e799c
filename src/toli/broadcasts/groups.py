"""Message groups run by people: how many of which size a place needs, and who belongs in which. Pure."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "groups.toml"


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit with how many members are at home in it itself, and what lies below it."""

    unit_id: int
    own: int
    below: Sequence[Branch] = field(default=())

    @property
    def members(self) -> int:
        return self.own + sum(branch.members for branch in self.below)


@dataclass(frozen=True, slots=True)
class Planned:
    """One group to be made: the units it is for, about how many people, and "part of parts" of one large unit."""

    covers: tuple[int, ...]
    members: int
    part: int = 1
    parts: int = 1


@cache
def _blocks() -> list[dict[str, Any]]:
    return sorted(tomllib.loads(_FILE.read_text(encoding="utf-8"))["sizes"], key=lambda block: block["from"])


def size_of(kind: str, day: date) -> int | None:
    """How many people a group of this kind takes; None where the platform sets no limit."""
    found = [block for block in _blocks() if block["from"] <= day][-1].get(kind)
    return int(found) if found is not None else None


def room_in(kind: str, day: date) -> int | None:
    """How many people a new group of this kind is planned for."""
    size = size_of(kind, day)
    return None if size is None else int(size * [block for block in _blocks() if block["from"] <= day][-1]["fill"])


def split(top: Branch, room: int | None) -> list[Planned]:
    """The groups a place needs, in the order of its tree: neighbours share one while they fit.

    A unit that fits nowhere whole is cut along its own branches; people at home in one unit, into equal parts.
    """
    if room is None or top.members <= room:
        return [Planned((top.unit_id,), top.members)]
    if top.own > room or not top.below:
        alone = _equal_parts(top, room)
        return alone + _pack((), 0, top.below, room)
    return _pack((top.unit_id,), top.own, top.below, room)


def _equal_parts(top: Branch, room: int) -> list[Planned]:
    """Those who are at home in the unit itself, cut evenly."""
    parts = math.ceil(top.own / room)
    sizes = [top.own // parts + (1 if n < top.own % parts else 0) for n in range(parts)]
    return [Planned((top.unit_id,), size, n + 1, parts) for n, size in enumerate(sizes)]


def _pack(units: tuple[int, ...], members: int, branches: Sequence[Branch], room: int) -> list[Planned]:
    """Small neighbours together, after `units`, which have `members` already."""
    found: list[Planned] = []
    for branch in branches:
        if units and members + branch.members > room:
            found.append(Planned(units, members))
            units, members = (), 0
        if branch.members > room:
            found += split(branch, room)
        else:
            units, members = (*units, branch.unit_id), members + branch.members
    return [*found, Planned(units, members)] if units else found


@dataclass(frozen=True, slots=True)
class Covered:
    """What decides who belongs in a group."""

    group_id: int
    kind: str
    covers: frozenset[int]
    part: int
    parts: int


def groups_for(home: Sequence[int], person_id: int, groups: Sequence[Covered]) -> list[int]:
    """Ids of the groups a person belongs in: of each kind those of the nearest unit that has one, and their own part
    of a unit with several. `home` are the units from the root down to the person's own.
    """
    nearest: dict[str, list[Covered]] = {}
    for unit in home:
        for kind in {one.kind for one in groups if unit in one.covers}:
            nearest[kind] = [one for one in groups if one.kind == kind and unit in one.covers]
    return [one.group_id for found in nearest.values() for one in found if person_id % one.parts == one.part - 1]
