"""Seats of a drive's places that were filled by hand, past the drive, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org import queries as org
from toli.org.models import Appointment, Seat, Unit
from toli.recruitment.models import Drive, DrivePlace, FunnelRow, PastDrive, PastSeat

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


def past_drive(actor: Actor, drive: Drive) -> QuerySet[PastSeat]:
    """Seats of the drive's places that were filled past it, in the actor's charge, as they were last counted.

    Those without a reason come first, then the newest.
    """
    rows = PastSeat.objects.select_related("place__unit", "appointment__seat__role").filter(
        access.visible(actor, "recruitment.view").q("place__unit__path"), drive=drive
    )
    return rows.order_by("-silent", "-offered_at", "-id")


def past_reasons(seats: Sequence[PastSeat]) -> dict[int, str]:
    """The reasons that were given, by id of the appointment."""
    rows = PastDrive.objects.filter(appointment__in=[seat.appointment_id for seat in seats])
    return dict(rows.values_list("appointment_id", "reason"))


@dataclass(frozen=True, slots=True)
class PastOfUnit:
    """How many seats under a unit were filled past a running drive, for how many no reason was given, at that time."""

    drive: Drive
    filled: int
    silent: int
    at: datetime


def past_drives_under(actor: Actor, unit: Unit, *, now: datetime) -> list[PastOfUnit]:
    """Per running drive with such seats; nothing where the actor does not see applicants."""
    if not access.may(actor, "recruitment.view", unit):
        return []
    rows = FunnelRow.objects.select_related("drive__reading").filter(unit=unit, past__gt=0, drive__opens_at__lte=now)
    running = rows.exclude(drive__closes_at__lt=now - PROMISED_FOR).order_by("-drive__opens_at")[:20]
    return [PastOfUnit(row.drive, row.past, row.silent, row.drive.reading.at) for row in running]


def get_past(*, actor: Actor, drive: Drive, ref: UUID) -> tuple[Appointment, DrivePlace]:
    """A seat of the list above, to say why; whoever may offer it says so. Raises NotFound."""
    appointment = org.get_appointment(actor=actor, ref=ref, right="org.offer", lock=True)
    seen = past_drive(actor, drive).filter(appointment=appointment).first()
    if seen is None:
        raise NotFound
    return appointment, seen.place
