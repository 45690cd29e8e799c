"""The registered texts of messages: chosen by key and language, filled with values that name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Formatter
from typing import Any

from django.conf import settings

from toli.delivery.registry import LANGUAGES, rows


@dataclass(frozen=True, slots=True)
class Template:
    """`ids` are the operators' ids of `texts`, both by language; `kind` is what the gate asks."""

    key: str
    ids: Mapping[str, str]
    purpose: str
    kind: str
    texts: Mapping[str, str] = field(repr=False)
    any_hour: bool = False
    """A message about the person's own sign-in: it does not wait for the morning."""

    def fill(self, language: str, params: Mapping[str, str]) -> str:
        """The text in that language, Hindi where it is missing. Raises KeyError for a missing value."""
        return (self.texts.get(language) or self.texts["hi"]).format_map(params)

    def title(self, language: str) -> str:
        """What stands above a notice or mail: the organisation's word for itself."""
        return "टोली" if language != "en" else "Toli"

    def id_for(self, language: str) -> str:
        """The operators' id of the text that `fill` takes for this language."""
        return self.ids[language if language in self.texts else "hi"]

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(name for text in self.texts.values() for _t, name, _s, _c in Formatter().parse(text) if name)


@cache
def templates() -> Mapping[str, Template]:
    """Every registered template by key, with the ids of this deployment; outside production those of the local
    server.
    """
    return {key: _template(key, row) for key, row in rows().items()}


def _template(key: str, row: Mapping[str, Any]) -> Template:
    texts = {tag: row[tag] for tag in LANGUAGES if tag in row}
    ids = settings.SMS_TEXT_IDS.get(key) or dict.fromkeys(texts, row["dlt_id"])
    return Template(key, ids, row["purpose"], row["kind"], texts, bool(row.get("any_hour")))


def at_any_hour() -> list[str]:
    """The templates that are sent in the quiet hours too."""
    return [key for key, template in templates().items() if template.any_hour]


def parts_of(text: str) -> int:
    """How many SMS the operator counts: 70 characters each in Hindi, 160 in plain Latin, fewer when joined."""
    single, joined = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= single else -(-len(text) // joined)
