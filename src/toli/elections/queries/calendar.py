"""The calendar of elections: months, days and hours, with what is not confirmed and who says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from toli.elections.models import Election, ElectionVersion, ExitPollWindow, PollVersion, State
from toli.elections.queries.windows import code_spans
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.org import access

Status = PollVersion.Status


@dataclass(slots=True)
class PollGroup:
    """Constituencies of one election that poll on one day with the same hours, by the same notification."""

    day: date
    election: Election
    phase: int | None
    occasion: int
    version: PollVersion
    """The first of them: hours, silence, notification and status of all."""
    polls: list[PollVersion] = field(default_factory=list)
    corrections: int = 0
    """Of them, how many wait for a second person."""

    @property
    def is_off(self) -> bool:
        return self.version.status != Status.SCHEDULED

    @property
    def is_unconfirmed(self) -> bool:
        return not (self.is_off or self.version.confirmed)


@dataclass(slots=True)
class Month:
    first: date
    groups: list[PollGroup] = field(default_factory=list)
    countings: list[Election] = field(default_factory=list)


@dataclass(slots=True)
class ElectionLine:
    """One election with the time its code of conduct holds, and what waits for a second person."""

    election: Election
    code_from: datetime | None
    code_to: datetime | None
    proposed: ElectionVersion | None
    unconfirmed: int = 0
    exits: list[ExitPollWindow] = field(default_factory=list)


@dataclass(slots=True)
class Calendar:
    months: list[Month]
    elections: list[ElectionLine]


def calendar(actor: Actor, *, now: datetime, past: bool = False) -> Calendar:
    """Every poll the actor may see, by month: from this month on, or with `past` those before it."""
    seen = access.visible(actor, "elections.view").q("poll__constituency__path")
    rows = PollVersion.objects.filter(seen, state=State.LIVE).select_related(
        "poll__constituency", "poll__election__state"
    )
    first = local_day(now).replace(day=1)
    rows = rows.filter(poll_on__lt=first) if past else rows.filter(poll_on__gte=first)
    waiting = set(PollVersion.objects.filter(seen, state=State.PROPOSED).values_list("poll_id", flat=True))
    groups = _grouped(rows.order_by("poll_on", "poll__phase", "poll__constituency__path"), waiting)
    found = list({group.election.pk: group.election for group in groups}.values())
    return Calendar(_months(groups, found, past), _lines(found, groups, now))


def _grouped(rows: Iterable[PollVersion], waiting: set[int]) -> list[PollGroup]:
    found: dict[tuple[object, ...], PollGroup] = {}
    for version in rows:
        poll = version.poll
        key = (
            version.poll_on, poll.election_id, poll.phase, poll.occasion, version.opens, tuple(version.closes),
            version.status, version.notification,
        )  # fmt: skip
        group = found.setdefault(key, PollGroup(version.poll_on, poll.election, poll.phase, poll.occasion, version))
        group.polls.append(version)
        group.corrections += poll.pk in waiting
    return list(found.values())


def _months(groups: Iterable[PollGroup], elections: Iterable[Election], past: bool) -> list[Month]:
    found: dict[date, Month] = {}
    for group in groups:
        first = group.day.replace(day=1)
        found.setdefault(first, Month(first)).groups.append(group)
    for election in elections:
        if election.counting_on is not None:
            first = election.counting_on.replace(day=1)
            found.setdefault(first, Month(first)).countings.append(election)
    return sorted(found.values(), key=lambda month: month.first, reverse=past)


def _lines(elections: list[Election], groups: list[PollGroup], now: datetime) -> list[ElectionLine]:
    spans = {span.source: span for span in code_spans(now=now - timedelta(days=1))}
    proposed = {v.election_id: v for v in ElectionVersion.objects.filter(election__in=elections, state=State.PROPOSED)}
    lines = []
    for election in elections:
        span = spans.get(election.key)
        line = ElectionLine(
            election, span.starts if span else election.announced_at, span.ends if span else election.completed_at,
            proposed.get(election.pk),
            sum(len(g.polls) for g in groups if g.election.pk == election.pk and g.is_unconfirmed),
            list(election.exit_windows.filter(replaced_at=None).order_by("starts_at")),
        )  # fmt: skip
        lines.append(line)
    return lines
