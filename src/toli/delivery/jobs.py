"""What the worker does for delivery: codes twice a second, everything else once a second."""

from django.utils import timezone

from toli.delivery import services
from toli.kit.ticks import Tick


def send_codes() -> int:
    return services.send_codes(now=timezone.now())


def send_due() -> dict[str, int]:
    return services.send_due(now=timezone.now())


TICKS = [
    Tick("delivery.send_codes", seconds=0.5, run=send_codes),
    Tick("delivery.send_due", seconds=1.0, run=send_due),
]
