"""Which area of a map is which unit: by official code where the file says so, else by name in any spelling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from toli.kit.text import fold_words, matches
from toli.warroom.maps.shapes import Feature

SCHEMES = ("lgd", "eci", "org")
"""Only a column named after a scheme is believed: a census code looks like a code of the government directory and
means another district."""


@dataclass(frozen=True)
class Place:
    """A unit as the matching sees it."""

    id: int
    names: tuple[str, ...]
    codes: Mapping[str, str]
    """Scheme -> value."""


@dataclass(frozen=True)
class Match:
    """What came of one area: its name in the file and the unit, by what; unit None where it is not certain."""

    name: str
    unit_id: int | None
    by: str = ""
    """code, name, or part: the only unit that has these words in its name."""


def match(features: Sequence[Feature], places: Sequence[Place], *, name_field: str = "") -> list[Match]:
    """One Match per feature, in their order. No unit is given twice; where two areas claim one, neither gets it."""
    field = name_field or best_field(features, places)
    names = [feature.properties.get(field, "") for feature in features]
    found: dict[int, tuple[int, str]] = {}
    _by_code(features, places, found)
    for by in ("name", "part"):
        taken = {unit for unit, _by in found.values()}
        index = _Index([place for place in places if place.id not in taken])
        claims: dict[int, list[int]] = defaultdict(list)
        for nth, name in enumerate(names):
            if nth not in found and (units := index.whole(name) if by == "name" else index.part(name)):
                claims[units[0] if len(units) == 1 else -1].append(nth)
        found |= {rows[0]: (unit, by) for unit, rows in claims.items() if unit >= 0 and len(rows) == 1}
    return [Match(name, *found.get(nth, (None, ""))) for nth, name in enumerate(names)]


def _by_code(features: Sequence[Feature], places: Sequence[Place], found: dict[int, tuple[int, str]]) -> None:
    for scheme in SCHEMES:
        units = {place.codes[scheme]: place.id for place in places if scheme in place.codes}
        for nth, feature in enumerate(features):
            words = {_plain(key): text for key, text in feature.properties.items()}
            code = words.get(scheme) or words.get(f"{scheme}code")
            unit = units.get(code or "")
            if unit is not None and nth not in found and all(unit != one for one, _by in found.values()):
                found[nth] = (unit, "code")


def _plain(key: str) -> str:
    return "".join(c for c in key.casefold() if c.isalnum())


def best_field(features: Sequence[Feature], places: Sequence[Place]) -> str:
    """The column whose words name the most different units; empty where none names any."""
    index = _Index(places)
    fields = dict.fromkeys(key for feature in features[:200] for key in feature.properties)
    scores = {field: len(_named(features[:200], field, index)) for field in fields}
    best = max(scores, key=lambda field: scores[field], default="")
    return best if best and scores[best] else _first_words(features)


def _named(features: Iterable[Feature], field: str, index: _Index) -> set[int]:
    return {unit for feature in features for unit in index.whole(feature.properties.get(field, ""))[:1]}


def _first_words(features: Sequence[Feature]) -> str:
    """Where no name fits any unit: a column with different words, so that the report can say which areas there are."""
    fields = dict.fromkeys(key for feature in features for key in feature.properties)
    return max(fields, key=lambda field: len({f.properties.get(field) for f in features}), default="")


class _Index:
    """Units by every key of every word of their names."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.names = [(place.id, name) for place in places for name in place.names]
        self.by_key: dict[str, set[int]] = defaultdict(set)
        for nth, (_unit, name) in enumerate(self.names):
            for keys in fold_words(name):
                for key in keys:
                    self.by_key[key].add(nth)

    def _near(self, words: str) -> list[tuple[int, str]]:
        rows = {nth for keys in fold_words(words) for key in keys for nth in self.by_key.get(key, ())}
        return [self.names[nth] for nth in sorted(rows)]

    def whole(self, words: str) -> list[int]:
        """Units with a name of the same words, in any script or spelling."""
        return list(dict.fromkeys(u for u, name in self._near(words) if matches(name, words) and matches(words, name)))

    def part(self, words: str) -> list[int]:
        """Units whose name has these words and more, or fewer."""
        return list(dict.fromkeys(u for u, name in self._near(words) if matches(name, words) or matches(words, name)))
