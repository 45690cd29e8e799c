"""Polls for the desk: what comes next where, every version, what is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, Prefetch, Q

from toli.elections.models import Election, ElectionVersion, ExitPollWindow, Poll, PollVersion, State
from toli.elections.queries.places import constituency_ids_for
from toli.kit.actor import Actor
from toli.kit.dates import local_at
from toli.kit.errors import NotFound
from toli.org import access
from toli.org.models import Unit


def elections_on(unit: Unit, *, now: datetime) -> list[Election]:
    """Elections with a poll ahead in any constituency of this unit, soonest first. Interviews wait where one is on."""
    ahead = Poll.objects.filter(
        constituency_id__in=constituency_ids_for(unit),
        versions__state=PollVersion.State.LIVE,
        versions__status=PollVersion.Status.SCHEDULED,
        versions__quiet_to__gt=now,
    )
    rows = Election.objects.filter(polls__in=ahead).annotate(last=Max("polls__versions__quiet_to"))
    return list(rows.order_by("last", "id").distinct())


def live_version(poll: Poll) -> PollVersion | None:
    return poll.versions.filter(state=PollVersion.State.LIVE).first()


def polls_closed_by(now: datetime) -> list[Poll]:
    """Polls that are over and whose seats and norms are still open."""
    over = PollVersion.objects.filter(
        state=PollVersion.State.LIVE, status=PollVersion.Status.SCHEDULED, quiet_to__lte=now, poll__closed_at=None
    )
    return [version.poll for version in over.select_related("poll__constituency__level")]


def occasion_of_repoll(election: Election, constituency: Unit, day: date) -> int:
    """Which poll of this election a repetition on this day is: the one known for that day, else the next number."""
    rows = Poll.objects.filter(election=election, constituency=constituency)
    same = rows.filter(occasion__gt=1, versions__state="live", versions__poll_on=day).first()
    return same.occasion if same else max(rows.aggregate(n=Max("occasion"))["n"] or 1, 1) + 1


def poll_ends_at(poll: Poll) -> datetime | None:
    """When this poll is surely over: what a norm "until the poll closes" ends at. None while it is put off."""
    version = live_version(poll)
    return version.quiet_to if version and version.status == PollVersion.Status.SCHEDULED else None


@dataclass(frozen=True, slots=True)
class Clock:
    """What comes next for a poll, and when: a line like "silence begins in 3 h 12 min"."""

    key: str
    at: datetime | None


def clock_of(version: PollVersion | None, *, now: datetime) -> Clock:
    """The next thing the law does here: begins, ends, over, off."""
    return clocks_of(version, now=now)[0]


def clocks_of(version: PollVersion | None, *, now: datetime) -> list[Clock]:
    """The next thing the law does here, then when the poll opens (or closes, while it is open), where that is known."""
    if version is None or version.status != PollVersion.Status.SCHEDULED:
        return [Clock("off" if version is None else str(version.status), None)]
    begins, ends = version.quiet_from, version.quiet_to
    if now >= ends:
        return [Clock("over", ends)]
    prefix = "silence" if version.quiet_kind == "silence" else "block"
    law = Clock(f"{prefix}_ends", ends) if now >= begins else Clock(f"{prefix}_begins", begins)
    return [law, *_poll_clock(version, now)]


def _poll_clock(version: PollVersion, now: datetime) -> list[Clock]:
    if version.opens is None:
        return []
    opens = local_at(version.poll_on, version.opens)
    if now < opens:
        return [Clock("poll_opens", opens)]
    closes = local_at(version.poll_on, version.closes[0]) if version.closes else None
    return [Clock("poll_closes", closes)] if closes is not None and now < closes else []


@dataclass(frozen=True, slots=True)
class UnitClock:
    """One poll of a constituency with its clocks, as a page shows it."""

    poll: Poll
    version: PollVersion
    clocks: list[Clock]


def clocks_at(unit_ids: Iterable[int], *, now: datetime) -> dict[int, UnitClock]:
    """The next poll of each of these constituencies, by unit id; nothing where none lies ahead (or ended today)."""
    rows = PollVersion.objects.filter(
        poll__constituency_id__in=list(unit_ids), state=PollVersion.State.LIVE, quiet_to__gt=now - timedelta(hours=12)
    ).select_related("poll__election", "poll__constituency__level")
    found: dict[int, UnitClock] = {}
    for version in sorted(rows, key=lambda row: (row.status != "scheduled", row.quiet_to <= now, row.quiet_to)):
        found.setdefault(version.poll.constituency_id, UnitClock(version.poll, version, clocks_of(version, now=now)))
    return found


@dataclass(frozen=True, slots=True)
class PollLine:
    """One poll as the desk shows it."""

    poll: Poll
    live: PollVersion | None
    proposed: PollVersion | None
    clock: Clock
    may_correct: bool


def poll_lines(actor: Actor, *, now: datetime, past: bool = False) -> list[PollLine]:
    """The polls where the actor may see them, the next boundary first; those over a day ago when `past`."""
    seen = access.visible(actor, "elections.view").q("constituency__path")
    rows = Poll.objects.filter(seen).select_related("election", "constituency__level").prefetch_related(_standing())
    lines = [_line(actor, poll, now) for poll in rows]
    shown = [line for line in lines if _is_past(line, now) == past]
    return sorted(shown, key=lambda line: (line.clock.at is None, line.clock.at or now, line.poll.pk))


def _standing() -> Prefetch:
    standing = PollVersion.objects.filter(state__in=[PollVersion.State.LIVE, PollVersion.State.PROPOSED])
    return Prefetch("versions", queryset=standing, to_attr="standing")


def _line(actor: Actor, poll: Poll, now: datetime) -> PollLine:
    standing: list[PollVersion] = poll.standing  # type: ignore[attr-defined]
    live = next((version for version in standing if version.state == PollVersion.State.LIVE), None)
    proposed = next((version for version in standing if version.state == PollVersion.State.PROPOSED), None)
    may = access.may(actor, "elections.correct", poll.constituency)
    return PollLine(poll, live, proposed, clock_of(live, now=now), may)


def _is_past(line: PollLine, now: datetime) -> bool:
    return line.clock.key == "over" and line.clock.at is not None and line.clock.at < now - timedelta(days=1)


def get_poll(*, actor: Actor, ref: UUID, right: str = "elections.view", lock: bool = False) -> Poll:
    """The poll, when the actor has `right` on its constituency. Raises NotFound or NeedsSecondFactor."""
    rows = Poll.objects.select_related("election", "constituency__level")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    poll = rows.filter(access.visible(actor, right).q("constituency__path"), ref=ref).first()
    if poll is None:
        raise NotFound
    access.require_second_factor(actor, right)
    return poll


def get_proposal(*, actor: Actor, ref: UUID, lock: bool = False) -> PollVersion:
    """A correction that waits for its second person. Raises NotFound or NeedsSecondFactor."""
    found = PollVersion.objects.filter(ref=ref, state=PollVersion.State.PROPOSED).select_related("poll").first()
    if found is None:
        raise NotFound
    poll = get_poll(actor=actor, ref=found.poll.ref, right="elections.correct", lock=lock)
    version = poll.versions.filter(pk=found.pk, state=PollVersion.State.PROPOSED).first()
    if version is None:
        raise NotFound
    version.poll = poll
    return version


def versions_of(poll: Poll) -> list[PollVersion]:
    """Every version ever, newest first."""
    return list(poll.versions.order_by("-number"))


def exit_windows(*, now: datetime) -> list[ExitPollWindow]:
    """Exit-poll windows that are open or ahead."""
    rows = ExitPollWindow.objects.select_related("election").filter(replaced_at=None, ends_at__gt=now)
    return list(rows.order_by("starts_at"))


def get_election(*, actor: Actor, ref: UUID, right: str = "elections.view", lock: bool = False) -> Election:
    """The election, when the actor has `right` on its state or on a seat that polls. Raises NotFound."""
    mine = Q(polls__in=Poll.objects.filter(access.visible(actor, right).q("constituency__path")))
    rows = Election.objects.filter(mine | access.visible(actor, right).q("state__path"), ref=ref).values("pk")
    found = Election.objects.filter(pk__in=rows).select_related("state__level")
    election = (found.select_for_update(of=("self",)) if lock else found).first()
    if election is None:
        raise NotFound
    access.require_second_factor(actor, right)
    return election


def get_dates_proposal(*, actor: Actor, ref: UUID, lock: bool = False) -> ElectionVersion:
    """A change of an election's dates that waits for its second person. Raises NotFound or NeedsSecondFactor."""
    found = ElectionVersion.objects.filter(ref=ref, state=State.PROPOSED).select_related("election").first()
    if found is None:
        raise NotFound
    election = get_election(actor=actor, ref=found.election.ref, right="elections.correct", lock=lock)
    version = election.versions.filter(pk=found.pk, state=State.PROPOSED).first()
    if version is None:
        raise NotFound
    version.election = election
    return version


def last_poll_day(election: Election) -> date | None:
    rows = PollVersion.objects.filter(poll__election=election, state=State.LIVE, status=PollVersion.Status.SCHEDULED)
    found: date | None = rows.aggregate(day=Max("poll_on"))["day"]
    return found


def may_correct(actor: Actor, election: Election) -> bool:
    """Whether the actor may propose other dates of this election."""
    scope = access.visible(actor, "elections.correct")
    seats = Poll.objects.filter(scope.q("constituency__path"), election=election)
    return seats.exists() or bool(election.state and access.may(actor, "elections.correct", election.state))
