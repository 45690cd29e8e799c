"""What the worker runs for this room, and when."""

from django.utils import timezone

from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick
from toli.warroom import services

ACTOR = SystemActor(request_id="warroom.jobs")


def _count_duty() -> int:
    return services.count_duty(now=timezone.now())


def _erase_words() -> int:
    return services.erase_words(actor=ACTOR, now=timezone.now())


TICKS = [
    Tick("warroom.count_duty", seconds=5, run=_count_duty),
    Tick("warroom.erase_words", seconds=3600, run=_erase_words),
]
