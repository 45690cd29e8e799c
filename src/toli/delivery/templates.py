"""The registered texts of messages: chosen by key and language, filled with values that name nobody."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

_FILE = Path(__file__).parent / "rules" / "templates.toml"
LANGUAGES = ("hi", "en")


@dataclass(frozen=True, slots=True)
class Template:
    """`dlt_id` is the operators' id of this text; `kind` what the gate asks; `texts` by language."""

    key: str
    dlt_id: str
    purpose: str
    kind: str
    texts: Mapping[str, str] = field(repr=False)
    any_hour: bool = False
    """A message about the person's own sign-in: it does not wait for the morning."""

    def fill(self, language: str, params: Mapping[str, str]) -> str:
        """The text in that language, Hindi where it is missing. Raises KeyError for a missing value."""
        return (self.texts.get(language) or self.texts["hi"]).format_map(params)

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(name for text in self.texts.values() for _t, name, _s, _c in Formatter().parse(text) if name)


@cache
def templates() -> Mapping[str, Template]:
    """Every registered template by key."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {key: _template(key, row) for key, row in found.items()}


def _template(key: str, row: Mapping[str, Any]) -> Template:
    texts = {tag: row[tag] for tag in LANGUAGES if tag in row}
    return Template(key, row["dlt_id"], row["purpose"], row["kind"], texts, bool(row.get("any_hour")))


def at_any_hour() -> list[str]:
    """The templates that are sent in the quiet hours too."""
    return [key for key, template in templates().items() if template.any_hour]


def parts_of(text: str) -> int:
    """How many SMS the operator counts: 70 characters each in Hindi, 160 in plain Latin, fewer when joined."""
    single, joined = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= single else -(-len(text) // joined)
