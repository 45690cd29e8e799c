"""What the worker runs for this room."""

from django.utils import timezone
from procrastinate.contrib.django import app

from toli.audit.queries import refs_touched
from toli.consent import services
from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick

ACTOR = SystemActor(request_id="consent.jobs")


def _escalate_late() -> int:
    return services.escalate_late(actor=ACTOR, now=timezone.now())


@app.task(name="consent.erase_words", retry=5)
def erase_words(record_ids: list[int]) -> None:
    """After people.purged: this room's part of it, added to the proof."""
    services.erase_words_of(person_refs=refs_touched(record_ids))


TICKS = [Tick("consent.escalate_late", seconds=300, run=_escalate_late)]
