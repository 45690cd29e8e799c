"""The funnel of a drive in any unit, as it was last counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Min, Sum

from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Unit
from toli.recruitment.forecast import Forecast, forecast
from toli.recruitment.models import Drive, FunnelReading, FunnelRow

FRESH = timedelta(minutes=15)
MOST_UNITS = 400
MOST_SHORT = 12


@dataclass(frozen=True, slots=True)
class Funnel:
    """One unit's funnel. `grade` as for every figure: how much is verified, and whether it is fresh."""

    unit: Unit
    row: FunnelRow
    grade: str

    @property
    def short(self) -> int:
        """Places for which nobody has applied here yet, if every applicant took one."""
        return max(0, self.row.seats - self.row.applied)


def grade_of(row: FunnelRow, reading: FunnelReading | None, *, now: datetime) -> str:
    """A: at least 90 % verified and less than 15 minutes old; B: 70 %; C: below; D: not known."""
    if reading is None:
        return "D"
    share = row.verified * 100 >= row.applied * 90, row.verified * 100 >= row.applied * 70
    if share[0] and now - reading.at < FRESH:
        return "A"
    return "B" if share[1] else "C"


@dataclass(frozen=True, slots=True)
class StateCounts:
    """Applications by state, and the oldest of the counts they come from; None before the first."""

    waiting: int
    offered: int
    placed: int
    at: datetime | None


def state_counts(actor: Actor, *, unit: Unit | None = None, drive: str = "") -> StateCounts:
    """How many applications in one's charge (or in a unit of it that was fetched, or of one drive) are in a state."""
    tops = [unit] if unit else org.roots(actor, "recruitment.view")
    rows = FunnelRow.objects.filter(unit__in=tops)
    found = (rows.filter(drive__key=drive) if drive else rows).aggregate(
        waiting=Sum("waiting"), offered=Sum("offered"), placed=Sum("accepted"), at=Min("drive__reading__at")
    )
    return StateCounts(found["waiting"] or 0, found["offered"] or 0, found["placed"] or 0, found["at"])


def reading_of(drive: Drive) -> FunnelReading | None:
    return FunnelReading.objects.filter(drive=drive).first()


def funnel_unit(*, actor: Actor, drive: Drive, ref: UUID | None) -> Unit:
    """The unit whose funnel is asked for; without one the highest of the drive in my charge. Raises NotFound."""
    if ref is not None:
        unit = org.get_unit(actor=actor, ref=ref, right="recruitment.view")
        if not paths.is_within(unit.path, drive.scope.path):
            raise NotFound
        return unit
    lo, hi = paths.subtree(drive.scope.path)
    rows = Unit.objects.select_related("level").filter(
        access.visible(actor, "recruitment.view").q("path"), path__gte=lo, path__lt=hi, active=True
    )
    top = rows.order_by("level__rank", "path").first()
    if top is None:
        raise NotFound
    return top


def funnel(drive: Drive, unit: Unit, *, now: datetime) -> Funnel:
    """The funnel of a unit that was fetched as visible."""
    return funnels(drive, [unit], now=now)[0]


def funnels_below(drive: Drive, unit: Unit, *, now: datetime) -> list[Funnel]:
    """The funnels of the unit's children, in the tree's order. Two queries."""
    return funnels(drive, list(org.children_of(unit).select_related("level")[:MOST_UNITS]), now=now)


def funnels(drive: Drive, units: Sequence[Unit], *, now: datetime) -> list[Funnel]:
    reading = reading_of(drive)
    rows = {row.unit_id: row for row in FunnelRow.objects.filter(drive=drive, unit__in=[unit.pk for unit in units])}
    found = [(unit, rows.get(unit.pk) or FunnelRow(drive=drive, unit=unit)) for unit in units]
    return [Funnel(unit, row, grade_of(row, reading, now=now)) for unit, row in found]


@dataclass(frozen=True, slots=True)
class PublicCount:
    """What everybody may see: who proved their number and is entered once, and when that was counted."""

    verified: int
    grade: str
    at: datetime


def public_count(drive: Drive, *, now: datetime) -> PublicCount | None:
    """None before the first count, and below a number that would tell who they are."""
    reading = reading_of(drive)
    row = FunnelRow.objects.filter(drive=drive, unit_id=drive.scope_id).first()
    if reading is None or row is None or row.verified < FEWEST_SHOWN:
        return None
    return PublicCount(row.verified, grade_of(row, reading, now=now), reading.at)


FEWEST_SHOWN = 10

# In the words of the index `recruitment_funnel_short`, from which the first dozen is read.
SHORTEST = """
SELECT r.* FROM recruitment_funnelrow r JOIN org_unit u ON u.id = r.unit_id
WHERE r.drive_id = %s AND r.own_seats > 0 AND r.seats > r.applied AND u.path > %s AND u.path < %s
ORDER BY r.applied - r.seats LIMIT %s
"""


def short_units(drive: Drive, unit: Unit, *, now: datetime) -> list[Funnel]:
    """The units below that offer more places than they have applicants, the shortest first."""
    lo, hi = paths.subtree(unit.path)
    rows = list(FunnelRow.objects.raw(SHORTEST, [drive.pk, lo, hi, MOST_SHORT]))
    units = Unit.objects.select_related("level").in_bulk([row.unit_id for row in rows])
    reading = reading_of(drive)
    return [Funnel(units[row.unit_id], row, grade_of(row, reading, now=now)) for row in rows]


def forecast_of(drive: Drive, whole: FunnelRow, reading: FunnelReading | None, *, now: datetime) -> Forecast | None:
    """Where the drive will stand on its last day; None where it has no last day or too few days are counted."""
    if reading is None or drive.closes_at is None or drive.closes_at <= now:
        return None
    by_day = {date.fromisoformat(day): n for day, n in reading.days.items()}
    last = local_day(drive.closes_at - timedelta(microseconds=1))
    return forecast(by_day, so_far=whole.applied, first=local_day(drive.opens_at), today=local_day(now), last=last)


def funnels_of_unit(*, actor: Actor, unit: Unit, now: datetime) -> list[tuple[Drive, Funnel]]:
    """For a board: every running drive that reaches into the unit, with its funnel there. Empty without the right."""
    if not access.may(actor, "recruitment.view", unit):
        return []
    chain = paths.ancestors(unit.path)
    lo, hi = paths.subtree(unit.path)
    running = Drive.objects.select_related("scope").filter(opens_at__lte=now).exclude(closes_at__lt=now - FINISHED)
    found = running.filter(scope_id__in=chain) | running.filter(scope__path__gte=lo, scope__path__lt=hi)
    return [(drive, funnel(drive, unit, now=now)) for drive in found.order_by("-opens_at")[:MOST_ON_BOARD]]


FINISHED = timedelta(days=30)
MOST_ON_BOARD = 3
