"""What the worker runs for this room, and when."""

from django.utils import timezone

from toli.kit.ticks import Tick
from toli.warroom import services


def _count_duty() -> int:
    return services.count_duty(now=timezone.now())


TICKS = [Tick("warroom.count_duty", seconds=5, run=_count_duty)]
