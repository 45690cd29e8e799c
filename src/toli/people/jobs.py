"""What the worker runs for this room."""

from django.utils import timezone

from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick
from toli.people import services

ACTOR = SystemActor(request_id="people.jobs")


def _purge_due() -> int:
    return services.purge_due(actor=ACTOR, now=timezone.now())


TICKS = [Tick("people.purge_due", seconds=3600, run=_purge_due)]
