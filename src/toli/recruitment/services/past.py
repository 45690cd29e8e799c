"""Why a seat of a running drive's place was filled past the drive."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput
from toli.org.models import Appointment
from toli.people import queries as people
from toli.people.models import Person
from toli.recruitment import queries
from toli.recruitment.models import DrivePlace, PastDrive


def check_reason(reason: str, person: Person) -> str:
    """The reason as it is kept: words about the work. Raises BadInput for none, a number or the person's name."""
    if not reason.strip():
        needed = _("This seat is promised to a running call to join. Please write why it is filled past it.")
        raise BadInput(needed, fields={"reason": needed})
    try:
        return people.check_words(reason, person)
    except BadInput as refusal:
        raise BadInput(refusal.fields["words"], fields={"reason": refusal.fields["words"]}) from None


def note_past(*, actor: Actor, appointment: Appointment, place: DrivePlace, reason: str, now: datetime) -> PastDrive:
    """Keep the reason with the appointment; the caller runs the transaction."""
    past, _made = PastDrive.objects.update_or_create(
        appointment=appointment,
        defaults={"place": place, "reason": reason, "given_by_id": actor.person_id, "given_at": now},
    )
    audit.record(actor, "recruitment.past_drive", appointment, unit=appointment.seat.unit, data={"reason": reason})
    return past


@transaction.atomic
def give_reason(*, actor: Actor, key: str, ref: UUID, reason: str, now: datetime) -> PastDrive:
    """Say why a seat was filled past a drive, after the fact. Raises NotFound or BadInput."""
    drive = queries.get_drive_seen(actor=actor, key=key)
    appointment, place = queries.get_past(actor=actor, drive=drive, ref=ref)
    reason = check_reason(reason, appointment.person)
    return note_past(actor=actor, appointment=appointment, place=place, reason=reason, now=now)
