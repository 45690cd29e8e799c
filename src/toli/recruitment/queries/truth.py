"""How true the numbers of a drive are: what call-backs say of each unit and each referrer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, QuerySet

from toli.kit.actor import Actor
from toli.org import access, paths
from toli.org.models import Level, Unit
from toli.recruitment.calling import FALSE, Outcome
from toli.recruitment.estimate import Estimate, Tally, combine
from toli.recruitment.models import Application, CallPlan, Drive, JoinLink, Stratum
from toli.recruitment.sampling import TOLERATED

# One row per stratum: tens to some hundreds for a state, whatever the number of applications.
TALLIES = """
SELECT s.unit_id, u.path, s.link_id, s.population, s.size,
       count(c.id) FILTER (WHERE c.outcome = ANY(%(said)s)),
       count(c.id) FILTER (WHERE c.outcome = ANY(%(false)s)),
       count(c.id) FILTER (WHERE c.state = 'given_up' OR c.outcome = 'refused'),
       count(c.id) FILTER (WHERE c.state = 'due')
FROM recruitment_callplan p
JOIN recruitment_stratum s ON s.plan_id = p.id
JOIN org_unit u ON u.id = s.unit_id
LEFT JOIN recruitment_callback c ON c.stratum_id = s.id
WHERE p.drive_id = %(drive)s
GROUP BY s.id, u.path ORDER BY u.path, s.id
"""


class StratumTally(NamedTuple):
    unit_id: int
    path: str
    link_id: int | None
    population: int
    size: int
    answered: int
    false: int
    unreached: int
    due: int

    @property
    def tally(self) -> Tally:
        return Tally(self.population, self.answered, self.false, self.unreached)


@dataclass(frozen=True)
class FalseShare:
    """What stands beside a count: the estimated share of false entries, in percent for people to read.

    `of_path` is the path of the unit it was estimated for, where that is a unit above the one asked about.
    """

    estimate: Estimate
    planned: int
    due: int
    of_path: str = ""

    @property
    def flagged(self) -> bool:
        return self.estimate.is_flagged(TOLERATED)

    @property
    def enough(self) -> bool:
        return self.estimate.is_enough

    @property
    def unclear(self) -> bool:
        return self.estimate.is_unclear

    @cached_property
    def percent(self) -> dict[str, int]:
        """share, low, high, least, most in whole percent; the ends are rounded outward."""
        found = self.estimate
        up = {name: -int(-100 * value // 1) for name, value in (("high", found.high), ("most", found.most))}
        down = {name: int(100 * value) for name, value in (("low", found.low), ("least", found.least))}
        return {"share": round(100 * found.share), **down, **up}


def tallies(drive: Drive) -> list[StratumTally]:
    """Every stratum of the drive's drawings with its answers so far."""
    said = {"drive": drive.pk, "said": [Outcome.YES, *FALSE], "false": list(FALSE)}
    with connection.cursor() as cursor:
        cursor.execute(TALLIES, {k: [str(v) for v in x] if isinstance(x, list) else x for k, x in said.items()})
        return [StratumTally(*row) for row in cursor.fetchall()]


def false_share(drive: Drive, unit: Unit) -> FalseShare | None:
    """The estimate for one unit; None where nobody was drawn. The caller fetched both with the actor's right."""
    return false_shares(drive, [unit]).get(unit.pk)


def false_shares(drive: Drive, units: Iterable[Unit]) -> dict[int, FalseShare]:
    """The estimates of many units by id, in one query. A unit inside a stratum gets that stratum's estimate."""
    found = tallies(drive)
    shares = {unit.pk: _of_unit(found, unit.path) for unit in units} if found else {}
    return {pk: share for pk, share in shares.items() if share is not None}


def _of_unit(found: Sequence[StratumTally], path: str) -> FalseShare | None:
    below = [one for one in found if paths.is_within(one.path, path)]
    if below:
        return _share(below)
    above = [one.path for one in found if paths.is_within(path, one.path)]
    if not above:
        return None
    nearest = max(above, key=len)
    return _share([one for one in found if one.path == nearest], nearest)


def _share(strata: Sequence[StratumTally], of_path: str = "") -> FalseShare:
    planned, due = sum(one.size for one in strata), sum(one.due for one in strata)
    return FalseShare(combine(one.tally for one in strata), planned, due, of_path)


def false_shares_of_links(drive: Drive) -> dict[int, FalseShare]:
    """The estimates of the referrers' links by id: of those through which enough people came to be drawn apart."""
    by_link: dict[int, list[StratumTally]] = {}
    for one in tallies(drive):
        if one.link_id is not None:
            by_link.setdefault(one.link_id, []).append(one)
    return {link: _share(strata) for link, strata in by_link.items()}


def units_drawn(actor: Actor, drive: Drive) -> list[Unit]:
    """The units of the drawings that lie in the actor's charge, in the tree's order."""
    drawn = Stratum.objects.filter(plan__drive=drive).values("unit_id")
    rows = Unit.objects.select_related("level").filter(access.visible(actor, "recruitment.view").q("path"))
    return list(rows.filter(pk__in=drawn).order_by("path"))


def links_drawn(drive: Drive) -> list[tuple[JoinLink, FalseShare]]:
    """The referrers' links that were drawn apart, those with the most false entries first."""
    shares = false_shares_of_links(drive)
    rows = [(link, shares[link.pk]) for link in JoinLink.objects.filter(pk__in=shares)]
    return sorted(rows, key=lambda row: (-row[1].estimate.low, row[0].pk))


def call_plans(drive: Drive) -> QuerySet[CallPlan]:
    """The drawings of a drive, newest first, each with the seed by which anybody can repeat it."""
    return drive.call_plans.order_by("-upto_at")


def not_drawn_yet(drive: Drive) -> int:
    """Applications that came after the last drawing."""
    after: datetime | None = drive.call_plans.aggregate(last=Max("upto_at"))["last"]
    rows = Application.objects.filter(drive=drive).exclude(state=Application.State.WITHDRAWN)
    return rows.filter(submitted_at__gt=after).count() if after else rows.count()


def levels_below(drive: Drive) -> list[Level]:
    """The levels a drawing can be made by: those of the tree below the drive's own, down to the block."""
    rank = drive.scope.level.rank
    rows = Level.objects.filter(rank__gt=rank, key__in=("division", "district", "constituency", "block"))
    return list(rows.order_by("rank"))
