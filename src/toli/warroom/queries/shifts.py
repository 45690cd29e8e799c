"""Reads of shifts, hand-over notes and flags."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Appointment, Seat, TeamKind, Unit
from toli.org.queries.rows import from_json
from toli.warroom.models import Flag, HandOver, Shift


def roster(*, unit: Unit, start: datetime, end: datetime) -> QuerySet[Shift]:
    """Live shifts of one unit that touch [start, end), by beginning."""
    return (
        Shift.objects.select_related("team_kind")
        .filter(unit=unit, dropped_at=None, starts_at__lt=end, ends_at__gt=start)
        .annotate(seat_number=Subquery(_seats_held().values("seat__number")[:1]))
        .order_by("starts_at", "id")
    )


def duty_of(person_id: int, *, now: datetime) -> QuerySet[Shift]:
    """The person's shifts that run or are still to come, the nearest first."""
    return (
        Shift.objects.select_related("unit", "team_kind")
        .filter(person_id=person_id, dropped_at=None, ends_at__gt=now)
        .order_by("starts_at")
    )


def is_on_duty(person_id: int, *, now: datetime) -> bool:
    """True when a shift of the person runs at this moment."""
    return duty_of(person_id, now=now).filter(Exists(_seats_held()), starts_at__lte=now).exists()


def _seats_held() -> QuerySet[Appointment]:
    """For a shift: the live appointments of its person in its team."""
    return Appointment.objects.filter(
        person=OuterRef("person"), state="accepted", suspended_at=None, seat__closed_at=None,
        seat__unit=OuterRef("unit"), seat__team_kind=OuterRef("team_kind"),
    )  # fmt: skip


def get_shift(*, actor: Actor, ref: UUID, lock: bool = False) -> Shift:
    """A shift of one's own, or one in a unit where the actor makes shifts. Raises NotFound."""
    rows = Shift.objects.select_related("unit__level", "team_kind")
    mine = Q(person_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    rows = rows.filter(mine | access.visible(actor, "warroom.shifts").q("unit__path"), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def teams_of(unit: Unit) -> list[TeamKind]:
    """The kinds of team with an open seat in the unit."""
    seats = Seat.objects.filter(unit=unit, closed_at=None, team_kind=OuterRef("pk"))
    return list(TeamKind.objects.filter(Exists(seats)).order_by("key"))


def own_teams(actor: Actor, unit: Unit) -> list[TeamKind]:
    """The unit's teams in which the actor has accepted a seat: whose shifts they take."""
    return [team for team in teams_of(unit) if actor.person_id in members_of_team(unit=unit, team_kind=team)]


def members_of_team(*, unit: Unit, team_kind: TeamKind) -> list[int]:
    """Person ids of the team's accepted holders, in the order of their seats."""
    return list(
        Appointment.objects.filter(
            seat__unit=unit, seat__team_kind=team_kind, seat__closed_at=None, state="accepted", suspended_at=None,
            handing_over_until=None,
        )
        .order_by("seat__role_id", "seat__number")
        .values_list("person_id", flat=True)
    )  # fmt: skip


def hand_overs(units: Iterable[Unit], *, each: int = 5) -> dict[int, list[HandOver]]:
    """The last notes of each unit, newest first, by unit id."""
    return {
        unit.pk: list(HandOver.objects.select_related("team_kind").filter(unit=unit).order_by("-written_at")[:each])
        for unit in units
    }


def open_flags(*, within: Iterable[str]) -> QuerySet[Flag]:
    """Open flags inside these subtrees (paths), the oldest first."""
    inside = Q(pk__in=[])
    for path in within:
        lo, hi = paths.subtree(path)
        inside |= Q(unit__path__gte=lo, unit__path__lt=hi)
    return Flag.objects.select_related("unit__level").filter(inside, closed_at=None).order_by("raised_at")


def count_flags(unit: Unit) -> int:
    return open_flags(within=[unit.path]).aggregate(n=Count("pk"))["n"]


def get_flag(*, actor: Actor, ref: UUID, right: str, lock: bool = False) -> Flag:
    """The flag, where the actor has `right` on its unit. Raises NotFound."""
    rows = Flag.objects.select_related("unit__level").filter(access.visible(actor, right).q("unit__path"), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


# Units whose team keeps shifts (it had one in the last two days) and has nobody on duty now.
UNCOVERED = """
SELECT u.ref, u.names, max(s.ends_at) FILTER (WHERE s.ends_at <= %(now)s),
       min(s.starts_at) FILTER (WHERE s.starts_at > %(now)s)
FROM warroom_shift s JOIN org_unit u ON u.id = s.unit_id AND u.path >= %(lo)s AND u.path < %(hi)s
WHERE s.dropped_at IS NULL AND s.ends_at > %(now)s - interval '2 days' GROUP BY u.id, u.ref, u.names
HAVING count(*) FILTER (WHERE s.starts_at <= %(now)s AND s.ends_at > %(now)s) = 0
ORDER BY 3 NULLS FIRST LIMIT 30
"""


def uncovered_units(unit: Unit, *, now: datetime) -> list[dict[str, object]]:
    """Units below that keep shifts and have nobody on duty now: ref, names, since, next."""
    lo, hi = paths.subtree(unit.path)
    with connection.cursor() as cursor:
        cursor.execute(UNCOVERED, {"now": now, "lo": lo, "hi": hi})
        return [
            {"ref": ref, "names": from_json(names), "since": since, "next": following}
            for ref, names, since, following in cursor.fetchall()
        ]


def units_with_teams(actor: Actor, *, limit: int = 300) -> list[Unit]:
    """Units down to the constituency that the actor looks after: where rosters are kept."""
    rows = org.units_in_charge(actor, "board.view", ("state", "district", "constituency"))
    seats = Seat.objects.filter(unit=OuterRef("pk"), closed_at=None)
    return list(rows.filter(Exists(seats))[:limit])


def units_with_shifts(actor: Actor, *, now: datetime, limit: int = 40) -> list[Unit]:
    """Units the actor looks after whose team has kept shifts since two days ago."""
    scope = access.visible(actor, "board.view")
    kept = Shift.objects.filter(unit=OuterRef("pk"), dropped_at=None, ends_at__gt=now - timedelta(days=2))
    rows = Unit.objects.select_related("level").filter(scope.q("path"), Exists(kept), active=True)
    return list(rows.order_by("level__rank", "path")[:limit])
