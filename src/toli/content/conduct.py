"""Which passages of a text a human should look at before it goes out; plain Python, the lists are data.

It flags and never decides: criticism of policies and of a record is lawful, so is satire, and one word can be said in
many ways. Whoever approves says of each passage why it may stay. Lists and their sources: words/conduct.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

_LISTS = Path(__file__).parent / "words" / "conduct.toml"
UNSOURCED = "unsourced"


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """Characters [start, end) of a text, and which list they stand in."""

    start: int
    end: int
    kind: str

    def of(self, text: str) -> str:
        """The words as they are written."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Kind:
    """A list: what it is called, what is asked of the writer, by which rule. Texts as {tag: text}."""

    key: str
    title: Mapping[str, str]
    ask: Mapping[str, str]
    source: str
    needs_source: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text, folded, with its place; `sentence` counts from 0."""

    folded: str
    start: int
    end: int
    sentence: int


class _Phrases:
    """Phrases found by their first word: whole words by name, beginnings ("धमकी*") among the sorted ones."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._whole: dict[str, list[tuple[str, ...]]] = {}
        beginnings: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            first, *rest = (_folded(word) for word in phrase.split())
            begin, key = (beginnings, first[:-1]) if first.endswith("*") else (self._whole, first)
            begin.setdefault(key, []).append(tuple(rest))
        self._beginnings = beginnings
        self._sizes = sorted({len(key) for key in beginnings})

    def found(self, words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
        """(first, last) places of the words of each phrase, the longest at each place."""
        for place, word in enumerate(words):
            lengths = [len(rest) for rest in self._rests(word.folded) if self._goes_on(rest, words, place)]
            if lengths:
                yield place, place + max(lengths)

    def _rests(self, word: str) -> Iterator[tuple[str, ...]]:
        yield from self._whole.get(word, ())
        for size in self._sizes:
            if size > len(word):
                return
            yield from self._beginnings.get(word[:size], ())

    @staticmethod
    def _goes_on(rest: tuple[str, ...], words: Sequence[_Word], place: int) -> bool:
        after = words[place + 1 : place + 1 + len(rest)]
        return len(after) == len(rest) and all(
            said.folded.startswith(wanted[:-1]) if wanted.endswith("*") else said.folded == wanted
            for said, wanted in zip(after, rest, strict=True)
        )


@dataclass(frozen=True, slots=True)
class _Near:
    """One phrase of each list within so many words of one sentence."""

    within: int
    lists: tuple[_Phrases, ...]

    def found(self, words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
        places = [sorted(phrases.found(words)) for phrases in self.lists]
        others = [[first for first, _ in found] for found in places[1:]]
        for first, last in places[0]:
            ends = [_nearest(first, firsts, found) for firsts, found in zip(others, places[1:], strict=True)]
            if all(end is not None for end in ends):
                span = [(first, last), *(end for end in ends if end)]
                begin, close = min(s for s, _ in span), max(e for _, e in span)
                if close - begin <= self.within and words[begin].sentence == words[close].sentence:
                    yield begin, close


def _nearest(place: int, firsts: Sequence[int], found: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    at = bisect_left(firsts, place)
    near = found[max(0, at - 1) : at + 1]
    return min(near, key=lambda one: abs(one[0] - place), default=None)


# Amounts and shares: what a reader takes for a fact and may ask the source of.
_CLAIM = re.compile(
    unicodedata.normalize(
        "NFC",
        r"""(?:₹|rs\.?|रु\.?)\s*\d[\d,.]*(?:\s*(?:करोड़?|लाख|हज़?ार|अरब|crore|lakh|thousand|cr)\w*)?
          | \d[\d,.]*\s*(?:%|प्रतिशत|फ़?ीसदी|per\s?cent
            |(?:हज़?ार|लाख|करोड़?|अरब|गुना|thousand|lakhs?|crores?|times)(?![\w\u093e-\u094d]))
          | \d[\d,]{3,}\s*(?:नौकर|रोज़?गार|स्कूल|अस्पताल|घर|सड़?क|गाँव|गांव|युवा|किसान
            |jobs|schools|hospitals|houses|roads|villages)\w*
        """,
    ),
    re.VERBOSE | re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u200c\u200d])*")
_SENTENCE_ENDS = re.compile(r"[.!?।॥\n]")


def passages(text: str, *, sourced: bool = False) -> list[Passage]:
    """Passages to look at, in order, of a text as `wording.clean` leaves it.

    `sourced`: the text has a link or rests on a fact with its source, so figures and allegations may stand.
    """
    words = _words(text)
    found = {
        Passage(words[first].start, words[last].end, kind.key)
        for kind, phrases, nears in _lists()
        if not (kind.needs_source and sourced)
        for first, last in chain(phrases.found(words), *(near.found(words) for near in nears))
    }
    if not sourced:
        found |= {Passage(*one.span(), UNSOURCED) for one in _CLAIM.finditer(_western(text))}
    return _merged(sorted(found))


def kinds() -> dict[str, Kind]:
    """Every list by its key."""
    return {kind.key: kind for kind, _, _ in _lists()}


def _merged(found: Sequence[Passage]) -> list[Passage]:
    """Passages of one kind that touch become one."""
    by_kind: dict[str, list[Passage]] = {}
    for one in found:
        of_kind = by_kind.setdefault(one.kind, [])
        if of_kind and one.start <= of_kind[-1].end:
            last = of_kind.pop()
            one = Passage(last.start, max(last.end, one.end), one.kind)
        of_kind.append(one)
    return sorted(one for of_kind in by_kind.values() for one in of_kind)


def _words(text: str) -> list[_Word]:
    ends = [mark.start() for mark in _SENTENCE_ENDS.finditer(text)]
    return [
        _Word(_folded(one.group()), one.start(), one.end(), bisect_left(ends, one.start()))
        for one in _WORD.finditer(text)
    ]


def _folded(word: str) -> str:
    """One spelling of a word: no nukta, one nasal sign, lower case, no joiners, no letter more than twice."""
    return _MANY.sub(r"\1\1", unicodedata.normalize("NFKD", word).translate(_SAME).lower())


_SAME = {0x093C: None, 0x200C: None, 0x200D: None, 0x0901: "\u0902"}
_MANY = re.compile(r"(.)\1{2,}")


def _western(text: str) -> str:
    """The digits of every script as 0-9, letter for letter."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)


@cache
def _lists() -> tuple[tuple[Kind, _Phrases, tuple[_Near, ...]], ...]:
    found: dict[str, dict[str, Any]] = tomllib.loads(_LISTS.read_text(encoding="utf-8"))
    return tuple(
        (
            Kind(key, row["title"], row["ask"], row["source"], row.get("needs_source", False)),
            _Phrases(row.get("words", ())),
            tuple(_Near(near["within"], tuple(map(_Phrases, near["lists"]))) for near in row.get("near", ())),
        )
        for key, row in found.items()
    )
