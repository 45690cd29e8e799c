"""Days and hours as schedules write them: 17:00, 5 PM, 1700 hrs, शाम 5 बजे, 28-Oct-2020, 28/10/2020."""

from __future__ import annotations

import re
from datetime import date, datetime, time

_DEVANAGARI = str.maketrans("०१२३४५६७८९", "0123456789")

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
    "nov": 11, "dec": 12, "जनवरी": 1, "फरवरी": 2, "फ़रवरी": 2, "मार्च": 3, "अप्रैल": 4,
    "मई": 5, "जून": 6, "जुलाई": 7, "अगस्त": 8,
    "सितंबर": 9, "सितम्बर": 9, "अक्टूबर": 10, "अक्तूबर": 10, "नवंबर": 11, "नवम्बर": 11, "दिसंबर": 12, "दिसम्बर": 12,
}  # fmt: skip

_SHARED_SUFFIX = re.compile(
    r"(\d{1,2}(?:[:.]\d{2})?)\s*(?:-|–|/|,|&|to|or|and|या|और|से)\s*(?=\d{1,2}(?:[:.]\d{2})?\s*([ap])\.?m\b)"
)
_CLOCK = re.compile(
    r"(?P<evening>शाम|सायं|सांय|दोपहर|अपराह्न|evening)?\s*"
    r"(?<![\d:])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::\d{2}(?![\d:]))?)?(?![\d:])\s*"
    r"(?P<half>[ap]\.?\s?m\b\.?)?\s*(?P<word>बजे|hrs?\b\.?|hours\b|o'?clock)?"
)
_MILITARY = re.compile(r"(?<![\d:])([01]\d|2[0-3])([0-5]\d)\s*(?:hrs?\b\.?|hours\b)")
# An hour or a weekday may stand behind a day; a second day may not, because one of the two would be lost.
_TRAILING = re.compile(
    r"(?<=\d)(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$|[\s,(]+[^\d\s,(]+\)?$"
)
_NOISE = re.compile(r"[\s,;/&()\-–]|\b(?:ist|to|or|and|from|till|until|upto|up|by|closes?)\b|या|और|से|तक|समय|सुबह|प्रातः")


def latin_digits(text: str) -> str:
    """The text with Devanagari digits as 0-9."""
    return text.translate(_DEVANAGARI)


def parse_day(text: str) -> date | None:
    """A calendar day, or None; the day comes before the month when only figures are given."""
    text = _TRAILING.sub("", latin_digits(text).strip())
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return _day(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text):
        day, month, year = map(int, found.groups())
        return _day(year, month, day)
    return _day_in_words(text)


def _day_in_words(text: str) -> date | None:
    figures = re.findall(r"\d+", text)
    month = next((number for word, number in _MONTHS.items() if word in text.casefold()), None)
    if month is None or len(figures) != 2:
        return None
    day, year = sorted(map(int, figures))
    return _day(year, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_moment(text: str) -> datetime | None:
    """A day with an hour ("2020-11-07T18:30"), naive local time, or None."""
    day = parse_day(text)
    rest = re.split(r"[T\s]", latin_digits(text).strip(), maxsplit=1)
    hours = parse_hours(rest[1])[0] if len(rest) == 2 else ()
    return datetime.combine(day, hours[0]) if day and len(hours) == 1 else None


def parse_hours(text: str) -> tuple[tuple[time, ...], bool]:
    """All clock hours in the text, sorted, and whether every part of it was understood.

    An hour without am or pm is taken as it stands on the 24-hour clock; one before 8 is not understood,
    because "5" may be meant as evening, and an hour guessed wrong would shorten the silence.
    """
    left = _SHARED_SUFFIX.sub(r"\1 \2m ", latin_digits(text).casefold())
    hours: list[time] = []
    understood = True
    for found in _MILITARY.finditer(left):
        hours.append(time(int(found[1]), int(found[2])))
    left = _MILITARY.sub(" ", left)
    for found in _CLOCK.finditer(left):
        hour = _hour(found)
        understood = understood and hour is not None
        hours += [hour] if hour else []
    left = _NOISE.sub("", _CLOCK.sub(" ", left))
    return tuple(sorted(set(hours))), understood and not left


def _hour(found: re.Match[str]) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "")[:1]
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if (half == "p" or found["evening"]) and hour < 12:
        hour += 12
    elif half == "a":
        hour %= 12
    elif hour < 8 and not _is_padded(found["hour"]):
        return None
    return time(hour, minute) if hour < 24 else None


def _is_padded(hour: str) -> bool:
    return hour.startswith("0")


def hours_in_prose(text: str) -> tuple[time, ...]:
    """Clock hours named in a note ("hill areas close 17:00"), leaving out those that belong to a date."""
    text = latin_digits(text)
    text = re.sub(r"\d{4}-\d{1,2}-\d{1,2}(?:[T\s]+\d{1,2}:\d{2})?", " ", text)
    clocks = re.findall(r"\b\d{1,2}[:.]\d{2}(?:\s*[ap]\.?m\b)?|\b\d{1,2}\s*[ap]\.?m\b|\b\d{4}\s*hrs?\b", text, re.I)
    return tuple(sorted({hour for clock in clocks for hour in parse_hours(clock)[0]}))
