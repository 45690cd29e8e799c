"""What the worker does for elections."""

from django.utils import timezone

from toli.elections import services
from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick


def close_polls() -> int:
    return services.close_polls(actor=SystemActor(request_id="elections.close_polls"), now=timezone.now())


TICKS = [Tick("elections.close_polls", seconds=2.0, run=close_polls)]
