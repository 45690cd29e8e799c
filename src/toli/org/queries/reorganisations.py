"""Reads of changes of the tree: which there are, and what one would do before it is done."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import access, paths
from toli.org.models import Change, Reorganisation, Unit
from toli.org.moving import Cycle, Ways
from toli.org.queries.rows import from_json

Texts = dict[str, str]


def reorganisations(actor: Actor) -> QuerySet[Reorganisation]:
    """Changes of the tree inside what I look after, newest first."""
    scope = access.visible(actor, "org.view")
    return Reorganisation.objects.select_related("top__level").filter(scope.q("top__path")).order_by("-id")


def get_reorganisation(*, actor: Actor, ref: UUID, lock: bool = False) -> Reorganisation:
    """One of them. Raises NotFound."""
    rows = reorganisations(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def due_reorganisations(day: datetime.date) -> list[int]:
    """Ids of planned changes whose day has come, oldest day first."""
    rows = Reorganisation.objects.filter(state=Reorganisation.State.PLANNED, on__lte=day)
    return list(rows.order_by("on", "id").values_list("pk", flat=True))


@dataclass(frozen=True)
class Merger:
    """Units that went into others by one change of the tree."""

    ref: UUID
    top: Unit
    stands: bool
    """False once it was undone."""
    into: dict[int, int]
    """Unit id -> id of the unit that stays, also where that one went on into a third."""


def mergers_of(refs: Iterable[UUID]) -> list[Merger]:
    """Those of these changes that merged units, oldest first."""
    rows = Reorganisation.objects.select_related("top").filter(ref__in=list(refs)).order_by("id")
    return [_merger(row) for row in rows if row.undo.get("merged")]


def _merger(row: Reorganisation) -> Merger:
    merged = {int(unit): int(into) for unit, into in row.undo["merged"].items()}
    into = dict(merged)
    for unit in merged:
        while into[unit] in merged:
            into[unit] = merged[into[unit]]
    return Merger(row.ref, row.top, row.state == Reorganisation.State.APPLIED, into)


def planned_for(unit: Unit) -> QuerySet[Reorganisation]:
    """Planned changes that name this unit."""
    return Reorganisation.objects.filter(state=Reorganisation.State.PLANNED, changes__unit=unit).order_by("on")


@dataclass(frozen=True)
class Sight:
    """A seat whose holder will look after other units than before."""

    role: Texts
    unit: Texts
    units: int


@dataclass
class Preview:
    """What a change moves: counts are of live things below the named units."""

    levels: list[tuple[Texts, int]] = field(default_factory=list)
    people: int = 0
    seats: int = 0
    held: int = 0
    created: int = 0
    merged: int = 0
    lose: list[Sight] = field(default_factory=list)
    gain: list[Sight] = field(default_factory=list)
    cycle: Unit | None = None


WHAT_MOVES = """
WITH t AS (SELECT * FROM unnest(%(lo)s::text[], %(hi)s::text[]) AS t(lo, hi))
SELECT v.names, count(*), NULL::bigint, NULL::bigint FROM t
JOIN org_unit u ON u.path >= t.lo COLLATE "C" AND u.path < t.hi COLLATE "C" AND u.active
JOIN org_level v ON v.id = u.level_id GROUP BY v.id
UNION ALL
SELECT NULL, NULL, count(*), NULL FROM t
JOIN org_unit u ON u.path >= t.lo COLLATE "C" AND u.path < t.hi COLLATE "C"
JOIN org_membership m ON m.unit_id = u.id AND m.valid_to IS NULL
UNION ALL
SELECT NULL, NULL, count(DISTINCT s.id), count(DISTINCT a.seat_id) FROM t
JOIN org_unit u ON u.path >= t.lo COLLATE "C" AND u.path < t.hi COLLATE "C"
JOIN org_seat s ON s.unit_id = u.id AND s.closed_at IS NULL
LEFT JOIN org_appointment a ON a.seat_id = s.id AND a.state = 'accepted' AND a.suspended_at IS NULL
"""

WHO_SEES = """
SELECT w.sign, r.names, u.names, count(DISTINCT w.unit_id)
FROM unnest(%(unit)s::bigint[], %(above)s::bigint[], %(sign)s::int[]) AS w(unit_id, above, sign)
CROSS JOIN LATERAL (
    SELECT s.id FROM org_seat s
    WHERE s.unit_id = w.above AND s.closed_at IS NULL
      AND NOT EXISTS (SELECT FROM org_seatcharge c WHERE c.seat_id = s.id)
    UNION SELECT c.seat_id FROM org_seatcharge c WHERE c.unit_id = w.above) AS looks
