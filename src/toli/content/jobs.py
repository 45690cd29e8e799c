"""What the worker runs for this room: the timetable at the bottom."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from toli.content import services
from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick

ACTOR = SystemActor(request_id="content.jobs")
DRAW_SECONDS = 8.0


def _draw_cards() -> int:
    return services.draw_cards(actor=ACTOR, seconds=DRAW_SECONDS, now=timezone.now())


def _prepare_media() -> bool:
    return services.prepare_next(actor=ACTOR, now=timezone.now())


def _stop_ended_consents() -> int:
    return services.stop_ended_consents(actor=ACTOR, now=timezone.now())


def _sweep_files() -> int:
    return services.sweep_files(older_than=timezone.now() - timedelta(days=1))


TICKS = [
    Tick("content.draw_cards", seconds=3, run=_draw_cards),
    Tick("content.prepare_media", seconds=5, run=_prepare_media),
    Tick("content.stop_ended_consents", seconds=900, run=_stop_ended_consents),
    Tick("content.sweep_files", seconds=24 * 3600, run=_sweep_files),
]
