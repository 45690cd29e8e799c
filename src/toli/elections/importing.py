"""Schedule files to a plan: any encoding, CSV or workbook, with or without lines above the heading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toli.elections.schedule.reading import ExitRow, Reading, map_columns, read_rows
from toli.elections.schedule.resolving import Plan, PollPlan, plan_polls
from toli.kit.dates import local
from toli.org.importing.reading import Sheet, read_sheet, sheet_of

HEADING_WITHIN = 20


@dataclass(slots=True)
class Loaded:
    """A plan of all files together, with what nobody could use."""

    plan: Plan = field(default_factory=Plan)
    exits: list[ExitRow] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)


def load_files(paths: Sequence[Path], *, defaults: Mapping[str, str] | None = None) -> Loaded:
    """Read several files as one schedule: a list of constituencies takes its day from the phase that fits it."""
    return _loaded([read_of(read_sheet(path), defaults) for path in paths])


def load_bytes(raw: bytes, *, defaults: Mapping[str, str] | None = None) -> Loaded:
    """The same for one file that came with a form."""
    return _loaded([read_of(sheet_of(raw), defaults)])


def _loaded(readings: Sequence[Reading]) -> Loaded:
    plan = plan_polls([row for reading in readings for row in reading.rows])
    plan.rejects += [reject for reading in readings for reject in reading.rejects]
    exits = [window for reading in readings for window in reading.exits]
    return Loaded(plan, exits, [name for reading in readings for name in reading.unknown_columns])


def read_of(sheet: Sheet, defaults: Mapping[str, str] | None = None) -> Reading:
    """The rows below the first line that looks like a heading."""
    for place, row in enumerate(sheet.rows[:HEADING_WITHIN]):
        known, _unknown = map_columns(row.cells)
        if {"scope", "name", "number"} & known.keys() and len(known) > 1:
            records = [dict(zip(row.cells, below.cells, strict=False)) for below in sheet.rows[place + 1 :]]
            reading = read_rows(records, row.cells, defaults=defaults)
            return _with_lines(reading, [below.line for below in sheet.rows[place + 1 :]])
    return Reading(rejects=[(1, "no line of this file is a heading that names constituencies and days")])


def _with_lines(reading: Reading, lines: Sequence[int]) -> Reading:
    """Line numbers as the file counts them, blank lines and lines above the heading included."""
    from dataclasses import replace

    true = {place + 2: line for place, line in enumerate(lines)}
    reading.rows = [replace(row, line=true[row.line]) for row in reading.rows]
    reading.exits = [replace(row, line=true[row.line]) for row in reading.exits]
    reading.rejects = [(true.get(line, line), reason) for line, reason in reading.rejects]
    return reading


def as_rows(plan: Plan) -> list[dict[str, object]]:
    """The plan as plain values: one per poll, hours and windows in Asia/Kolkata, for --json and for tests."""
    return [_as_row(poll) for poll in plan.polls]


def _as_row(poll: PollPlan) -> dict[str, object]:
    window = poll.silence
    quiet = poll.quiet
    return {
        "election": poll.election, "phase": poll.phase, "state": poll.state,
        "constituency": poll.place.name if poll.place else None,
        "number": poll.place.number if poll.place else None, "count": poll.count,
        "poll_on": poll.day.isoformat() if poll.day else None, "status": poll.status,
        "closes": [hour.strftime("%H:%M") for hour in poll.closes],
        "silence_from": local(window.starts).isoformat(timespec="minutes") if window else None,
        "silence_to": local(window.ends).isoformat(timespec="minutes") if window else None,
        "confirmed": window.confirmed if window else False,
        "blocked_from": local(quiet.starts).isoformat(timespec="minutes") if quiet else None,
        "blocked_to": local(quiet.ends).isoformat(timespec="minutes") if quiet else None,
    }  # fmt: skip
