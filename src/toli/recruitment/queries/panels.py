"""Rounds and panels as the desk sees them: what is set up, booked, held, and who still waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.access import Scope
from toli.org.models import Level, Unit
from toli.org.rules import DISTRICT_RANK
from toli.people.models import Person
from toli.recruitment.models import Drive, Panel, PanelMember, Round, RoundRow, Slot, SlotPlan

INTERVIEW = "recruitment.interview"
PANEL_LEVELS = ("state", "division", "district", "constituency", "block")


def rounds_of(actor: Actor) -> QuerySet[Round]:
    """Rounds of the drives that reach into what the actor sets up interviews for, newest drive first."""
    scope = access.visible(actor, INTERVIEW)
    rows = Round.objects.select_related("drive__scope").order_by("-drive__opens_at", "number")
    return rows if scope.everywhere else rows.filter(_reaching(scope))


def _reaching(scope: Scope) -> Q:
    """Drives inside my charge, or whose units hold it."""
    above = {unit for lo, _hi in scope.ranges for unit in paths.ancestors(lo)}
    return scope.q("drive__scope__path") | Q(drive__scope_id__in=above)


def get_round(*, actor: Actor, ref: UUID, lock: bool = False) -> Round:
    """A round whose panels the actor sets up, at least in part. Raises NotFound."""
    rows = rounds_of(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def get_round_in_charge(*, actor: Actor, ref: UUID, lock: bool = False) -> Round:
    """A round of a drive that the actor runs. Raises NotFound."""
    scope = access.visible(actor, "recruitment.manage")
    rows = Round.objects.select_related("drive__scope").filter(scope.q("drive__scope__path"), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def drives_to_interview(actor: Actor) -> list[Drive]:
    """Drives for which the actor may make rounds."""
    scope = access.visible(actor, "recruitment.manage")
    return list(Drive.objects.filter(scope.q("scope__path")).order_by("-opens_at"))


def panels_in_charge(actor: Actor) -> QuerySet[Panel]:
    return Panel.objects.select_related("round__drive", "unit__level").filter(
        access.visible(actor, INTERVIEW).q("unit__path")
    )


def get_panel(*, actor: Actor, ref: UUID, lock: bool = False) -> Panel:
    """A panel in one's charge. Raises NotFound."""
    rows = panels_in_charge(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def panel_units(actor: Actor, of: Round) -> QuerySet[Unit]:
    """Where panels can be set up: units of the drive in my charge, from the state to the block."""
    lo, hi = paths.subtree(of.drive.scope.path)
    rows = Unit.objects.select_related("level").filter(
        access.visible(actor, INTERVIEW).q("path"), path__gte=lo, path__lt=hi, active=True, level__key__in=PANEL_LEVELS
    )
    return rows.order_by("path")


def panel_levels(actor: Actor, of: Round) -> list[Level]:
    """Levels of which there are units where I can set up panels, from the top."""
    return list(Level.objects.filter(units__in=panel_units(actor, of)).distinct().order_by("rank"))


def members_of(panel: Panel) -> list[PanelMember]:
    rows = PanelMember.objects.select_related("person").filter(panel=panel, until=None, person__state="active")
    return list(rows.order_by("since", "id"))


def get_member(*, panel: Panel, person: UUID) -> PanelMember:
    """A live member of the panel, locked. Raises NotFound."""
    rows = PanelMember.objects.select_for_update(of=("self",)).filter(panel=panel, person__ref=person, until=None)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def people_for_panel(actor: Actor, panel: Panel, words: str) -> list[Person]:
    """Persons in my charge whose name answers these words and who are not on the panel."""
    if not words:
        return []
    sitting = PanelMember.objects.filter(panel=panel, until=None).values("person")
    return list(org.search_people(actor, words).exclude(pk__in=sitting)[:20])


def panel_days(panel: Panel, *, now: datetime) -> list[tuple[date, int, int]]:
    """(day, slots, booked) of the panel's days from today on."""
    rows = Slot.objects.filter(panel=panel, closed_at=None, starts_at__gt=now).order_by("starts_at")
    booked = set(rows.filter(interviews__state__in=["proposed", "confirmed", "held"]).values_list("pk", flat=True))
    found: dict[date, list[int]] = {}
    for pk, starts_at in rows.values_list("pk", "starts_at"):
        day = found.setdefault(local_day(starts_at), [0, 0])
        day[0] += 1
        day[1] += pk in booked
    return [(day, slots, taken) for day, (slots, taken) in found.items()]


def last_plan(actor: Actor, of: Round) -> SlotPlan | None:
    """The actor's newest giving-out of times in this round."""
    return SlotPlan.objects.filter(round=of, asked_by_id=actor.person_id).order_by("-id").first()


# The coming times of the panels that are shown, from the index of a panel's times; what lies behind them is counted.
LOADS = """
SELECT p.id, t.slots, t.free, t.first_free, coalesce(r.held, 0), coalesce(r.missed, 0), r.wait_days,
       (SELECT count(*) FROM recruitment_panelmember m WHERE m.panel_id = p.id AND m.until IS NULL)
FROM recruitment_panel p
LEFT JOIN recruitment_panelreading r ON r.panel_id = p.id
CROSS JOIN LATERAL (
    SELECT count(*) AS slots, count(*) FILTER (WHERE i.id IS NULL) AS free,
           min(s.starts_at) FILTER (WHERE i.id IS NULL) AS first_free
    FROM recruitment_slot s
    LEFT JOIN recruitment_interview i ON i.slot_id = s.id AND i.state IN ('proposed', 'confirmed', 'held')
    WHERE s.panel_id = p.id AND s.starts_at > %(now)s AND s.closed_at IS NULL) AS t
WHERE p.id = ANY(%(panels)s)
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a panel has before it, and behind it as it was last counted; `wait_days` from application to interview."""

    slots: int = 0
    free: int = 0
    first_free: datetime | None = None
    held: int = 0
    missed: int = 0
    wait_days: float | None = None
    members: int = 0

    @property
    def percent(self) -> int | None:
        """Booked of the coming slots."""
        return round(100 * (self.slots - self.free) / self.slots) if self.slots else None


def loads_of(panel_ids: Collection[int], *, now: datetime) -> dict[int, Load]:
    with connection.cursor() as cursor:
        cursor.execute(LOADS, {"panels": list(panel_ids), "now": now})
        return {pk: Load(*rest) for pk, *rest in cursor.fetchall()}


def progress_of(actor: Actor, rounds: Sequence[Round]) -> dict[int, dict[str, int]]:
    """How many applicants of my charge are in each state of these rounds, by id; as they were last counted."""
    rows = RoundRow.objects.filter(round__in=rounds, unit__in=org.roots(actor, INTERVIEW))
    return {row.pop("round"): row for row in rows.values("round").annotate(**{name: Sum(name) for name in PROGRESS})}


PROGRESS = ("total", "waiting", "proposed", "confirmed", "held", "no_show", "declined")


def gaps_of(actor: Actor, of: Round) -> list[RoundRow]:
    """Districts of my charge (or what I look after inside one) where people have no time yet, the most first.

    A place without a panel in reach shows here.
    """
    districts = Unit.objects.filter(access.visible(actor, INTERVIEW).q("path"), level__key="district")
    inside = [unit.pk for unit in org.roots(actor, INTERVIEW) if unit.level.rank > DISTRICT_RANK]
    units = [*districts.values_list("pk", flat=True), *inside]
    rows = RoundRow.objects.select_related("unit").filter(round=of, unit__in=units, timeless__gt=0)
    return list(rows.order_by("-timeless", "unit_id"))
