"""Checks a whole forest of units and puts it in order: pure, no database.

Every row either takes its place below a parent that is known, or is refused with a reason. Rows are named by their
place in the file and read again when their turn comes, so that half a million of them need not be held.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from toli.org.importing.kept import Picked
from toli.org.importing.rows import Reason, UnitRow


class Known(NamedTuple):
    """A unit the database has already."""

    id: int
    level: str
    path: str
    parent_id: int | None = None


@dataclass
class Plan:
    """What is to be written: `new` has every parent before its children; `same` are rows of known units."""

    rows: Sequence[UnitRow]
    top: int | None = None
    new: Picked[UnitRow] = field(init=False)
    same: Picked[UnitRow] = field(init=False)
    by_level: Counter[str] = field(default_factory=Counter)
    """The new ones by level."""
    refused: list[Reason] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.new, self.same = Picked(self.rows, array("I")), Picked(self.rows, array("I"))


def plan(
    rows: Sequence[UnitRow], ranks: Mapping[str, int], known: Mapping[str, Known], *, top: int | None = None
) -> Plan:
    """The rows in order of depth. `ranks` gives each level's rank, `known` the units found by code; a new unit
    without anything above it is refused below the rank `top`: a forgotten parent makes no second top of the tree.
    """
    return _Planner(rows, ranks, known, Plan(rows, top)).run()


@dataclass
class _Planner:
    rows: Sequence[UnitRow]
    ranks: Mapping[str, int]
    known: Mapping[str, Known]
    result: Plan
    places: dict[str, int] = field(default_factory=dict)
    """Where the row of a key stands."""
    levels: list[str] = field(default_factory=list)
    """The level each row states, by its place."""

    def run(self) -> Plan:
        self._find_places()
        children, queue = self._children()
        reached = 0
        while queue:
            upper = array("I")
            for place in queue:
                reached += 1
                row = self.rows[place]
                if self._is_placed(place, row):
                    upper.extend(children.get(row.key, ()))
                else:
                    reached += self._drop_below(row, children)
            queue = upper
        if reached < len(self.places):
            self._refuse_cycles()
        return self.result

    def _find_places(self) -> None:
        """A code stated twice is refused the second time: two places, or one pasted twice."""
        seen: dict[str, str] = {}
        for place, row in enumerate(self.rows):
            self.levels.append(sys.intern(row.level))
            key = row.key
            if self.places.setdefault(key, place) != place:
                self._refuse(row, "same_code", key)
                continue
            codes = (key if (code := f"{scheme}:{value}") == key else code for scheme, value in row.codes)
            taken = next((code for code in codes if seen.setdefault(code, key) != key), None)
            if taken is not None:
                del self.places[key]
                self._refuse(row, "same_code", taken)

    def _standing(self) -> Iterator[tuple[int, UnitRow]]:
        """The rows that hold their key."""
        return ((place, row) for place, row in enumerate(self.rows) if self.places.get(row.key) == place)

    def _children(self) -> tuple[dict[str, array[int]], array[int]]:
        """Children by the key that must be placed before them, and the rows that wait for nobody."""
        children: dict[str, array[int]] = {}
        first = array("I")
        for place, row in self._standing():
            above = row.parent or row.administrative_parent or row.electoral_parent
            if above in self.places:
                children.setdefault(above, array("I")).append(place)
            else:
                first.append(place)
        return children, first

    def _is_placed(self, place: int, row: UnitRow) -> bool:
        """Puts the row into the plan; False when it was refused."""
        rank = self.ranks.get(row.level)
        if rank is None:
            return self._refuse(row, "unknown_level", row.level)
        for parent in (row.parent, row.electoral_parent, row.administrative_parent):
            if not parent:
                continue
            level = self._level_of(parent)
            if level is None:
                return self._refuse(row, "unknown_parent", parent)
            if self.ranks.get(level, 0) >= rank:
                return self._refuse(row, "parent_cycle" if parent == row.key else "parent_not_above", parent)
        there = self.known.get(row.key)
        if there is not None and there.level != row.level:
            return self._refuse(row, "other_level", there.level)
        alone = not (row.parent or row.electoral_parent or row.administrative_parent)
        if there is None and alone and self.result.top is not None and rank > self.result.top:
            return self._refuse(row, "no_parent", row.level)
        (self.result.new if there is None else self.result.same).places.append(place)  # type: ignore[attr-defined]
        self.result.by_level[row.level] += there is None
        return True

    def _level_of(self, key: str) -> str | None:
        if (place := self.places.get(key)) is not None:
            return self.levels[place]
        return self.known[key].level if key in self.known else None

    def _drop_below(self, row: UnitRow, children: Mapping[str, array[int]]) -> int:
        """Refuses everything below a refused row; returns how many rows that were."""
        waiting, dropped = list(children.get(row.key, ())), 0
        while waiting:
            child = self.rows[waiting.pop()]
            self._refuse(child, "parent_refused", row.key)
            waiting.extend(children.get(child.key, ()))
            dropped += 1
        return dropped

    def _refuse_cycles(self) -> None:
        settled = {*self.result.new.places, *self.result.same.places}
        refused = {reason.line for reason in self.result.refused}
        for place, row in self._standing():
            if place not in settled and row.line not in refused:
                self._refuse(row, "parent_cycle", row.parent)

    def _refuse(self, row: UnitRow, code: str, detail: str) -> bool:
        cells = (row.level, row.key, row.parent)
        self.result.refused.append(Reason(row.line, code, detail=detail[:120], cells=cells))
        return False
