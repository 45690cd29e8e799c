"""Every read of elections: the windows for the gate, polls for the desk, and which elections are on here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max, Prefetch, QuerySet

from toli.elections.gate import Channel, Subject, Verdict, may_publish
from toli.elections.models import Election, ExitPollWindow, Poll, PollVersion
from toli.elections.windows import Span, Windows
from toli.elections.windows_sql import EXIT_WINDOWS, LIVE_WINDOWS, VERSION, windows_from_rows
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.steady import CLOCK
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Unit

_loaded: dict[int, Windows] = {}


def windows_version() -> int:
    """A number that differs whenever a window does."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        return int(cursor.fetchone()[0])


def load_windows(*, now: datetime) -> Windows:
    """All windows of law that still matter, in one value. Kept in this process until their version changes.

    While the clock is in doubt every window is wider by the doubt, so that the law holds whichever clock is right.
    """
    doubt = CLOCK.doubt()
    version = windows_version() + int(doubt.total_seconds())
    kept = _loaded.get(version)
    if kept is not None and abs(now - kept.loaded_at) < timedelta(hours=1):
        return kept
    since = {"since": now - timedelta(days=1) - doubt}
    with connection.cursor() as cursor:
        cursor.execute(LIVE_WINDOWS, since)
        rows = cursor.fetchall()
        cursor.execute(EXIT_WINDOWS, since)
        exits = cursor.fetchall()
    windows = windows_from_rows(rows, exits, codes=code_spans(now=now), version=version, loaded_at=now, doubt=doubt)
    _loaded.clear()
    _loaded[version] = windows
    return windows


def check(subject: Subject, unit_id: int | None, channel: Channel, *, now: datetime) -> Verdict:
    """`may_publish` with the windows as they stand in the database now."""
    return may_publish(subject, unit_id, channel, now, windows=load_windows(now=now))


def code_spans(*, now: datetime) -> list[Span]:
    """Where the code of conduct holds: the state at a general election, the whole district at a by-election.

    Only the constituency where it is marked as a capital, metropolis or corporation (rule 6).
    """
    running = Election.objects.filter(announced_at__isnull=False).exclude(completed_at__lte=now)
    return [span for election in running.select_related("state") if (span := _code_span(election))]


def _code_span(election: Election) -> Span | None:
    assert election.announced_at is not None
    ends = election.completed_at or election.announced_at + timedelta(days=366)
    if election.scope == Election.Scope.STATE:
        units = _constituency_ids(election.state.path) if election.state and election.state.path else None
    else:
        units = frozenset(unit for poll in polls_of(election) for unit in _under_the_code(poll))
    return Span(election.announced_at, ends, election.key, units) if ends > election.announced_at else None


def polls_of(election: Election) -> QuerySet[Poll]:
    return Poll.objects.filter(election=election).select_related("constituency")


def _under_the_code(poll: Poll) -> frozenset[int]:
    if poll.metropolitan:
        return frozenset({poll.constituency_id})
    above = [unit for unit in org.ancestors_of(poll.constituency) if unit.level.key == "district"]
    return _constituency_ids(above[-1].path) if above else frozenset({poll.constituency_id})


def _constituency_ids(path: str) -> frozenset[int]:
    return frozenset(org.constituencies_under(path).values_list("id", flat=True))


def constituency_of(unit: Unit) -> Unit | None:
    """The constituency a unit lies in (itself for a constituency); None above one, or for a unit outside."""
    if unit.level.key == "constituency":
        return unit
    ids = paths.ancestors(unit.path)
    found = Unit.objects.select_related("level").filter(id__in=ids, level__key="constituency").first()
    return found or _electoral_constituency(unit)


def _electoral_constituency(unit: Unit) -> Unit | None:
    parent = org.hierarchy_parent(unit, "electoral")
    return parent if parent is None or parent.level.key == "constituency" else _electoral_constituency(parent)


def constituency_ids_for(unit: Unit) -> list[int]:
    """The constituencies a message to this unit reaches: its own, or all below it."""
    own = constituency_of(unit)
    return [own.pk] if own else sorted(_constituency_ids(unit.path)) if unit.path else []


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
    if version is None or version.status == PollVersion.Status.OFF:
        return Clock("off", None)
    begins, ends = version.quiet_from, version.quiet_to
    if now >= ends:
        return Clock("over", ends)
    prefix = "silence" if version.quiet_kind == "silence" else "block"
    return Clock(f"{prefix}_ends", ends) if now >= begins else Clock(f"{prefix}_begins", begins)


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


def find_constituency(state: Unit | None, number: int | None, names: Sequence[str]) -> tuple[Unit | None, str]:
    """The constituency meant by a schedule, and why it was not found. A number and a name must agree."""
    by_number = _by_number(state, number) if state and number else None
    by_name = _by_name(state, names)
    if by_number and names and by_name and by_number not in by_name:
        return None, f"number {number} is {by_number}, not {names[0]}"
    if by_number:
        return by_number, ""
    if len(by_name) == 1:
        return by_name[0], ""
    asked = names[0] if names else f"number {number}"
    return None, f"{asked} names {len(by_name)} constituencies" if by_name else f"there is no constituency {asked}"


def _by_number(state: Unit, number: int) -> Unit | None:
    code = state.codes.filter(scheme="eci", valid_to=None).values_list("value", flat=True).first()
    inside = Unit.objects.filter(
        level__key="constituency", codes__scheme="eci", codes__valid_to=None, path__startswith=state.path
    )
    rows = inside.filter(codes__value=f"{code}/{number}" if code else "") | inside.filter(
        codes__value__endswith=f"/{number}"
    )
    return rows.select_related("level").first()


def _by_name(state: Unit | None, names: Iterable[str]) -> list[Unit]:
    for name in names:
        found = org.search_units(name, levels=["constituency"], within=state.path if state else "")
        same = [
            unit for unit in found if name.casefold() in {n.casefold() for n in (*unit.names.values(), *unit.aliases)}
        ]
        if same or found:
            return same or found
    return []


def constituencies_of_parliament(
    state: Unit | None, number: int | None, names: Sequence[str]
) -> tuple[list[Unit], str]:
    """The assembly constituencies inside a parliament seat, which all poll with it, and why it was not found."""
    seats = [unit for name in names for unit in org.search_units(name, levels=["parliament"])]
    if not seats and number and state:
        codes = Unit.objects.filter(level__key="parliament", codes__valid_to=None, codes__value__endswith=f"/{number}")
        seats = list(codes[:2])
    if len({seat.pk for seat in seats}) != 1:
        return [], f"there is no one parliament seat {names[0] if names else number}"
    inside = org.children_of(seats[0], hierarchy="electoral").filter(level__key="constituency")
    found = list(inside.order_by("pk"))
    return found, "" if found else f"the parliament seat {seats[0]} has no constituencies in the tree"


def find_state(name: str) -> Unit | None:
    """The state of that name in any spelling; the only state there is where the name is empty."""
    states = Unit.objects.filter(level__key="state", active=True).select_related("level")
    if not name.strip():
        return states.first() if states.count() == 1 else None
    return next(iter(org.search_units(name, levels=["state"])), None)


def exit_windows(*, now: datetime) -> list[ExitPollWindow]:
    """Exit-poll windows that are open or ahead."""
    rows = ExitPollWindow.objects.select_related("election").filter(replaced_at=None, ends_at__gt=now)
    return list(rows.order_by("starts_at"))
