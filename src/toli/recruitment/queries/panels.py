"""Rounds and panels as the desk sees them: what is set up, booked, held, and who still waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.access import Scope
from toli.org.models import Level, Unit
from toli.people.models import Person
from toli.recruitment.models import Drive, Panel, PanelMember, Round, Slot, SlotPlan

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


# Load and waiting per panel, in one pass over the slots of the panels that are shown.
LOADS = """
SELECT p.id, count(s.id) FILTER (WHERE s.closed_at IS NULL AND s.starts_at > %(now)s),
       count(s.id) FILTER (WHERE s.closed_at IS NULL AND s.starts_at > %(now)s AND i.id IS NULL),
       count(i.id) FILTER (WHERE i.state = 'proposed'), count(i.id) FILTER (WHERE i.state = 'confirmed'),
       count(i.id) FILTER (WHERE i.state = 'held'), min(s.starts_at) FILTER (
           WHERE s.closed_at IS NULL AND s.starts_at > %(now)s AND i.id IS NULL),
       avg(extract(epoch FROM s.starts_at - a.submitted_at)) FILTER (WHERE i.id IS NOT NULL) / 86400,
       (SELECT count(*) FROM recruitment_interview n JOIN recruitment_slot t ON t.id = n.slot_id
        WHERE t.panel_id = p.id AND n.state = 'no_show'),
       (SELECT count(*) FROM recruitment_panelmember m WHERE m.panel_id = p.id AND m.until IS NULL)
FROM recruitment_panel p
LEFT JOIN recruitment_slot s ON s.panel_id = p.id
LEFT JOIN recruitment_interview i ON i.slot_id = s.id AND i.state IN ('proposed', 'confirmed', 'held')
LEFT JOIN recruitment_application a ON a.id = i.application_id
WHERE p.id = ANY(%(panels)s) GROUP BY p.id
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a panel has before it and behind it; `wait_days` from the application to the interview, on average."""

    slots: int = 0
    free: int = 0
    proposed: int = 0
    confirmed: int = 0
    held: int = 0
    first_free: datetime | None = None
    wait_days: float | None = None
    missed: int = 0
    members: int = 0

    @property
    def percent(self) -> int | None:
        """Booked of the coming slots."""
        return round(100 * (self.slots - self.free) / self.slots) if self.slots else None


def loads_of(panel_ids: Collection[int], *, now: datetime) -> dict[int, Load]:
    with connection.cursor() as cursor:
        cursor.execute(LOADS, {"panels": list(panel_ids), "now": now})
        return {pk: Load(*rest) for pk, *rest in cursor.fetchall()}


# Applicants of a round in some part of the tree by what became of them.
PROGRESS = """
SELECT coalesce(i.state, 'waiting'), count(*)
FROM recruitment_application a
JOIN org_unit u ON u.id = a.unit_id
JOIN people_person p ON p.id = a.person_id AND p.state = 'active'
LEFT JOIN LATERAL (
    SELECT n.state FROM recruitment_interview n WHERE n.round_id = %s AND n.application_id = a.id
    ORDER BY n.state IN ('proposed', 'confirmed', 'held') DESC, n.id DESC LIMIT 1) i ON true
WHERE a.drive_id = %s AND a.state = 'submitted' AND """


def progress_of(actor: Actor, of: Round) -> dict[str, int]:
    """How many applicants of my charge are in each state of this round; "waiting" have no time yet."""
    condition, bound = access.visible(actor, INTERVIEW).sql("u.path")
    with connection.cursor() as cursor:
        cursor.execute(f"{PROGRESS}{condition} GROUP BY 1", [of.pk, of.drive_id, *bound])
        return dict(cursor.fetchall())


# Who has no time yet, by district; a place without a panel in reach shows here.
GAPS = """
SELECT d.id, count(*), min(a.submitted_at)
FROM recruitment_application a
JOIN org_unit u ON u.id = a.unit_id
JOIN people_person p ON p.id = a.person_id AND p.state = 'active'
JOIN org_level l ON l.key = 'district'
JOIN org_unit d ON d.level_id = l.id AND d.path <> '' AND u.path >= d.path
    AND u.path < left(d.path, -1) || '0'
WHERE a.drive_id = %s AND a.state = 'submitted' AND NOT EXISTS (
    SELECT FROM recruitment_interview n WHERE n.round_id = %s AND n.application_id = a.id
    AND n.state IN ('proposed', 'confirmed', 'held', 'declined')) AND """


def gaps_of(actor: Actor, of: Round) -> list[tuple[Unit, int, datetime]]:
    """(district, how many wait, since when), the most first."""
    condition, bound = access.visible(actor, INTERVIEW).sql("u.path")
    with connection.cursor() as cursor:
        cursor.execute(f"{GAPS}{condition} GROUP BY d.id ORDER BY 2 DESC", [of.drive_id, of.pk, *bound])
        rows = cursor.fetchall()
    units = Unit.objects.in_bulk([pk for pk, _count, _since in rows])
    return [(units[pk], count, since) for pk, count, since in rows]
