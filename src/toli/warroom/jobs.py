"""What the worker runs for this room, and when."""

from django.utils import timezone
from procrastinate.contrib.django import app

from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick
from toli.warroom import services

ACTOR = SystemActor(request_id="warroom.jobs")


def _count_duty() -> int:
    return services.count_duty(now=timezone.now())


def _erase_words() -> int:
    return services.erase_words(actor=ACTOR, now=timezone.now())


@app.task(name="warroom.weigh_corrections", retry=5)
def weigh_corrections(record_ids: list[int]) -> None:
    """After elections.poll_corrected."""
    services.weigh_corrections(actor=ACTOR, record_ids=record_ids, now=timezone.now())


@app.task(name="warroom.end_outsiders_shifts", retry=5)
def end_outsiders_shifts(record_ids: list[int]) -> None:
    """After elections.silence_began."""
    services.end_outsiders_shifts(actor=ACTOR, record_ids=record_ids, now=timezone.now())


TICKS = [
    Tick("warroom.count_duty", seconds=5, run=_count_duty),
    Tick("warroom.erase_words", seconds=3600, run=_erase_words),
]
