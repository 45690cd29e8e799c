"""What the war room does when silence hours change or begin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from toli.audit import services as audit
from toli.audit.models import Record
from toli.elections import queries as elections
from toli.elections.models import Poll, PollVersion
from toli.kit.actor import Actor
from toli.org import paths
from toli.warroom import queries
from toli.warroom.models import Shift

WEIGHED = "warroom.schedule_weighed"


@transaction.atomic
def weigh_corrections(*, actor: Actor, record_ids: Sequence[int], now: datetime) -> int:
    """Record for each corrected poll what its new row holds back and sets free; how many polls. Twice records once."""
    return sum(_weigh(actor, live, now) for live in elections.live_in_records(record_ids))


def _weigh(actor: Actor, live: PollVersion, now: datetime) -> bool:
    poll = Poll.objects.select_for_update().get(pk=live.poll_id)
    if Record.objects.filter(verb=WEIGHED, target_ref=poll.ref, data__version=live.number).exists():
        return False
    before = poll.versions.filter(state="replaced", number__lt=live.number).order_by("-decided_at", "-number").first()
    old, new = queries.quiet_of(before), queries.quiet_of(live)
    effect = queries.effect_of(live.poll.constituency, old, new, now=now)
    counts = {change: effect.count(change) for change in ("held", "freed", "moved")}
    audit.record(actor, WEIGHED, poll, unit=live.poll.constituency, data={**counts, "version": live.number})
    return True


@transaction.atomic
def end_outsiders_shifts(*, actor: Actor, record_ids: Sequence[int], now: datetime) -> int:
    """End the shifts in a silent seat of those who said that they do not vote there; how many (rule 26).

    One that runs ends when silence began; one inside the silence is taken away; one after the poll stays.
    """
    return sum(_end_shifts(actor, version, now) for version in elections.polls_in_records(record_ids))


def _end_shifts(actor: Actor, version: PollVersion, now: datetime) -> int:
    seat, begins = version.poll.constituency, version.quiet_from
    if begins > now:
        return 0
    lo, hi = paths.subtree(seat.path)
    there = Q(unit__path__gte=lo, unit__path__lt=hi, person_id__in=elections.outsiders(seat.pk))
    shifts = Shift.objects.filter(there, dropped_at=None, starts_at__lt=version.quiet_to, ends_at__gt=begins)
    ended = shifts.filter(starts_at__lt=begins).update(ends_at=begins)
    ended += shifts.filter(starts_at__gte=begins).update(dropped_at=now)
    if ended:
        audit.record(actor, "warroom.outsiders_left", version.poll, unit=seat, data={"shifts": ended})
    return ended
