"""What the worker does for elections."""

from django.utils import timezone
from procrastinate.contrib.django import app

from toli.elections import services
from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick


def close_polls() -> int:
    return services.close_polls(actor=SystemActor(request_id="elections.close_polls"), now=timezone.now())


def announce_silence() -> int:
    actor = SystemActor(request_id="elections.announce_silence")
    return services.announce_silence(actor=actor, now=timezone.now())


@app.task(name="elections.forget_electors", retry=5)
def forget_electors(record_ids: list[int]) -> None:
    """After people.purged."""
    services.forget_electors(record_ids=record_ids)


TICKS = [
    Tick("elections.close_polls", seconds=2.0, run=close_polls),
    Tick("elections.announce_silence", seconds=5.0, run=announce_silence),
]
