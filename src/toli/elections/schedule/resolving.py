"""Rows to polls: one answer per constituency about its day and every closing hour that may hold there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from toli.elections.schedule.reading import Row
from toli.elections.schedule.scope import Place
from toli.elections.silence import Window, quiet_window, silence_window

NO_HOUR = "no closing hour: no silence window; appeals are blocked from three days before the poll day"

GroupKey = tuple[str, int | None, date]


@dataclass(frozen=True, slots=True)
class PollPlan:
    """One poll: `place` None stands for the constituencies of the phase that the schedule does not name."""

    election: str
    state: str
    kind: str
    phase: int | None
    place: Place | None
    day: date | None
    start: time | None
    closes: tuple[time, ...]
    status: str
    lines: tuple[int, ...]
    source: str = ""
    note: str = ""
    count: int | None = None
    left_out: tuple[str, ...] = ()
    announced: date | None = None
    counting: date | None = None
    again: bool = False
    code: str = ""

    @property
    def silence(self) -> Window | None:
        """The window of section 126, or None where no hour is known or the poll is off."""
        return silence_window(self.day, self.closes) if self.day and self.status == "scheduled" else None

    @property
    def quiet(self) -> Window | None:
        """The window in which appeals stop: silence, or the block where no hour is known."""
        return quiet_window(self.day, self.closes) if self.day and self.status == "scheduled" else None


@dataclass(slots=True)
class Plan:
    """All polls of the rows, with (line, sentence) warnings and rejects."""

    polls: list[PollPlan] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)

    def find(self, name: str) -> list[PollPlan]:
        wanted = place_key(name)
        return [poll for poll in self.polls if poll.place and wanted in place_keys(poll.place)]


def place_key(name: str) -> str:
    """A name without case, spaces, marks and reservation, to compare names within one file."""
    return "".join(letter for letter in name.casefold() if letter.isalnum() or ord(letter) > 0x0900)


def place_keys(place: Place) -> set[str]:
    """Every key under which this place may be met: its names, and its number where it has no name."""
    keys = {place_key(name) for name in (place.name, place.other_name) if name}
    return keys or {str(place.number)}


def plan_polls(rows: Sequence[Row]) -> Plan:
    """Resolve the rows of one or several files. Rows without a day borrow it from their phase."""
    plan = Plan()
    dated, undated = [row for row in rows if row.day], [row for row in rows if not row.day]
    groups: dict[GroupKey, list[Row]] = defaultdict(list)
    for row in dated:
        assert row.day is not None
        groups[(row.election, row.phase, row.day)].append(row)
    for key, lent in _lend_days(undated, groups, plan):
        groups[key].append(lent)
    for group in groups.values():
        _plan_group(plan, group)
    plan.warnings += [(row.line, sentence) for row in rows for sentence in row.warnings]
    return plan


def _lend_days(undated: Sequence[Row], groups: dict[GroupKey, list[Row]], plan: Plan) -> Iterable[tuple[GroupKey, Row]]:
    """Give lists of constituencies without a day the day of the one phase they belong to."""
    live = {key: group for key, group in groups.items() if any(row.status == "scheduled" for row in group)}
    by_list: dict[tuple[str, int | None], list[Row]] = defaultdict(list)
    for row in undated:
        by_list[(row.election, row.phase)].append(row)
    for (election, phase), listed in by_list.items():
        key = _phase_of(election, phase, listed, live)
        for row in listed:
            if key is None:
                plan.rejects.append((row.line, "no poll day: the file names none and no single phase fits it"))
            else:
                first = live[key][0]
                state, kind = row.state or first.state, row.kind or first.kind
                yield key, replace(row, election=key[0], phase=key[1], day=key[2], state=state, kind=kind)


def _phase_of(
    election: str, phase: int | None, listed: Sequence[Row], groups: dict[GroupKey, list[Row]]
) -> GroupKey | None:
    fitting = [key for key in groups if (not election or key[0] == election) and (phase is None or key[1] == phase)]
    if len(fitting) == 1 and (election or phase is not None):
        return fitting[0]
    names = {key for row in listed for place in row.scope.places for key in place_keys(place)}
    naming = [key for key in fitting if _all_named(groups[key], names)]
    return naming[0] if len(naming) == 1 else None


def _all_named(rows: Iterable[Row], names: set[str]) -> bool:
    places = [place for row in rows for place in row.scope.places]
    return bool(places) and all(place_keys(place) & names for place in places)


def _plan_group(plan: Plan, rows: Sequence[Row]) -> None:
    """One election, phase and day. Own hours hold over the default; an unnamed share makes all possible."""
    for status in ("off", "scheduled"):
        group = [row for row in rows if row.status == status]
        collectives = [row for row in group if row.scope.is_collective]
        rest = _hours_of_the_rest(group, collectives)
        named = _plan_named(plan, group, rest)
        if collectives:
            _plan_collective(plan, collectives, rest, named)


def _hours_of_the_rest(group: Sequence[Row], collectives: Sequence[Row]) -> tuple[time, ...]:
    """The hours that may hold where a constituency has none of its own.

    One collective row is the default for everybody unnamed. Two of them (a default and "26 further, not
    named") mean that nobody knows who is in which: every hour of the phase is possible then.
    """
    if len(collectives) == 1:
        return collectives[0].closes
    return tuple(sorted({hour for row in group for hour in row.closes})) if collectives else ()


def _plan_named(plan: Plan, group: Sequence[Row], rest: tuple[time, ...]) -> list[PollPlan]:
    """One poll per named place; the place's several lines are one, with all their hours."""
    by_place: dict[str, list[tuple[Row, Place]]] = defaultdict(list)
    same: dict[str, str] = {}
    for row, place in sorted(_entries(group), key=lambda entry: -len(place_keys(entry[1]))):
        keys = place_keys(place)
        known = next((same[key] for key in keys if key in same), min(keys))
        same |= dict.fromkeys(keys, known)
        by_place[known].append((row, place))
    made = [_named(entries, rest) for entries in by_place.values()]
    for poll in made:
        _warn(plan, poll)
    plan.polls += made
    return made


def _entries(group: Sequence[Row]) -> list[tuple[Row, Place]]:
    return [(row, place) for row in group for place in row.scope.places]


def _named(entries: Sequence[tuple[Row, Place]], rest: tuple[time, ...]) -> PollPlan:
    rows = [row for row, _ in entries]
    place = max((place for _, place in entries), key=lambda place: (place.number is not None, bool(place.district)))
    closes = tuple(sorted({hour for row in rows for hour in row.closes})) or rest
    start = next((row.start for row in rows if row.start), None)
    return replace(_from_row(rows[0]), place=place, closes=closes, start=start, lines=tuple(row.line for row in rows))


def _plan_collective(plan: Plan, rows: Sequence[Row], rest: tuple[time, ...], named: Sequence[PollPlan]) -> None:
    largest = max(rows, key=lambda row: row.scope.count or 0)
    total = largest.scope.count
    left_out = tuple(name for row in rows for name in row.scope.left_out)
    left = max(total - len(named), 0) if total is not None else None
    if left == 0:
        return
    poll = replace(
        _from_row(largest), closes=rest, count=left, left_out=left_out, lines=tuple(row.line for row in rows)
    )
    _warn(plan, poll)
    plan.polls.append(poll)


def _from_row(row: Row) -> PollPlan:
    return PollPlan(
        election=row.election, state=row.state, kind=row.kind, phase=row.phase, place=None, day=row.day,
        start=row.start, closes=row.closes, status=row.status, lines=(row.line,), source=row.source,
        note=row.note, announced=row.announced, counting=row.counting, again=row.again,
        code=row.code,
    )  # fmt: skip


def _warn(plan: Plan, poll: PollPlan) -> None:
    if poll.status != "scheduled":
        return
    if not poll.closes:
        plan.warnings.append((poll.lines[0], NO_HOUR))
    elif len(poll.closes) > 1:
        hours = ", ".join(hour.strftime("%H:%M") for hour in poll.closes)
        plan.warnings.append((poll.lines[0], f"the closing hour is one of {hours}: the window is unconfirmed"))
