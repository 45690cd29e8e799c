"""The dated rules of election law, read from rules/*.toml; plain Python."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

_RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class SilenceLaw:
    """How long silence lasts, and how long appeals stop where no hour was published."""

    length: timedelta
    unhoured_days: int
    source: str


@cache
def _rules(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((_RULES / f"{name}.toml").read_text(encoding="utf-8"))


def rule_on(name: str, day: date) -> dict[str, Any]:
    """The block called `name` in force on `day`; before the first block the first one holds."""
    blocks = sorted(_rules("silence")[name], key=lambda block: block["from"])
    in_force = [block for block in blocks if block["from"] <= day]
    return in_force[-1] if in_force else blocks[0]


@cache
def silence_law(day: date) -> SilenceLaw:
    """The silence rule for a poll held on `day`. Source: rules/silence.toml."""
    rule = rule_on("silence", day)
    return SilenceLaw(timedelta(hours=rule["hours"]), rule["unhoured_block_days"], rule["source"])


@cache
def source_of(name: str) -> str:
    """The citation of the newest rule called `name`."""
    return str(max(_rules("silence")[name], key=lambda block: block["from"])["source"])
