"""Days and hours as they are lived here: Asia/Kolkata, in Hindi and English."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

IST = ZoneInfo("Asia/Kolkata")

_MONTHS = {
    "hi": ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_DAYS = {
    "hi": ["सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_UNITS = {"hi": ("दिन", "घंटे", "मिनट", "सेकंड"), "en": ("d", "h", "min", "s")}


def local(at: datetime) -> datetime:
    """Return the same instant on the clock of Asia/Kolkata. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(IST)


def local_day(now: datetime) -> date:
    """Return the day it is in India at that instant."""
    return local(now).date()


def local_at(day: date, clock: time) -> datetime:
    """Return the instant (UTC) of an hour on a day in India; windows of law are computed with this."""
    return datetime.combine(day, clock, IST).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return [start, end) of an Indian day as instants in UTC."""
    return local_at(day, time.min), local_at(day + timedelta(days=1), time.min)


def _language(language: str) -> str:
    return "hi" if language.split("-")[0] == "hi" else "en"


def date_text(day: date, language: str = "hi") -> str:
    """Return "15 अप्रैल 2021" or "15 Apr 2021"."""
    return f"{day.day} {_MONTHS[_language(language)][day.month - 1]} {day.year}"


def day_text(day: date, language: str = "hi") -> str:
    """Return the date with its weekday: "गुरुवार, 15 अप्रैल 2021"."""
    return f"{_DAYS[_language(language)][day.weekday()]}, {date_text(day, language)}"


def _part_of_day(hour: int) -> str:
    for until, word in ((4, "रात"), (12, "सुबह"), (16, "दोपहर"), (20, "शाम")):
        if hour < until:
            return word
    return "रात"


def time_text(at: datetime, language: str = "hi") -> str:
    """Return the Indian clock time: "शाम 6:00 बजे" or "6:00 pm"."""
    clock = local(at)
    hour = f"{(clock.hour - 1) % 12 + 1}:{clock.minute:02d}"
    if _language(language) == "hi":
        return f"{_part_of_day(clock.hour)} {hour} बजे"
    return f"{hour} {'am' if clock.hour < 12 else 'pm'}"


def datetime_text(at: datetime, language: str = "hi") -> str:
    """Return "15 अप्रैल 2021, शाम 6:00 बजे" or "15 Apr 2021, 6:00 pm"."""
    return f"{date_text(local(at).date(), language)}, {time_text(at, language)}"


def duration_text(span: timedelta, language: str = "hi") -> str:
    """Return the two largest parts of a span: "3 h 12 min", "3 घंटे 12 मिनट". Less than a second is 0 s."""
    seconds = max(int(span.total_seconds()), 0)
    parts = (seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    named = [(n, unit) for n, unit in zip(parts, _UNITS[_language(language)], strict=True)]
    first = next((i for i, (n, _unit) in enumerate(named) if n), 3)
    shown = [f"{n} {_one_hour(n, unit)}" for n, unit in named[first : first + 2] if n]
    return " ".join(shown) or f"0 {named[3][1]}"


def _one_hour(n: int, unit: str) -> str:
    return "घंटा" if unit == "घंटे" and n == 1 else unit


def ago_text(at: datetime, *, now: datetime, language: str = "hi") -> str:
    """Return how long ago it was, by its largest part: "3 h ago", "3 घंटे पहले", "just now"."""
    hindi = _language(language) == "hi"
    if now - at < timedelta(minutes=1):
        return "अभी" if hindi else "just now"
    words = duration_text(now - at, language).split(" ")
    return f"{' '.join(words[:2])} {'पहले' if hindi else 'ago'}"
