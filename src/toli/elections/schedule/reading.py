"""A schedule file to rows: tolerant of column names and order, never of a meaning it had to guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from toli.elections.schedule.scope import Place, Scope, parse_scope, phase_number
from toli.elections.schedule.words import hours_in_prose, latin_digits, parse_day, parse_hours, parse_moment

COLUMNS: dict[str, tuple[str, ...]] = {
    "election": ("election_id", "election", "election_key", "चुनाव", "निर्वाचन"),
    "state": ("state", "state_name", "राज्य"),
    "kind": ("kind", "type", "election_type", "प्रकार"),
    "scope": ("scope", "area", "constituencies", "acs", "क्षेत्र"),
    "phase": ("phase", "phase_no", "चरण"),
    "day": (
        "poll_date", "date", "date_of_poll", "polling_date", "poll_day", "day", "मतदान_तिथि",
        "मतदान_की_तिथि", "तिथि",
    ),
    "start": (
        "poll_start_or_window_start", "poll_start", "start", "poll_start_ist", "window_start", "मतदान_प्रारंभ",
    ),
    "close": (
        "poll_close_or_window_end", "poll_close", "close", "poll_close_ist", "poll_close_ist_if_reported",
        "poll_end", "closing_hour", "window_end", "मतदान_समाप्ति", "समाप्ति",
    ),
    "hours": ("poll_hours", "hours", "poll_time", "polling_hours", "timing", "मतदान_समय", "समय"),
    "note": ("note", "notes", "remarks", "टिप्पणी"),
    "status": ("status", "स्थिति"),
    "source": ("source", "notification", "citation", "अधिसूचना", "स्रोत"),
    "name": (
        "constituency", "constituency_name", "ac_name", "eci_ac_name", "eci_ac_name_2008", "name", "seat",
        "विधानसभा", "विधानसभा_क्षेत्र", "नाम",
    ),
    "other_name": ("ac_name_in_news", "alias", "other_name"),
    "number": (
        "ac_no", "eci_ac_no", "ac_number", "constituency_no", "constituency_number", "विधानसभा_संख्या",
        "क्रमांक",
    ),
    "announced": (
        "announced", "announced_on", "announcement", "date_of_announcement", "code_from", "घोषणा", "घोषणा_की_तिथि",
    ),
    "counting": (
        "counting", "counting_day", "counting_date", "date_of_counting", "result_date", "मतगणना", "मतगणना_तिथि",
        "मतगणना_की_तिथि",
    ),
    "code": (
        "code_area", "code_of_conduct", "mcc", "mcc_area", "metropolitan", "corporation", "आचार_संहिता",
    ),
    "district": ("district", "district_name", "ज़िला", "जिला"),
}  # fmt: skip

_DEAD = re.compile(r"\bsuperseded\b|\bcancel|\bpostponed\b|\bcountermand|\badjourned\b|रद्द|स्थगित", re.I)
_AGAIN = re.compile(r"\bre-?poll(?:ed|ing)?\b|\bfresh poll\b|पुनर्मतदान|पुनः मतदान|दोबारा मतदान", re.I)
_WHOLE_DISTRICT = re.compile(r"district|^\s*(?:no?|false|0)\s*$|ज़िला|ज़िला|जिला|नहीं", re.I)
_SEAT_ONLY = re.compile(
    r"seat|constituency|\bonly\b|corporation|metro|capital|^\s*(?:y(?:es)?|true|1)\s*$|हाँ|हां|सीट|निगम|राजधानी|महानगर",
    re.I,
)
_EXIT = re.compile(r"exit.?poll|126\s*-?\s*a\b|एग्ज़िट|एग्जिट", re.I)

Status = Literal["scheduled", "off"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a schedule. `closes` holds every closing hour the line allows; hours are Asia/Kolkata."""

    line: int
    election: str
    state: str
    kind: str
    scope: Scope
    phase: int | None
    day: date | None
    start: time | None
    closes: tuple[time, ...]
    status: Status = "scheduled"
    note: str = ""
    source: str = ""
    warnings: tuple[str, ...] = ()
    announced: date | None = None
    counting: date | None = None
    again: bool = False
    """The constituency polls once more in the same election."""
    code: Literal["", "district", "seat"] = ""
    """Where a by-election's code of conduct holds; empty: the file does not say, or in words nobody can read."""


@dataclass(frozen=True, slots=True)
class ExitRow:
    """A notified window of section 126A: [starts, ends), naive Asia/Kolkata."""

    line: int
    election: str
    state: str
    starts: datetime
    ends: datetime
    source: str = ""


@dataclass(slots=True)
class Reading:
    """What a file held: rows, exit-poll windows, and (line, reason) of the lines that are not used."""

    rows: list[Row] = field(default_factory=list)
    exits: list[ExitRow] = field(default_factory=list)
    rejects: list[tuple[int, str]] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)


