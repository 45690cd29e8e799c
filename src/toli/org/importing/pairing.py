"""Which new station is which old one: proposals with a confidence, pure, one constituency at a time.

Numbers change at every revision and names are spelt anew, so number, name, building and place are weighed together.
A main and an auxiliary station are never taken for one another.
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from toli.kit.folding import keys_of
from toli.kit.text import words

LEAST = 45
"""Below this nothing is proposed."""
STATED = ("main", "auxiliary")
_WEIGHTS = {"name": 45, "building": 20, "number": 20, "place": 15}
# Words that tell rooms and wings of one building apart.
_PART_WORDS = """room rooms no kamra kaksh part bhag side wing east west north south eastern western northern
    southern left right purvi paschimi uttari dakshini uttar dakshin purab pashchim middle madhya new old naya purana
    कमरा कक्ष भाग पूर्वी पश्चिमी उत्तरी दक्षिणी उत्तर दक्षिण पूरब पश्चिम मध्य नया पुराना बायाँ दायाँ नं संख्या"""
_PARTS = frozenset(_PART_WORDS.split())
_LEADING_NUMBER = re.compile(r"^\W*[\d०-९]{1,4}\s*(\(?[A-Za-z\u0905-\u0939]\)?)?\s+(?=\S{2})")
_EARTH_METRES = 6_371_000


class Station(NamedTuple):
    number: int
    suffix: str
    kind: str
    names: tuple[str, ...]
    latitude: float | None = None
    longitude: float | None = None


class Proposal(NamedTuple):
    """An old and a new station (places in the two lists); -1 where there is no other side."""

    old: int
    new: int
    confidence: int
    signs: dict[str, int]


def propose(old: Sequence[Station], new: Sequence[Station]) -> list[Proposal]:
    """Every station of both lists once: pairs first, then the new ones without an old one, then the old ones left."""
    pairs = _best_pairs(old, new) if old and new else []
    taken_old, taken_new = {pair.old for pair in pairs}, {pair.new for pair in pairs}
    fresh = [Proposal(-1, at, 0, {}) for at in range(len(new)) if at not in taken_new]
    gone = [Proposal(at, -1, 0, {}) for at in range(len(old)) if at not in taken_old]
    return [*sorted(pairs, key=lambda pair: pair.new), *fresh, *gone]


def may_be_same(one: str, other: str) -> bool:
    """False for a main and an auxiliary station, whatever else is alike."""
    return not (one in STATED and other in STATED and one != other)


def _best_pairs(old: Sequence[Station], new: Sequence[Station]) -> list[Proposal]:
    signs = _signs(old, new)
    score = _score(signs, old, new)
    order = np.argsort(-score, axis=None, kind="stable")
    used_old, used_new, found = set(), set(), []
    for flat in order:
        at, to = divmod(int(flat), len(new))
        if score[at, to] < LEAST:
            break
        if at in used_old or to in used_new:
            continue
        used_old.add(at)
        used_new.add(to)
        shown = {name: int(matrix[at, to]) for name, matrix in signs.items() if matrix[at, to] >= 0}
        found.append(Proposal(at, to, _confidence(score, at, to, old[at], new[to]), shown))
    return found


def _confidence(score: np.ndarray, at: int, to: int, old: Station, new: Station) -> int:
    """The score, less when another station fits nearly as well, and never high where the kind is not stated."""
    own = float(score[at, to])
    rivals = max(_second(score[at, :], to), _second(score[:, to], at))
    sure = own - max(0.0, 12.0 - (own - rivals)) if rivals > 0 else own
    if old.kind != new.kind:
        sure = min(sure, 70.0)
    return int(max(1, min(100, round(sure))))


def _second(line: np.ndarray, own: int) -> float:
    return float(np.delete(line, own).max(initial=0.0))


def _score(signs: dict[str, np.ndarray], old: Sequence[Station], new: Sequence[Station]) -> np.ndarray:
    """0-100: the mean of what is known, by weight; 0 where the two may not be one."""
    total, weights = np.zeros((len(old), len(new))), np.zeros((len(old), len(new)))
    for name, matrix in signs.items():
        known = matrix >= 0
        total += np.where(known, matrix, 0) * _WEIGHTS[name]
        weights += known * _WEIGHTS[name]
    score = np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)
    # Without names a number alone proves little.
    score = np.where(signs["name"] < 0, np.minimum(score, 60), score)
    allowed = np.array([[may_be_same(o.kind, n.kind) for n in new] for o in old])
    return np.where(allowed, score, 0)


def _signs(old: Sequence[Station], new: Sequence[Station]) -> dict[str, np.ndarray]:
    """Per sign 0-100 for every old and new station, -1 where one of them does not say."""
    return {
        "name": _alike(old, new, parts=True),
        "building": _alike(old, new, parts=False),
        "number": np.array([[_numbers(o, n) for n in new] for o in old], dtype=float),
        "place": np.array([[_places(o, n) for n in new] for o in old], dtype=float),
    }


def _alike(old: Sequence[Station], new: Sequence[Station], *, parts: bool) -> np.ndarray:
    ours, theirs = [_sound(one, parts=parts) for one in old], [_sound(one, parts=parts) for one in new]
    matrix = process.cdist(ours, theirs, scorer=fuzz.token_sort_ratio, dtype=np.float32).astype(float)
    empty_old, empty_new = np.array([not text for text in ours]), np.array([not text for text in theirs])
    return np.where(empty_old[:, None] | empty_new[None, :], -1.0, matrix)


def _sound(station: Station, *, parts: bool) -> str:
    """How the name sounds, in either script; without its own number, and without what tells rooms apart."""
    name = max(station.names, key=len, default="")
    name = _LEADING_NUMBER.sub("", name) or name
    found = [word for word in words(name) if parts or (word not in _PARTS and not word.isdigit())]
    return " ".join(word if word.isdigit() else next(iter(keys_of(word)), word) for word in found)


def _numbers(old: Station, new: Station) -> int:
    if (old.number, old.suffix) == (new.number, new.suffix):
        return 100
    apart = abs(old.number - new.number)
    return 60 if apart == 0 else max(0, 50 - 5 * apart)


def _places(old: Station, new: Station) -> int:
    metres = distance(old, new)
    if metres is None:
        return -1
    return 100 if metres <= 60 else 80 if metres <= 250 else 40 if metres <= 1_000 else 0


def distance(old: Station, new: Station) -> int | None:
    """Metres between two stations, None when one has no coordinates."""
    if None in (old.latitude, old.longitude, new.latitude, new.longitude):
        return None
    lat1, lon1, lat2, lon2 = (
        math.radians(float(v)) for v in (old.latitude, old.longitude, new.latitude, new.longitude) if v is not None
    )
    a = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return round(2 * _EARTH_METRES * math.asin(math.sqrt(min(1.0, a))))
