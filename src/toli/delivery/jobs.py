"""What the worker does for delivery: codes twice a second, everything else once a second."""

from django.utils import timezone
from procrastinate.contrib.django import app

from toli.delivery import services
from toli.kit.ticks import Tick


def send_codes() -> int:
    return services.send_codes(now=timezone.now())


def send_due() -> dict[str, int]:
    return services.send_due(now=timezone.now())


def erase_old() -> int:
    return services.erase_old(now=timezone.now())


@app.task(name="delivery.tell_offered", retry=5)
def tell_offered(record_ids: list[int]) -> None:
    """After org.offered."""
    services.tell_offered(record_ids=record_ids, now=timezone.now())


TICKS = [
    Tick("delivery.send_codes", seconds=0.5, run=send_codes),
    Tick("delivery.send_due", seconds=1.0, run=send_due),
    Tick("delivery.erase_old", seconds=3600.0, run=erase_old),
]
