"""The clocks of the data protection law. The numbers and their sources stand in law/dpdp.toml; `now` is passed in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from toli.kit.dates import local

_FILE = Path(__file__).parent / "law" / "dpdp.toml"


@cache
def _rules() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _in_force(name: str, at: datetime) -> dict[str, Any]:
    blocks = sorted(_rules()[name], key=lambda block: block["from"])
    day = local(at).date()
    return ([block for block in blocks if block["from"] <= day] or blocks[:1])[-1]


def acknowledge_by(filed_at: datetime, *, urgent: bool) -> datetime:
    """Until when a person hears that somebody looks at it."""
    rule = _in_force("own", filed_at)
    return filed_at + timedelta(hours=rule["harassment_acknowledge_hours" if urgent else "grievance_acknowledge_hours"])


def answer_by(filed_at: datetime) -> datetime:
    """Until when a grievance must be answered. Source: DPDP Rules 2025, rule 14."""
    return filed_at + timedelta(days=_in_force("clocks", filed_at)["grievance_answer_days"])


def board_by(noticed_at: datetime) -> datetime:
    """Until when the Board must have the full report of a breach. Source: DPDP Rules 2025, rule 7."""
    return noticed_at + timedelta(hours=_in_force("clocks", noticed_at)["breach_board_hours"])


def source(at: datetime) -> dict[str, str]:
    """Where the numbers come from, by language."""
    rule = _in_force("clocks", at)
    return {"en": rule["source"], "hi": rule["source_hi"]}


@dataclass(frozen=True, slots=True)
class Clock:
    """A term of law or of ours, at a moment: `done_at` stops it."""

    due: datetime
    now: datetime
    done_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        return (self.done_at or self.now) > self.due

    @property
    def left(self) -> timedelta:
        """How long remains; nothing when it is over."""
        return max(self.due - self.now, timedelta(0))

    @property
    def over(self) -> timedelta:
        """How long it is late by."""
        return max((self.done_at or self.now) - self.due, timedelta(0))

    @property
    def tone(self) -> str:
        """good, warn or bad: the colour of the words that say the same."""
        if self.done_at is not None:
            return "bad" if self.is_late else "good"
        return "bad" if self.is_late else "warn" if self.left < timedelta(days=1) else "none"
