"""What stands between a text and its approval: marked passages, the code of conduct's points, papers.

Plain Python over a wording; the hours of law are the gate's and are asked again at every sending.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toli.content.conduct import UNSOURCED, Kind, Passage, kinds, passages
from toli.content.wording import Wording, clean

_POINTS = Path(__file__).parent / "words" / "checklist.toml"


@dataclass(frozen=True, slots=True)
class Question:
    """A marked passage in one language: whoever approves says why it may stay."""

    language: str
    passage: Passage
    words: str

    @property
    def key(self) -> str:
        """Names the passage on a form; the wording's hash says which text."""
        return f"{self.language}-{self.passage.kind}-{self.passage.start}"

    @property
    def kind(self) -> Kind:
        return kinds().get(self.passage.kind) or _UNSOURCED


_UNSOURCED = Kind(
    UNSOURCED,
    {"hi": "बिना स्रोत का आँकड़ा", "en": "A figure without a source"},
    {
        "hi": "यह आँकड़ा कहाँ से है? लिंक जोड़ें, या लिखें कि किस काग़ज़ से लिया।",
        "en": "Where is this from? Add the link, or say which paper it is taken from.",
    },
    "ECI advisory 1-Mar-2024: no unverified or misleading statements",
    needs_source=True,
)  # fmt: skip


def questions(wording: Wording) -> list[Question]:
    """Every marked passage of every language, Hindi first, in order."""
    texts = {tag: clean(text) for tag, text in sorted(wording.every_text().items(), key=_order)}
    return [
        Question(tag, one, one.of(text))
        for tag, text in texts.items()
        for one in passages(text, sourced=bool(wording.link))
    ]


def _order(said: tuple[str, str]) -> tuple[bool, str]:
    """Hindi, English, then the channels."""
    return "." in said[0], {"hi": "0", "en": "1"}.get(said[0], said[0])


def is_careful(wording: Wording) -> bool:
    """True when one of the two who approve has to stand above: paid, made with AI, naming a person, or marked."""
    marked = (one.passage.kind != UNSOURCED for one in questions(wording))
    return wording.paid or wording.ai != "none" or wording.names_person or any(marked)


def unanswered(asked: Iterable[Question], reasons: Mapping[str, str]) -> list[Question]:
    """Those without a reason of at least a few letters."""
    return [one for one in asked if len(reasons.get(one.key, "").strip()) < LEAST_REASON]


LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the code of conduct; `says` as {tag: text}."""

    key: str
    says: Mapping[str, str]


@cache
def points() -> tuple[Point, ...]:
    """The points a text is read against while the code of conduct holds."""
    rows = tomllib.loads(_POINTS.read_text(encoding="utf-8"))["point"]
    return tuple(Point(row["key"], {"hi": row["hi"], "en": row["en"]}) for row in rows)


def unread(ticked: Collection[str]) -> list[Point]:
    """Points that were not ticked."""
    return [point for point in points() if point.key not in ticked]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; `kind` is set where it is marked."""

    text: str
    kind: Kind | None = None


def marked(text: str, asked: Iterable[Question], language: str) -> list[Part]:
    """The text cut at its marked passages, to be shown; of two that overlap the first is shown."""
    text, parts, at = clean(text), list[Part](), 0
    for one in sorted((q for q in asked if q.language == language), key=lambda q: q.passage):
        if one.passage.start < at:
            continue
        parts += [Part(text[at : one.passage.start]), Part(one.words, one.kind)]
        at = one.passage.end
    return [part for part in [*parts, Part(text[at:])] if part.text]
