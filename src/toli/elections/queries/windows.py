"""All windows of law in one value, for the gate; kept in this process until their version changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection

from toli.elections.gate import Channel, Subject, Verdict, may_publish
from toli.elections.law import rule_on, switchable
from toli.elections.models import Election, ExitPollWindow, PollVersion, RuleSwitch
from toli.elections.queries.places import ids_under
from toli.elections.silence import exit_span
from toli.elections.windows import Span, Windows
from toli.elections.windows_sql import EXIT_WINDOWS, LIVE_WINDOWS, VERSION, windows_from_rows
from toli.kit.dates import local_day
from toli.kit.steady import CLOCK
from toli.org import queries as org

_loaded: dict[int, Windows] = {}


def windows_version(*, now: datetime) -> int:
    """A number that differs whenever a window or a switched rule does."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION, {"now": now})
        return int(cursor.fetchone()[0])


def load_windows(*, now: datetime) -> Windows:
    """All windows of law that still matter, in one value. Kept in this process until their version changes.

    While the clock is in doubt every window is wider by the doubt, so that the law holds whichever clock is right.
    """
    doubt = CLOCK.doubt()
    version = windows_version(now=now) + int(doubt.total_seconds())
    kept = _loaded.get(version)
    if kept is not None and abs(now - kept.loaded_at) < timedelta(hours=1):
        return kept
    windows = _read_windows(now, version, doubt)
    _loaded.clear()
    _loaded[version] = windows
    return windows


def _read_windows(now: datetime, version: int, doubt: timedelta) -> Windows:
    since = {"since": now - timedelta(days=1) - doubt}
    with connection.cursor() as cursor:
        cursor.execute(LIVE_WINDOWS, since)
        rows = cursor.fetchall()
        cursor.execute(EXIT_WINDOWS, since)
        exits = cursor.fetchall()
    exits += [(span.starts, span.ends, span.source) for span in computed_exits(now=now)]
    return windows_from_rows(
        rows, exits, codes=code_spans(now=now), off=rules_off(now=now), version=version, loaded_at=now, doubt=doubt
    )


def check(subject: Subject, unit_id: int | None, channel: Channel, *, now: datetime) -> Verdict:
    """`may_publish` with the windows as they stand in the database now."""
    return may_publish(subject, unit_id, channel, now, windows=load_windows(now=now))


def rules_off(*, now: datetime) -> frozenset[str]:
    """Rules that hold nothing back now: switched off by two persons, or ended."""
    rows = RuleSwitch.objects.filter(state="live", off=True, holds_from__lte=now).values_list("rule", flat=True)
    today = local_day(now)
    ended = {name for name in switchable() if (until := rule_on(name, today).until) is not None and until < today}
    return frozenset(rows) | ended


def _live_versions(elections: Iterable[Election]) -> dict[int, list[PollVersion]]:
    """The versions in force of polls that take place, by election."""
    found: dict[int, list[PollVersion]] = defaultdict(list)
    rows = PollVersion.objects.filter(state="live", status="scheduled", poll__election__in=list(elections))
    for version in rows.select_related("poll__constituency__level"):
        found[version.poll.election_id].append(version)
    return found


def computed_exits(*, now: datetime) -> list[Span]:
    """Exit-poll windows by the words of section 126A, of elections whose notified windows do not reach all phases."""
    ahead = Election.objects.filter(
        polls__versions__state="live", polls__versions__status="scheduled",
        polls__versions__quiet_to__gt=now - timedelta(days=2),
    ).distinct()  # fmt: skip
    notified: dict[int, list[ExitPollWindow]] = defaultdict(list)
    for window in ExitPollWindow.objects.filter(election__in=ahead, replaced_at=None):
        notified[window.election_id].append(window)
    spans = [
        _exit_span(versions) for election, versions in _live_versions(ahead).items()
        if not _is_covered(versions, notified[election])
    ]  # fmt: skip
    return [span for span in spans if span.ends > now - timedelta(days=1)]


def _is_covered(versions: Sequence[PollVersion], windows: Sequence[ExitPollWindow]) -> bool:
    days = [(local_day(window.starts_at), local_day(window.ends_at)) for window in windows]
    return all(any(first <= version.poll_on <= last for first, last in days) for version in versions)


def _exit_span(versions: Sequence[PollVersion]) -> Span:
    starts, ends = exit_span((version.poll_on, version.opens, tuple(version.closes)) for version in versions)
    return Span(starts, ends, "")


def code_spans(*, now: datetime) -> list[Span]:
    """Where the code of conduct holds: the state at a general election, the whole district at a by-election.

    Only the constituency where it is marked as a capital, metropolis or corporation, unless the campaign has spread
    over the district (rule 6). An election nobody said the announcement of is announced when its schedule came in.
    """
    running = list(Election.objects.exclude(completed_at__lte=now).select_related("state"))
    versions = _live_versions(running)
    spans = [_code_span(election, versions[election.pk]) for election in running]
    return [span for span in spans if span is not None and span.ends > now]


def _code_span(election: Election, versions: Sequence[PollVersion]) -> Span | None:
    starts = election.announced_at or election.created_at
    last = max((version.quiet_to for version in versions), default=starts)
    tail = timedelta(days=rule_on("code_of_conduct", local_day(last)).numbers["unfinished_days"])
    ends = election.completed_at or max(last, starts if election.announced_at else last) + tail
    if ends <= starts or (election.announced_at is None and not versions):
        return None
    return Span(starts, ends, election.key, _code_units(election, versions))


def _code_units(election: Election, versions: Sequence[PollVersion]) -> frozenset[int] | None:
    if election.scope == Election.Scope.STATE:
        return ids_under(election.state.path) if election.state and election.state.path else None
    return frozenset(unit for version in versions for unit in _under_the_code(version))


def _under_the_code(version: PollVersion) -> frozenset[int]:
    seat = version.poll.constituency
    only_here = version.code_area == PollVersion.CodeArea.SEAT or version.poll.metropolitan
    if only_here and version.code_area != PollVersion.CodeArea.SPREAD:
        return frozenset({seat.pk})
    above = [unit for unit in org.ancestors_of(seat) if unit.level.key == "district"]
    return frozenset({seat.pk}) | (ids_under(above[-1].path) if above else frozenset())
