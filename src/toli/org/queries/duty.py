"""Reads of who is on duty."""

from datetime import datetime

from toli.org.models import Duty


def is_on_duty(person_id: int, *, now: datetime) -> bool:
    """True while a shift of the person runs: on duty overrides quiet hours."""
    return Duty.objects.filter(person_id=person_id, until__gt=now).exists()
