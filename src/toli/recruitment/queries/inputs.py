"""What a placement of a drive depends on, read in six statements whatever its size: no row becomes an object.

Half a million applications with five wishes take some ten seconds, most of it PostgreSQL's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from toli.kit.dates import local_day
from toli.org import paths
from toli.recruitment.models import Drive, DrivePlace
from toli.recruitment.placement import Inputs, Ints
from toli.recruitment.priorities import GENDERS, Applicants, PlaceRow, Tree, WishRows, changed, columns

# Whoever is placed or offered something already keeps it; who withdrew, left or was erased is not here.
PEOPLE = """
FROM recruitment_application a JOIN people_person p ON p.id = a.person_id
WHERE a.drive_id = {drive} AND a.state = 'submitted' AND p.state = 'active'
  AND NOT EXISTS (SELECT 1 FROM recruitment_placeoffer o WHERE o.application_id = a.id
                  AND o.state IN ('due', 'offered', 'accepted'))
"""
SCORED = """
SELECT a.id, ('x' || left(replace(a.ref::text, '-', ''), 16))::bit(64)::bigint,
       ('x' || right(replace(a.ref::text, '-', ''), 16))::bit(64)::bigint, a.score, a.unit_id, coalesce(a.wing_id, 0),
       CASE p.gender WHEN 'female' THEN 1 WHEN 'male' THEN 2 WHEN 'other' THEN 3 ELSE 0 END,
       CASE WHEN p.birth_year IS NULL THEN 0 ELSE {year} - p.birth_year END, {languages}
""" + PEOPLE + " AND a.score IS NOT NULL ORDER BY a.id"  # fmt: skip
# Who named no wish wishes any place in the unit they applied for.
WISHES = """
SELECT a.id, coalesce(w.rank, 1), coalesce(w.place_id, 0),
       CASE WHEN w.place_id IS NOT NULL THEN 0 ELSE coalesce(w.unit_id, a.unit_id) END, coalesce(w.role_id, 0),
       coalesce(w.wing_id, 0)
FROM recruitment_application a LEFT JOIN recruitment_wish w ON w.application_id = a.id
WHERE a.drive_id = {drive} AND a.state = 'submitted' AND a.score IS NOT NULL ORDER BY a.id, w.rank
"""
assert GENDERS == {"female": 1, "male": 2, "other": 3}


def placement_inputs(drive: Drive, *, changes: Mapping[str, Any], now: datetime) -> tuple[Inputs, dict[str, int]]:
    """The inputs of a placement now, and how many applicants are left out for want of a score."""
    units = _Units(drive)
    places = changed(_places(drive, units), changes)
    languages = sorted({key for place in places for key in place.preferences.get("languages", {})})
    wings = dict(_rows("SELECT key, id FROM org_wing", []))
    tree = Tree(ends=units.ends, above=units.above, wings=wings, languages=languages)
    people = _people(drive, units, languages, now)
    wishes = _wishes(drive, units, people)
    inputs = columns(seed=tie_seed(drive), people=people, wishes=wishes, places=places, tree=tree)
    return inputs, {"unscored": _unscored(drive)}


def tie_seed(drive: Drive) -> str:
    """Known to everybody from the day the drive opened: the seed that was published, or the drive's own ref."""
    return drive.tie_seed or str(drive.ref)


def _unscored(drive: Drive) -> int:
    return int(_rows("SELECT count(*)" + PEOPLE.format(drive="%s") + " AND a.score IS NULL", [drive.pk])[0][0])


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def read_integers(sql: str, parameters: Sequence[Any] | Mapping[str, Any], width: int) -> Ints:
    """The integers of a statement, as rows; read by COPY, ten times faster than as tuples."""
    data = bytearray()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT", parameters) as copy:
        for block in copy:
            data += block
    return np.fromstring(data.decode(), dtype=np.int64, sep=" ").reshape(-1, width)


