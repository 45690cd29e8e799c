"""What the worker runs for this room: the timetable at the bottom."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from toli.audit import queries as audit
from toli.content import queries, services
from toli.content.daily import ACCOUNTS
from toli.delivery import queries as delivery
from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick

ACTOR = SystemActor(request_id="content.jobs")
AGAIN = RetryStrategy(max_attempts=8, exponential_wait=3)
DRAW_SECONDS = 8.0


@app.task(name="content.note_posts", retry=AGAIN)
def note_posts(record_ids: list[int]) -> int:
    """Follows posts to official accounts: the daily lines whose text they carried have that step done."""
    hashes = delivery.hashes_posted(audit.refs_touched(record_ids))
    items = queries.items_of_lines(hashes)
    return services.report_step(actor=ACTOR, item_ids=items, step=ACCOUNTS, now=timezone.now())


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
