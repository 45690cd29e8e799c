"""What the worker runs for this room, and when."""

from django.utils import timezone

from toli.kit.actor import SystemActor
from toli.kit.ticks import Tick
from toli.org import services
from toli.org.importing import asking, running

ACTOR = SystemActor(request_id="org.jobs")


def _fold() -> int:
    return services.fold_counts()


def _lapse() -> int:
    return services.lapse_offers(actor=ACTOR, now=timezone.now())


def _end_terms() -> int:
    return services.end_terms(actor=ACTOR, now=timezone.now())


def _mark_silent() -> int:
    return services.mark_silent(now=timezone.now())


def _erase_unclaimed() -> int:
    return services.erase_unclaimed(actor=ACTOR, now=timezone.now())


def _find_duplicates() -> int:
    return services.find_duplicates(now=timezone.now())


def _recount() -> int:
    return services.recount(now=timezone.now())


def _snapshot() -> int:
    return services.take_due_snapshot(now=timezone.now())


def _drop_old_snapshots() -> int:
    return services.drop_old_snapshots(now=timezone.now())


def _lapse_help() -> int:
    return services.lapse_help(actor=ACTOR, now=timezone.now())


def _give_waiting() -> int:
    return services.give_waiting(actor=ACTOR, now=timezone.now())


def _apply_due() -> int:
    return services.apply_due(actor=ACTOR, now=timezone.now())


def _carry_on_imports() -> int:
    return running.carry_on()


def _erase_uploads() -> int:
    return asking.erase_due(now=timezone.now())


TICKS = [
    Tick("org.fold_counts", seconds=1, run=_fold),
    Tick("org.lapse_offers", seconds=20, run=_lapse),
    Tick("org.end_terms", seconds=5, run=_end_terms),
    Tick("org.apply_due", seconds=60, run=_apply_due),
    Tick("org.give_waiting", seconds=60, run=_give_waiting),
    Tick("org.lapse_help", seconds=600, run=_lapse_help),
    Tick("org.mark_silent", seconds=600, run=_mark_silent),
    Tick("org.snapshot", seconds=20, run=_snapshot),
    Tick("org.drop_old_snapshots", seconds=3600, run=_drop_old_snapshots),
    Tick("org.erase_unclaimed", seconds=3600, run=_erase_unclaimed),
    Tick("org.find_duplicates", seconds=24 * 3600, run=_find_duplicates),
    Tick("org.recount", seconds=6 * 3600, run=_recount),
    Tick("org.imports", seconds=3, run=_carry_on_imports),
    Tick("org.erase_uploads", seconds=3600, run=_erase_uploads),
]