def map_columns(header: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Our name -> their column name, and the columns nobody here knows."""
    names = {_key(name): name for name in header if name and name.strip()}
    found: dict[str, str] = {}
    for ours, spellings in COLUMNS.items():
        column = next((names[spelling] for spelling in map(_key, spellings) if spelling in names), None)
        if column is not None:
            found[ours] = column
    return found, [name for name in names.values() if name not in found.values()]


def _key(name: str) -> str:
    return re.sub(r"[^\w]+|_+", "_", name.strip().casefold().lstrip("\ufeff")).strip("_").replace("़", "")


def read_rows(
    records: Iterable[Mapping[str, str | None]],
    header: Iterable[str],
    *,
    defaults: Mapping[str, str] | None = None,
) -> Reading:
    """Read a schedule. `defaults` fills columns the file lacks (election, state, phase, day, source)."""
    columns, unknown = map_columns(header)
    reading = Reading(unknown_columns=unknown)
    if not {"scope", "name", "number"} & columns.keys():
        reading.rejects.append((1, "no column names the constituencies"))
        return reading
    for line, record in enumerate(records, start=2):
        values = dict(defaults or {})
        values |= {ours: text for ours, theirs in columns.items() if (text := (record.get(theirs) or "").strip())}
        if any((text or "").strip() for text in record.values() if isinstance(text, str)):
            _read_line(reading, line, values)
    return reading


def _read_line(reading: Reading, line: int, values: Mapping[str, str]) -> None:
    if _EXIT.search(values.get("kind", "")):
        _read_exit(reading, line, values)
        return
    scope = _scope(values)
    if values.get("day") and parse_day(values["day"]) is None:
        reading.rejects.append((line, f"the poll day {values['day']!r} is not a date"))
    elif wrong := next((name for name in ("announced", "counting") if _is_no_day(values.get(name, ""))), None):
        reading.rejects.append((line, f"{wrong}: {values[wrong]!r} is not a date"))
    elif scope is None:
        reading.rejects.append((line, "the line names no constituency"))
    else:
        reading.rows.append(_row(line, values, scope))


def _is_no_day(text: str) -> bool:
    return bool(text) and parse_day(text) is None


def _read_exit(reading: Reading, line: int, values: Mapping[str, str]) -> None:
    starts, ends = parse_moment(values.get("start", "")), parse_moment(values.get("close", ""))
    if starts is None or ends is None or ends <= starts:
        reading.rejects.append((line, "the exit-poll window needs a start and a later end, each a date with an hour"))
        return
    reading.exits.append(
        ExitRow(line, values.get("election", ""), values.get("state", ""), starts, ends, values.get("source", ""))
    )


def _scope(values: Mapping[str, str]) -> Scope | None:
    names = [values[column] for column in ("name", "other_name") if values.get(column)]
    figures = re.sub(r"\D", "", latin_digits(values.get("number", "")))
    if names or figures:
        place = Place(
            names[0] if names else "",
            int(figures or 0) or None,
            values.get("district", ""),
            names[-1] if names else "",
        )
        return Scope(places=(place,))
    return parse_scope(values["scope"]) if values.get("scope") else None


def _row(line: int, values: Mapping[str, str], scope: Scope) -> Row:
    start, closes, warnings = _hours(values)
    note = values.get("note", "")
    phase = phase_number(values.get("phase", ""))
    is_off = bool(_DEAD.search(f"{note} {values.get('status', '')}")) or bool(
        scope.places and _DEAD.search(values.get("scope", ""))
    )
    return Row(
        line=line,
        election=values.get("election", ""),
        state=values.get("state", ""),
        kind=values.get("kind", ""),
        scope=scope,
        phase=phase or scope.phase,
        day=parse_day(values.get("day", "")),
        start=start,
        closes=closes,
        status="off" if is_off else "scheduled",
        note=note,
        source=values.get("source", ""),
        warnings=(*warnings, *_code_warning(values.get("code", ""))),
        announced=parse_day(values.get("announced", "")),
        counting=parse_day(values.get("counting", "")),
        code=_code_area(values.get("code", "")),
        again=any(_AGAIN.search(values.get(name, "")) for name in ("kind", "scope", "status", "note")),
    )


def _code_area(text: str) -> Literal["", "district", "seat"]:
    if _WHOLE_DISTRICT.search(text):
        return "district"
    return "seat" if _SEAT_ONLY.search(text) else ""


def _code_warning(text: str) -> list[str]:
    if not text or _code_area(text):
        return []
    return [f"where the code of conduct holds, {text!r}, was not understood; it is taken as the whole district"]


def _hours(values: Mapping[str, str]) -> tuple[time | None, tuple[time, ...], list[str]]:
    """The opening hour, every possible closing hour, warnings. A doubtful part makes the hours unknown."""
    warnings: list[str] = []
    starts, _ = parse_hours(values.get("start", ""))
    closes, understood = parse_hours(values.get("close", ""))
    both, both_understood = parse_hours(values.get("hours", ""))
    if both and not closes:
        starts, closes, understood = both[:1], both[1:], both_understood and len(both) > 1
    start = starts[0] if len(starts) == 1 else None
    if not understood and values.get("close", values.get("hours", "")):
        warnings.append(f"the closing hour {values.get('close', values.get('hours'))!r} was not understood")
        return start, (), warnings
    spoken = [hour for text in ("scope", "note") for hour in hours_in_prose(values.get(text, ""))]
    closes = tuple(sorted({*closes, *(hour for hour in spoken if closes and (start is None or hour > start))}))
    if start and any(hour <= start for hour in closes):
        warnings.append("the poll would close before it opens; the hours are taken as unknown")
        return start, (), warnings
    return start, closes, warnings
