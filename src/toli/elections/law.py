"""The dated rules of election law, read from rules/*.toml; plain Python."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

_RULES = Path(__file__).parent / "rules"
HERE: Final = "elections"

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it stands from `since` to `until` (days in India, both included).

    `number` is the line of the law sheet it comes from; `kept_by` the room that keeps it, or "people" where Toli only
    tells them. `follows` names the rule it is switched with.
    """

    id: str
    number: str
    pack: str
    title: Words
    since: date
    until: date | None
    law: bool
    kept_by: str
    source: str
    confidence: str
    follows: str = ""
    numbers: Mapping[str, Any] = field(default_factory=dict)
    sentences: Mapping[str, Words] = field(default_factory=dict)
    what_to_do: Mapping[str, Words] = field(default_factory=dict)

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def switch(self) -> str:
        """The rule whose switch turns this one off; empty where none does."""
        return (self.follows or self.id) if self.kept_by == HERE else ""


@dataclass(frozen=True, slots=True)
class SilenceLaw:
    """How long silence lasts, and how long appeals stop where no hour was published."""

    length: timedelta
    unhoured_days: int
    source: str


@cache
def packs() -> Mapping[str, tuple[Rule, ...]]:
    """Every block of every pack, by rule, the oldest first."""
    found: dict[str, list[Rule]] = {}
    for path in sorted(_RULES.glob("*.toml")):
        for block in tomllib.loads(path.read_text(encoding="utf-8"))["rule"]:
            rule = _rule(path.stem, block)
            found.setdefault(rule.id, []).append(rule)
    return {name: tuple(sorted(blocks, key=lambda rule: rule.since)) for name, blocks in found.items()}


def _rule(pack: str, block: Mapping[str, Any]) -> Rule:
    values = dict(block)
    return Rule(pack=pack, since=values.pop("from"), until=values.pop("to", None), **values)


@cache
def rule_on(name: str, day: date) -> Rule:
    """The block of this rule in force on `day`: the newest that has begun; before the first block the first one."""
    blocks = packs()[name]
    return next((rule for rule in reversed(blocks) if rule.since <= day), blocks[0])


def rules_on(day: date) -> list[Rule]:
    """One block for every rule, by the numbers of the law sheet."""
    return sorted((rule_on(name, day) for name in packs()), key=lambda rule: (int(rule.number), rule.since, rule.id))


def switchable() -> list[str]:
    """The rules a deployment may switch off: those kept here that follow no other."""
    return [name for name, blocks in packs().items() if blocks[-1].kept_by == HERE and not blocks[-1].follows]


@cache
def silence_law(day: date) -> SilenceLaw:
    """The silence rules for a poll held on `day`. Source: rules/silence.toml."""
    silence, unhoured = rule_on("silence", day), rule_on("unhoured", day)
    return SilenceLaw(
        timedelta(hours=silence.numbers["hours"]), unhoured.numbers["unhoured_block_days"], silence.source
    )
