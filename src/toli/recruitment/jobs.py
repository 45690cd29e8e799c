"""What follows records of other rooms; `flows.py` says which."""

from django.utils import timezone
from procrastinate.contrib.django import app

from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick
from toli.recruitment import services

ACTOR = SystemActor(request_id="recruitment.jobs")


@app.task(name="recruitment.mark_placed", retry=5)
def mark_placed(record_ids: list[int]) -> None:
    """After org.accepted."""
    services.settle_offers(actor=ACTOR, record_ids=record_ids, placed=True, now=timezone.now())


@app.task(name="recruitment.reopen", retry=5)
def reopen(record_ids: list[int]) -> None:
    """After org.declined, org.offer_lapsed, org.offer_withdrawn."""
    services.settle_offers(actor=ACTOR, record_ids=record_ids, placed=False, now=timezone.now())


@app.task(name="recruitment.withdraw_doubles", retry=5)
def withdraw_doubles(record_ids: list[int]) -> None:
    """After people.merged."""
    services.withdraw_doubles(actor=ACTOR, record_ids=record_ids, now=timezone.now())


@app.task(name="recruitment.restore_doubles", retry=5)
def restore_doubles(record_ids: list[int]) -> None:
    """After people.merge_undone."""
    services.restore_doubles(actor=ACTOR, record_ids=record_ids, now=timezone.now())


@app.task(name="recruitment.withdraw_leavers", retry=5)
def withdraw_leavers(record_ids: list[int]) -> None:
    """After consent.withdrawn, consent.all_withdrawn, people.sealed."""
    services.withdraw_leavers(actor=ACTOR, record_ids=record_ids, now=timezone.now())


def _find_clusters() -> int:
    return services.find_clusters(actor=ACTOR, now=timezone.now())


def _erase_traces() -> int:
    return services.erase_traces(actor=ACTOR, now=timezone.now())


@app.task(name="recruitment.prepare_offers", retry=5)
def prepare_offers(record_ids: list[int]) -> None:
    """After recruitment.run_signed."""
    services.prepare_offers(actor=ACTOR, record_ids=record_ids, now=timezone.now())


@app.task(name="recruitment.look_again", retry=5)
def look_again(record_ids: list[int]) -> None:
    """After org.declined, org.offer_lapsed, org.offer_withdrawn, org.offers_withdrawn, org.ended: a seat is vacant."""
    services.look_again(record_ids=record_ids)


def _move_offers() -> int:
    return services.move_offers(actor=ACTOR, now=timezone.now())


def _count_funnels() -> int:
    return services.count_funnels(now=timezone.now())


def _carry_on_batches() -> int:
    return services.carry_on_batches()


def _send_invitations() -> int:
    return services.send_invitations(now=timezone.now())


def _erase_batch_files() -> int:
    return services.erase_batch_files(now=timezone.now())


@app.task(name="recruitment.cancel_interviews", retry=5)
def cancel_interviews(record_ids: list[int]) -> None:
    """After recruitment.withdrawn."""
    services.cancel_interviews(record_ids=record_ids, now=timezone.now())


@app.task(name="recruitment.erase_words", retry=5)
def erase_words(record_ids: list[int]) -> None:
    """After people.purged: this room's part of it, added to the proof."""
    services.erase_words(record_ids=record_ids)


def _erase_old_words() -> int:
    return services.erase_old_words(actor=ACTOR, now=timezone.now())


def _sweep_files() -> int:
    return services.sweep_files(now=timezone.now())


def _carry_on_plans() -> int:
    return services.carry_on_plans()


def _move_line() -> bool:
    return services.move_line(actor=ACTOR)


def _remind_of_interviews() -> int:
    return services.remind(now=timezone.now())


TICKS = [
    Tick("recruitment.move_line", seconds=1, run=_move_line),
    Tick("recruitment.count_funnels", seconds=15, run=_count_funnels),
    Tick("recruitment.find_clusters", seconds=120, run=_find_clusters),
    Tick("recruitment.erase_traces", seconds=3600, run=_erase_traces),
    Tick("recruitment.move_offers", seconds=2, run=_move_offers),
    Tick("recruitment.batches", seconds=3, run=_carry_on_batches),
    Tick("recruitment.send_invitations", seconds=5, run=_send_invitations),
    Tick("recruitment.erase_batch_files", seconds=3600, run=_erase_batch_files),
    Tick("recruitment.erase_old_words", seconds=3600, run=_erase_old_words),
    Tick("recruitment.sweep_files", seconds=3600, run=_sweep_files),
    Tick("recruitment.give_times", seconds=3, run=_carry_on_plans),
    Tick("recruitment.remind_of_interviews", seconds=120, run=_remind_of_interviews),
]
