"""What the worker does for delivery: codes twice a second, everything else once a second."""

from django.utils import timezone
from procrastinate.contrib.django import app

from toli.delivery import services
from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick


def send_codes() -> int:
    return services.send_codes(now=timezone.now())


def send_due() -> dict[str, int]:
    return services.send_due(now=timezone.now())


def send_posts() -> dict[str, int]:
    return services.send_posts(now=timezone.now())


def watch_keys() -> int:
    return services.watch_keys(now=timezone.now())


def erase_old() -> int:
    return services.erase_old(now=timezone.now())


@app.task(name="delivery.tell_offered", retry=5)
def tell_offered(record_ids: list[int]) -> None:
    """After org.offered."""
    services.tell_offered(record_ids=record_ids, now=timezone.now())


@app.task(name="delivery.tell_breach", retry=5)
def tell_breach(record_ids: list[int]) -> None:
    """After consent.breach_told."""
    services.tell_breach(record_ids=record_ids, now=timezone.now())


@app.task(name="delivery.tell_help_asked", retry=5)
def tell_help_asked(record_ids: list[int]) -> None:
    """After org.help_asked."""
    services.tell_helped(record_ids=record_ids, step="asked", now=timezone.now())


@app.task(name="delivery.tell_help_confirmed", retry=5)
def tell_help_confirmed(record_ids: list[int]) -> None:
    """After org.help_confirmed."""
    services.tell_helped(record_ids=record_ids, step="confirmed", now=timezone.now())


@app.task(name="delivery.tell_help_given", retry=5)
def tell_help_given(record_ids: list[int]) -> None:
    """After org.help_given."""
    services.tell_helped(record_ids=record_ids, step="given", now=timezone.now())


@app.task(name="delivery.tell_help_refused", retry=5)
def tell_help_refused(record_ids: list[int]) -> None:
    """After org.help_refused."""
    services.tell_helped(record_ids=record_ids, step="refused", now=timezone.now())


@app.task(name="delivery.tell_help_cancelled", retry=5)
def tell_help_cancelled(record_ids: list[int]) -> None:
    """After org.help_cancelled."""
    services.tell_helped(record_ids=record_ids, step="cancelled", now=timezone.now())


@app.task(name="delivery.tell_leave_by", retry=5)
def tell_leave_by(record_ids: list[int]) -> None:
    """After elections.silence_nears."""
    services.tell_leave_by(record_ids=record_ids, now=timezone.now())


@app.task(name="delivery.judge_again", retry=5)
def judge_again(record_ids: list[int]) -> None:
    """After the law's windows changed anywhere: everything that waits is asked about once more."""
    services.judge_again(actor=SystemActor(request_id="delivery.judge_again"), now=timezone.now())


TICKS = [
    Tick("delivery.send_codes", seconds=0.5, run=send_codes),
    Tick("delivery.send_due", seconds=1.0, run=send_due),
    Tick("delivery.send_posts", seconds=1.0, run=send_posts),
    Tick("delivery.watch_keys", seconds=60.0, run=watch_keys),
    Tick("delivery.erase_old", seconds=3600.0, run=erase_old),
]