JOIN org_seat s ON s.id = looks.id AND s.closed_at IS NULL
JOIN org_role r ON r.id = s.role_id
JOIN org_unit u ON u.id = s.unit_id
WHERE EXISTS (SELECT FROM org_appointment a
              WHERE a.seat_id = s.id AND a.state = 'accepted' AND a.suspended_at IS NULL)
GROUP BY w.sign, s.id, r.names, u.names, u.path ORDER BY u.path, s.id LIMIT 400
"""


def preview_of(found: Reorganisation) -> Preview:
    """What it would move now, and whose sight it changes. Reads only; 100,000 units take about half a second."""
    changes = list(found.changes.select_related("unit", "to"))
    seen = Preview(
        created=sum(c.kind == Change.Kind.CREATE for c in changes),
        merged=sum(c.kind == Change.Kind.MERGE for c in changes),
    )
    moving = [c for c in changes if c.kind != Change.Kind.CREATE and c.unit is not None]
    _fill_what_moves(seen, [c.unit.path for c in moving if c.unit])
    try:
        ways = _ways(changes).ways()
    except Cycle as cycle:
        seen.cycle = Unit.objects.filter(pk=cycle.args[0]).first()
        return seen
    _fill_who_sees(seen, [way for way in ways if way[1] > 0])
    return seen


def _ways(changes: Sequence[Change]) -> Ways:
    """New units of the change stand in with ids below zero."""
    new = {c.code: -n for n, c in enumerate(changes, start=1) if c.kind == Change.Kind.CREATE}
    parents: dict[int, int] = {}
    old: dict[int, str] = {}
    for change in changes:
        child = new[change.code] if change.kind == Change.Kind.CREATE else change.unit_id or 0
        parents[child] = change.to_id or new[change.to_new]
        old |= {u.pk: u.path for u in (change.unit, change.to) if u is not None}
    ways = Ways(parents, old)
    for child in parents:
        ways.path(child)
    return ways


def _fill_what_moves(seen: Preview, tops: list[str]) -> None:
    tops.sort()
    outer: list[str] = []
    for path in tops:
        if not outer or not paths.is_within(path, outer[-1]):
            outer.append(path)
    bounds = [paths.subtree(path) for path in outer]
    with connection.cursor() as cursor:
        cursor.execute(WHAT_MOVES, {"lo": [lo for lo, _hi in bounds], "hi": [hi for _lo, hi in bounds]})
        for names, units, first, second in cursor.fetchall():
            if names is not None:
                seen.levels.append((from_json(names), units))
            elif second is None:
                seen.people = first
            else:
                seen.seats, seen.held = first, second


def _fill_who_sees(seen: Preview, ways: Sequence[tuple[int, int, int]]) -> None:
    columns: list[list[Any]] = [list(column) for column in zip(*ways, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(WHO_SEES, dict(zip(("unit", "above", "sign"), columns, strict=True)))
        for sign, role, unit, units in cursor.fetchall():
            (seen.gain if sign > 0 else seen.lose).append(Sight(from_json(role), from_json(unit), units))


def lines_of(found: Reorganisation) -> QuerySet[Change]:
    """The lines in the order they were written."""
    return found.changes.select_related("unit__level", "to__level", "level").order_by("id")


def code_key(code: str) -> str:
    """The key of a new unit inside a change: its code with the scheme, or a name that is not kept as a code."""
    code = code.strip()
    if not code:
        return "new:1"
    return code if ":" in code else f"org:{code}"


def parents_for(actor: Actor, unit: Unit, words: str) -> list[Unit]:
    """Units this one could stand below: of its parent's level where I may shape, found by words or the nearest."""
    parent = Unit.objects.filter(child_links__child=unit, child_links__hierarchy="org", child_links__valid_to=None)
    level = parent.values("level")[:1]
    rows = _targets(actor, words).filter(level__in=level).exclude(pk__in=parent)
    return list(rows[:MOST_TARGETS])


def twins_for(actor: Actor, unit: Unit, words: str) -> list[Unit]:
    """Units this one could be merged into: of its level."""
    return list(_targets(actor, words).filter(level=unit.level).exclude(pk=unit.pk)[:MOST_TARGETS])


MOST_TARGETS = 60


def _targets(actor: Actor, words: str) -> QuerySet[Unit]:
    rows = Unit.objects.select_related("level").filter(access.visible(actor, "org.shape").q("path"), active=True)
    for keys in fold_words(words, unfinished=True):
        rows = rows.filter(tokens__overlap=keys)
    return rows.order_by("path")