class _Units:
    """The order of the drive's units, each before all below it."""

    def __init__(self, drive: Drive) -> None:
        lo, hi = paths.subtree(drive.scope.path)
        rows = _rows('SELECT id, path FROM org_unit WHERE path >= %s AND path < %s ORDER BY path COLLATE "C"', [lo, hi])
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        order = {path: at for at, (_id, path) in enumerate(rows)}
        self.above = np.array([order.get(_parent(path), -1) for path in order], dtype=np.int64)
        self.ends = _ends(self.above)
        self.by_id = np.argsort(ids)
        self.ids = ids[self.by_id]

    def at(self, ids: Ints) -> Ints:
        """Positions of these units; -1 for one outside."""
        if not len(self.ids):
            return np.full(len(ids), -1, dtype=np.int64)
        found = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[found] == ids, self.by_id[found], -1)

    def range(self, ids: Ints) -> tuple[Ints, Ints]:
        """[lo, hi) of these units and all below them; empty for one outside."""
        at = self.at(ids)
        return np.maximum(at, 0), np.where(at < 0, 0, self.ends[at] if len(self.ends) else 0)


def _parent(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]


def _ends(above: Ints) -> Ints:
    """Where each subtree ends, from the parents' positions: the last first, so that children are done before."""
    sizes = np.ones(len(above) + 1, dtype=np.int64).tolist()
    for at, parent in zip(range(len(above) - 1, -1, -1), above[::-1].tolist(), strict=True):
        sizes[parent] += sizes[at]
    return np.arange(len(above)) + np.array(sizes[:-1], dtype=np.int64)


TAKEN = """
SELECT place_id, count(*) FROM recruitment_placeoffer
WHERE state IN ('due', 'offered', 'accepted') AND place_id = ANY(%s) GROUP BY place_id
"""


def _places(drive: Drive, units: _Units) -> list[PlaceRow]:
    """Places that are still offered, with the seats that nobody was promised yet."""
    rows = DrivePlace.objects.filter(drive=drive, withdrawn_at=None).order_by("id")
    found = list(rows.values_list(
        "id", "ref", "unit_id", "role_id", "wing_id", "capacity", "min_score", "preferences", "shares"
    ))  # fmt: skip
    taken = dict(_rows(TAKEN, [[row[0] for row in found]]))
    los, his = units.range(np.array([row[2] for row in found], dtype=np.int64))
    return [
        PlaceRow(
            id=row[0], ref=str(row[1]), lo=lo, hi=hi, role=row[3], wing=row[4] or 0,
            capacity=max(0, row[5] - taken.get(row[0], 0)), min_score=row[6] or 0, preferences=row[7], shares=row[8],
        )
        for row, lo, hi in zip(found, los.tolist(), his.tolist(), strict=True)
    ]  # fmt: skip


def _people(drive: Drive, units: _Units, languages: Sequence[str], now: datetime) -> Applicants:
    bits = " + ".join(f"CASE WHEN %s = ANY(p.languages) THEN {1 << nth} ELSE 0 END" for nth in range(len(languages)))
    sql = SCORED.format(year="%s", languages=bits or "0", drive="%s")
    rows = read_integers(sql, [local_day(now).year, *languages, drive.pk], 9)
    ids, high, low, scores, unit, wing, gender, age, spoken = rows.T
    refs = np.ascontiguousarray(np.stack((high, low), axis=1).astype(">i8")).view(np.uint8).reshape(-1, 16)
    return Applicants(
        ids=ids.copy(), refs=refs, scores=scores.copy(), homes=units.at(unit), wings=wing, genders=gender, ages=age,
        languages=spoken,
    )  # fmt: skip


def _wishes(drive: Drive, units: _Units, people: Applicants) -> WishRows:
    """Those of the applicants that were read; somebody who came or went in between is not there."""
    rows = read_integers(WISHES.format(drive="%s"), [drive.pk], 6)
    at = np.searchsorted(people.ids, rows[:, 0])
    known = at < len(people.ids)
    known[known] = people.ids[at[known]] == rows[known, 0]
    rows, at = rows[known], at[known]
    lo, hi = units.range(rows[:, 3])
    return WishRows(
        applicant=at, rank=rows[:, 1], place=rows[:, 2], lo=lo, hi=hi, role=rows[:, 4].copy(), wing=rows[:, 5].copy()
    )
