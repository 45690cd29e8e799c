"""What a schedule row speaks of: named constituencies, or a number of them that it does not name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from toli.elections.schedule.words import latin_digits

_PHASE = re.compile(r"^\s*(?:phase|चरण)\s*[-:]?\s*(\d+|[ivx]+\b)\s*(?:default)?\s*[:\-–,]?\s*", re.I)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_SEATS = r"(?:[ap]\.?c\.?s?|seats?|constituenc\w*|segments?|विधानसभा\w*|सीट\w*|क्षेत्र\w*)"
_COUNTED = re.compile(rf"\b(\d[\d,]*)\s+(?:[\w\-]+\s+){{0,3}}?{_SEATS}(?!\w)", re.I)
_WHOLE = re.compile(
    r"^\s*(?:all\b|whole\b|entire\b|state(?:wide)?\b|default\b|rest\b|remaining\b|other\b|others\b|सभी|शेष|बाकी|पूरा|पूरे)",
    re.I,
)
_SIZE = re.compile(r"^\W*\d[\d,]*\s+(?:polling|electors?|voters?|booths?|stations?|मतदाता|मतदान|बूथ)", re.I)
_EXCEPT = re.compile(r"(?:except(?:ing)?|excluding|but not|other than|outside|को छोड़कर|छोड़कर)\s*:?\s*([^;)]+)", re.I)
_ADJOURNED = re.compile(r"([^();:,]+?)\s+(?:was\s+)?(?:adjourned|countermanded|postponed|स्थगित)", re.I)
_AC_NUMBER = re.compile(r"\b(?:a\.?c|constituency|विधानसभा)\.?\s*(?:no\.?|number|संख्या|-)?\s*(\d+)\b", re.I)
_LEADING_NUMBER = re.compile(r"\s*(\d{1,3})\s*[-.:)]?\s+(?=\D)|\s*(?<!\d)(\d{1,3})\s*[-.:)]\s*(?=\D)")
_RESERVED = re.compile(r"\s*[\(\[]?\b(?:SC|ST)\b[\)\]]?\s*$")


@dataclass(frozen=True, slots=True)
class Place:
    """One constituency as a schedule writes it; the number is the Election Commission's, within its state."""

    name: str
    number: int | None = None
    district: str = ""
    other_name: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """`places` when they are named; else a collective of `count` (None: not stated) without `left_out`."""

    places: tuple[Place, ...] = ()
    count: int | None = None
    phase: int | None = None
    left_out: tuple[str, ...] = field(default=())

    @property
    def is_collective(self) -> bool:
        return not self.places


def parse_scope(text: str) -> Scope:
    """Read the scope column, whose words are nobody's standard; what names no place is a collective."""
    text = latin_digits(text).strip()
    phase_found = _PHASE.match(text)
    phase = phase_number(phase_found[1]) if phase_found else None
    rest = text[phase_found.end() :] if phase_found else text
    counted = _COUNTED.search(_without_numbers(rest))
    if counted or _WHOLE.match(rest) or not rest.strip(" ()"):
        count = int(counted[1].replace(",", "")) if counted else None
        return Scope(count=count, phase=phase, left_out=_left_out(rest))
    return Scope(places=tuple(_places(rest)), phase=phase)


def phase_number(text: str) -> int | None:
    """1 for "1", "I" or "phase 1"; None where no number is said."""
    found = re.search(r"\d+", latin_digits(text))
    if found:
        return int(found[0])
    return next((_ROMAN[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in _ROMAN), None)


def _without_numbers(text: str) -> str:
    """The text without "AC 179", which is a constituency's number and not a count of constituencies."""
    return _AC_NUMBER.sub(" ", text)


def _left_out(text: str) -> tuple[str, ...]:
    names = [name for found in _EXCEPT.finditer(text) for name in _split(found[1])]
    names += [found[1].strip() for found in _ADJOURNED.finditer(text)]
    return tuple(name for name in names if name and not re.search(r"\d|\blist\b|\blwe\b", name, re.I))


def _split(text: str) -> list[str]:
    """Cut at commas, semicolons and "and" that stand outside brackets."""
    parts = re.split(r"[,;]|\s+(?:and|&|एवं|तथा|और)\s+", re.sub(r"\([^)]*\)", lambda m: _hide(m[0]), text))
    return [part.replace("\x00", ",").replace("\x01", ";").replace("\x02", " and ").strip() for part in parts]


def _hide(text: str) -> str:
    return text.replace(",", "\x00").replace(";", "\x01").replace(" and ", "\x02")


def _places(text: str) -> list[Place]:
    text = re.sub(r"\d,\d", lambda m: m[0].replace(",", ""), text)
    return [place for part in _split(text) if part and not _SIZE.match(part) for place in [_place(part)] if place]


def _place(text: str) -> Place | None:
    inside = " ".join(re.findall(r"\(([^)]*)\)", text))
    name = re.sub(r"\([^)]*\)", " ", text)
    number = _AC_NUMBER.search(inside) or _AC_NUMBER.search(name) or _LEADING_NUMBER.match(name)
    name = _LEADING_NUMBER.sub("", name)
    name = _RESERVED.sub("", re.sub(r"\s+", " ", _AC_NUMBER.sub(" ", name)).strip(" .:-–"))
    words = [word.strip() for word in _AC_NUMBER.sub("", inside).split(",")]
    district = next((word for word in words if word and word not in ("SC", "ST", "GEN")), "")
    if not name and not number:
        return None
    return Place(name, int(next(filter(None, number.groups()))) if number else None, district)
