"""Checks a whole forest of units and puts it in order: pure, one pass, no database.

Every row either takes its place below a parent that is known, or is refused with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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

    new: list[UnitRow] = field(default_factory=list)
    same: list[tuple[UnitRow, Known]] = field(default_factory=list)
    refused: list[Reason] = field(default_factory=list)
    top: int | None = None


def plan(
    rows: Sequence[UnitRow], ranks: Mapping[str, int], known: Mapping[str, Known], *, top: int | None = None
) -> Plan:
    """The rows in order of depth. `ranks` gives each level's rank, `known` the units found by code; a new unit
    without anything above it is refused below the rank `top`: a forgotten parent makes no second top of the tree.
    """
    result = Plan(top=top)
    by_key = _by_key(rows, known, result)
    children, queue = _children(by_key, known, result)
    reached = 0
    while queue:
        upper: list[UnitRow] = []
        for row in queue:
            reached += 1
            if _placed(row, ranks, by_key, known, result):
                upper.extend(children.get(row.key, ()))
            else:
                reached += _drop_below(row, children, result)
        queue = upper
    if reached < len(by_key):
        _refuse_cycles(by_key, result)
    return result


def _by_key(rows: Sequence[UnitRow], known: Mapping[str, Known], result: Plan) -> dict[str, UnitRow]:
    """The rows under their keys. A code stated twice is refused the second time: two places, or one pasted twice."""
    by_key: dict[str, UnitRow] = {}
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        if by_key.setdefault(row.key, row) is not row:
            _refuse(result, row, "same_code", row.key)
            continue
        taken = next((code for code in row.codes if seen.setdefault(code, row.key) != row.key), None)
        if taken is not None:
            del by_key[row.key]
            _refuse(result, row, "same_code", ":".join(taken))
    return by_key


def _children(
    by_key: Mapping[str, UnitRow], known: Mapping[str, Known], result: Plan
) -> tuple[dict[str, list[UnitRow]], list[UnitRow]]:
    """Children by the key that must be placed before them, and the rows that wait for nobody."""
    children: dict[str, list[UnitRow]] = {}
    first: list[UnitRow] = []
    for row in by_key.values():
        above = row.parent or row.administrative_parent or row.electoral_parent
        if above in by_key:
            children.setdefault(above, []).append(row)
        else:
            first.append(row)
    return children, first


def _placed(
    row: UnitRow, ranks: Mapping[str, int], by_key: Mapping[str, UnitRow], known: Mapping[str, Known], result: Plan
) -> bool:
    """Puts the row into the plan; False when it was refused."""
    rank = ranks.get(row.level)
    if rank is None:
        return _refuse(result, row, "unknown_level", row.level)
    for parent in (row.parent, row.electoral_parent, row.administrative_parent):
        if not parent:
            continue
        level = by_key[parent].level if parent in by_key else known[parent].level if parent in known else None
        if level is None:
            return _refuse(result, row, "unknown_parent", parent)
        if ranks.get(level, 0) >= rank:
            return _refuse(result, row, "parent_cycle" if parent == row.key else "parent_not_above", parent)
    there = known.get(row.key)
    alone = not (row.parent or row.electoral_parent or row.administrative_parent)
    if there is None and alone and result.top is not None and rank > result.top:
        return _refuse(result, row, "no_parent", row.level)
    if there is None:
        result.new.append(row)
    elif there.level != row.level:
        return _refuse(result, row, "other_level", there.level)
    else:
        result.same.append((row, there))
    return True


def _drop_below(row: UnitRow, children: Mapping[str, list[UnitRow]], result: Plan) -> int:
    """Refuses everything below a refused row; returns how many rows that were."""
    waiting, dropped = list(children.get(row.key, ())), 0
    while waiting:
        child = waiting.pop()
        _refuse(result, child, "parent_refused", row.key)
        waiting.extend(children.get(child.key, ()))
        dropped += 1
    return dropped


def _refuse_cycles(by_key: Mapping[str, UnitRow], result: Plan) -> None:
    settled = {row.key for row in result.new} | {row.key for row, _ in result.same}
    refused = {reason.line for reason in result.refused}
    for row in by_key.values():
        if row.key not in settled and row.line not in refused:
            _refuse(result, row, "parent_cycle", row.parent)


def _refuse(result: Plan, row: UnitRow, code: str, detail: str) -> bool:
    result.refused.append(Reason(row.line, code, detail=detail[:120], cells=(row.level, row.key, row.parent)))
    return False
