"""Which new station is which old one: proposals with a confidence, pure, one constituency at a time.

Numbers change at every revision and names are spelt anew, so number, name, building and place are weighed together.
A main and an auxiliary station are never taken for one another.
"""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from toli.kit.folding import keys_of
from toli.kit.text import words

STATED = ("main", "auxiliary")
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
    from toli.org.importing.scoring import best_pairs  # numpy, which no other page or job needs

    pairs = best_pairs(old, new) if old and new else []
    taken_old, taken_new = {pair.old for pair in pairs}, {pair.new for pair in pairs}
    fresh = [Proposal(-1, at, 0, {}) for at in range(len(new)) if at not in taken_new]
    gone = [Proposal(at, -1, 0, {}) for at in range(len(old)) if at not in taken_old]
    return [*sorted(pairs, key=lambda pair: pair.new), *fresh, *gone]


def may_be_same(one: str, other: str) -> bool:
    """False for a main and an auxiliary station, whatever else is alike."""
    return not (one in STATED and other in STATED and one != other)


def sound(station: Station, *, parts: bool) -> str:
    """How the name sounds, in either script; without its own number, and without what tells rooms apart."""
    name = max(station.names, key=len, default="")
    name = _LEADING_NUMBER.sub("", name) or name
    found = [word for word in words(name) if parts or (word not in _PARTS and not word.isdigit())]
    return " ".join(word if word.isdigit() else next(iter(keys_of(word)), word) for word in found)


def numbers(old: Station, new: Station) -> int:
    if (old.number, old.suffix) == (new.number, new.suffix):
        return 100
    apart = abs(old.number - new.number)
    return 60 if apart == 0 else max(0, 50 - 5 * apart)


def places(old: Station, new: Station) -> int:
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
