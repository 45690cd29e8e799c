"""Which units of a drive are interviewed first: where no election is on, unless somebody set it otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from toli.org import paths
from toli.org import queries as org
from toli.org.models import Unit
from toli.recruitment.models import Drive, UnitRank
from toli.recruitment.ranking import Ranked, in_order, turn_of_the_rest, turns

MOST_RANKED = 400

# Paths of the constituencies where a poll is announced and not over: the live version of a poll says when it ends.
ELECTIONS_ON = """
SELECT u.path FROM elections_pollversion v
JOIN elections_poll p ON p.id = v.poll_id
JOIN elections_election e ON e.id = p.election_id
JOIN org_unit u ON u.id = p.constituency_id
WHERE v.state = 'live' AND v.status = 'scheduled' AND v.quiet_to > %(now)s
  AND (e.announced_at IS NULL OR e.announced_at <= %(now)s) AND u.path >= %(lo)s AND u.path < %(hi)s
"""


@dataclass(frozen=True, slots=True)
class RankRow:
    """One line of the order, from 1."""

    place: int
    unit: Unit
    ranked: Ranked
    by_hand: UnitRank | None


def paths_with_election(drive: Drive, *, now: datetime) -> list[str]:
    """Where in the drive an election is on at this moment."""
    lo, hi = paths.subtree(drive.scope.path)
    with connection.cursor() as cursor:
        cursor.execute(ELECTIONS_ON, {"now": now, "lo": lo, "hi": hi})
        return [row[0] for row in cursor.fetchall()]


def ranked_units(drive: Drive, *, now: datetime) -> list[RankRow]:
    """The districts of the drive (or what lies right below a smaller scope) in the order of interviews."""
    by_hand = {row.unit_id: row for row in UnitRank.objects.select_related("unit__level").filter(drive=drive)}
    units = {unit.pk: unit for unit in _units(drive)} | {pk: row.unit for pk, row in by_hand.items()}
    voting = paths_with_election(drive, now=now)
    on = {pk for pk, unit in units.items() if any(path.startswith(unit.path) for path in voting)}
    order = in_order(list(units), on, {pk: row.rank for pk, row in by_hand.items()})
    return [RankRow(n, units[one.unit_id], one, by_hand.get(one.unit_id)) for n, one in enumerate(order, start=1)]


@dataclass(frozen=True, slots=True)
class Turns:
    """In which order the applicants of a drive get their times."""

    of_unit: dict[int, int]
    rest: int

    def at(self, path: str) -> int:
        """The turn of somebody who lives at this path: that of the nearest unit above which has one."""
        return next((self.of_unit[unit] for unit in reversed(paths.ancestors(path)) if unit in self.of_unit), self.rest)


def interview_turns(drive: Drive, *, now: datetime) -> Turns:
    """The order of interviews as it counts when times are given: elections of this moment, and ranks set by hand."""
    order = [row.ranked for row in ranked_units(drive, now=now)]
    found = turns(order)
    return Turns(found, turn_of_the_rest(order, found))


def _units(drive: Drive) -> list[Unit]:
    lo, hi = paths.subtree(drive.scope.path)
    rows = Unit.objects.select_related("level").filter(active=True, path__gt=lo, path__lt=hi, level__key="district")
    return list(rows.order_by("path")[:MOST_RANKED]) or list(org.children_of(drive.scope)[:MOST_RANKED])
