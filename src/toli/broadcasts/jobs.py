"""What the worker runs for this room, and when."""

from datetime import timedelta

from django.utils import timezone

from toli.broadcasts import services
from toli.kit.ticks import Tick


def _build() -> int:
    return services.build_documents(now=timezone.now())


def _count() -> int:
    return services.count_receipts()


def _visits() -> int:
    return services.count_visits(now=timezone.now())


def _forget() -> int:
    return services.forget_sightings(before=timezone.now() - timedelta(days=3))


def _send() -> int:
    return services.send_broadcasts(now=timezone.now())


def _forget_recipients() -> int:
    return services.forget_recipients(before=timezone.now() - timedelta(days=366))


TICKS = [
    Tick("broadcasts.build_documents", seconds=1, run=_build),
    Tick("broadcasts.count_receipts", seconds=2, run=_count),
    Tick("broadcasts.count_visits", seconds=30, run=_visits),
    Tick("broadcasts.forget_sightings", seconds=3600, run=_forget),
    Tick("broadcasts.send_broadcasts", seconds=1, run=_send),
    Tick("broadcasts.forget_recipients", seconds=3600, run=_forget_recipients),
]
