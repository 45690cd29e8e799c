"""The daily line of a constituency: which step is done, late or waited for. Pure: facts and `now` are passed in.

The times are dated data: `rules/daily_line.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from toli.kit.dates import local_at

_RULES = Path(__file__).parent / "rules" / "daily_line.toml"
FACT, CARD, APPROVED, PULSE = "fact", "card", "approved", "pulse"
GROUPS, ACCOUNTS, RECEIPTS = "groups", "accounts", "receipts"
"""Reported by other rooms."""
DONE, LATE, NEXT, WAITING, AHEAD = "done", "late", "next", "waiting", "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `by` is a local hour; `owner` the key of a role; `told_by` the room that reports it, or empty."""

    key: str
    by: time
    owner: str
    title: Mapping[str, str]
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """A step of one constituency on one day."""

    step: Step
    due: datetime
    state: str
    """done, late, next (the first that is open), waiting (another room has to report it) or ahead."""


@cache
def _blocks() -> tuple[tuple[date, tuple[Step, ...]], ...]:
    rows = tomllib.loads(_RULES.read_text(encoding="utf-8"))["line"]
    blocks = [(row["from"], tuple(_step(one) for one in row["step"])) for row in rows]
    return tuple(sorted(blocks, key=lambda block: block[0]))


def _step(row: Mapping[str, object]) -> Step:
    return Step(**{**row, "by": time.fromisoformat(str(row["by"]))})  # type: ignore[arg-type]


def steps_on(day: date) -> tuple[Step, ...]:
    """The steps in force on a day: of the newest block that has begun; before the first one, the first."""
    blocks = _blocks()
    return next((steps for since, steps in reversed(blocks) if since <= day), blocks[0][1])


def stands(day: date, done: Collection[str], now: datetime) -> list[Stand]:
    """Every step of a day, given which are done."""
    found: list[Stand] = []
    is_open = False
    for step in steps_on(day):
        due = local_at(day, step.by)
        found.append(Stand(step, due, _state(step, step.key in done, due, now, is_first=not is_open)))
        is_open = is_open or step.key not in done
    return found


def _state(step: Step, is_done: bool, due: datetime, now: datetime, *, is_first: bool) -> str:
    if is_done:
        return DONE
    if step.told_by:
        return WAITING
    if now > due:
        return LATE
    return NEXT if is_first else AHEAD


def missing(line: Sequence[Stand]) -> Stand | None:
    """The first step that is not done."""
    return next((one for one in line if one.state != DONE), None)
