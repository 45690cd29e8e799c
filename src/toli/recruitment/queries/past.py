"""Seats of a drive's places that were filled by hand, past the drive, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Appointment, Seat, Unit
from toli.org.queries.rows import from_json
from toli.recruitment.models import Drive, DrivePlace

PROMISED_FOR = timedelta(days=90)
"""So long after a drive closes its places stay promised to it: for interviews, placement and wait-lists."""


def promised_place(seat: Seat, *, now: datetime) -> DrivePlace | None:
    """The place of a running drive that this seat belongs to; None when it is free to be offered."""
    rows = DrivePlace.objects.select_related("drive").filter(
        unit_id=seat.unit_id, team_kind_id=seat.team_kind_id, role_id=seat.role_id, wing_id=seat.wing_id,
        withdrawn_at=None, drive__opens_at__lte=now,
    )  # fmt: skip
    running = [p for p in rows if p.drive.closes_at is None or now < p.drive.closes_at + PROMISED_FOR]
    return running[0] if running else None


def promised_seats(seats: Sequence[Seat], *, now: datetime) -> set[int]:
    """Ids of those of these seats that a running drive promised to its own placement."""
    places = DrivePlace.objects.filter(
        unit_id__in={seat.unit_id for seat in seats}, withdrawn_at=None, drive__opens_at__lte=now
    ).exclude(drive__closes_at__lte=now - PROMISED_FOR)
    kinds = set(places.values_list("unit_id", "team_kind_id", "role_id", "wing_id"))
    return {seat.pk for seat in seats if (seat.unit_id, seat.team_kind_id, seat.role_id, seat.wing_id) in kinds}


# From the appointments themselves, because a seat may be offered in many ways: what has no offer of the drive, and was
# not offered before it opened, went past it.
PAST = """
SELECT a.ref, a.offered_at, a.state, s.number, r.names, u.names, u.ref, w.reason
FROM recruitment_driveplace p
JOIN recruitment_drive d ON d.id = p.drive_id
JOIN org_unit u ON u.id = p.unit_id
JOIN org_role r ON r.id = p.role_id
JOIN org_seat s ON s.unit_id = p.unit_id AND s.team_kind_id = p.team_kind_id AND s.role_id = p.role_id
    AND s.wing_id IS NOT DISTINCT FROM p.wing_id
JOIN org_appointment a ON a.seat_id = s.id AND a.state IN ('offered', 'accepted') AND NOT a.acting
    AND a.offered_at >= d.opens_at AND (d.closes_at IS NULL OR a.offered_at < d.closes_at + %(promised)s)
LEFT JOIN recruitment_pastdrive w ON w.appointment_id = a.id
WHERE d.id = %(drive)s AND p.withdrawn_at IS NULL
  AND EXISTS (SELECT 1 FROM unnest(%(lo)s::text[], %(hi)s::text[]) AS area(lo, hi)
              WHERE u.path >= area.lo COLLATE "C" AND u.path < area.hi COLLATE "C")
  AND NOT EXISTS (SELECT 1 FROM recruitment_placeoffer o WHERE o.appointment_ref = a.ref)
ORDER BY (w.reason IS NULL) DESC, a.offered_at DESC
"""


@dataclass(frozen=True, slots=True)
class Past:
    """One seat filled past a drive; `reason` empty: none was given yet."""

    ref: UUID
    offered_at: datetime
    state: str
    number: int
    role: dict[str, str]
    unit: dict[str, str]
    unit_ref: UUID
    reason: str


def past_drive(actor: Actor, drive: Drive) -> list[Past]:
    """Seats of the drive's places that were filled past it, in the actor's charge; those without a reason first."""
    return _past(drive, access.visible(actor, "recruitment.view").ranges)


def _past(drive: Drive, ranges: Sequence[tuple[str, str]]) -> list[Past]:
    bounds = {"lo": [lo for lo, _ in ranges], "hi": [hi for _, hi in ranges]}
    values: dict[str, Any] = {**bounds, "drive": drive.pk, "promised": PROMISED_FOR}
    with connection.cursor() as cursor:
        cursor.execute(PAST, values)
        rows = cursor.fetchall()
    return [
        Past(ref, at, state, number, from_json(role), from_json(unit), unit_ref, reason or "")
        for ref, at, state, number, role, unit, unit_ref, reason in rows
    ]


@dataclass(frozen=True, slots=True)
class PastOfUnit:
    """How many seats under a unit were filled past a running drive, and for how many no reason was given."""

    drive: Drive
    filled: int
    silent: int


def past_drives_under(actor: Actor, unit: Unit, *, now: datetime) -> list[PastOfUnit]:
    """Per running drive with such seats; nothing where the actor does not see applicants."""
    if not access.may(actor, "recruitment.view", unit):
        return []
    running = Drive.objects.filter(opens_at__lte=now).exclude(closes_at__lt=now - PROMISED_FOR)
    found = []
    for drive in running.filter(places__isnull=False).distinct().order_by("-opens_at")[:20]:
        rows = _past(drive, [paths.subtree(unit.path)])
        if rows:
            found.append(PastOfUnit(drive, len(rows), sum(1 for row in rows if not row.reason)))
    return found


def get_past(*, actor: Actor, drive: Drive, ref: UUID) -> tuple[Appointment, DrivePlace]:
    """A seat of the list above, to say why; whoever may offer it says so. Raises NotFound."""
    appointment = org.get_appointment(actor=actor, ref=ref, right="org.offer", lock=True)
    seat = appointment.seat
    place = DrivePlace.objects.filter(
        drive=drive, unit_id=seat.unit_id, team_kind_id=seat.team_kind_id, role_id=seat.role_id, wing_id=seat.wing_id
    ).first()
    if place is None or all(row.ref != ref for row in past_drive(actor, drive)):
        raise NotFound
    return appointment, place
