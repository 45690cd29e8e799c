"""Latitude and longitude as districts write them. What cannot be read is None with a reason, never a lost row."""

import re

from toli.kit.text import ascii_digits

# The box around India, islands included, in degrees.
SOUTH, NORTH, WEST, EAST = 6.0, 37.6, 68.0, 97.6
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def point(latitude: str, longitude: str) -> tuple[float | None, float | None, str]:
    """(latitude, longitude, reason) in degrees; the reason is empty, `swapped`, `unreadable` or `outside`."""
    if not latitude.strip() and not longitude.strip():
        return None, None, ""
    if not longitude.strip():
        latitude, longitude = _both(latitude)
    elif not latitude.strip():
        latitude, longitude = _both(longitude)
    first, second = degrees(latitude), degrees(longitude)
    if first is None or second is None:
        return None, None, "unreadable"
    if _inside(first, second):
        return first, second, ""
    if _inside(second, first):
        return second, first, "swapped"
    return None, None, "outside"


def _both(text: str) -> tuple[str, str]:
    """One cell that holds both values, cut at a comma, slash, semicolon or the space between two decimals."""
    halves = [half for half in re.split(r"[,;/|]|(?<=[NSns])\s*[-,]?\s*(?=[\dEe])", text) if re.search(r"\d", half)]
    if len(halves) != 2:
        halves = text.split()
    return (halves[0], halves[1]) if len(halves) == 2 else (text, "")


def degrees(text: str) -> float | None:
    """Degrees from `26.6331`, `25°29'52"`, `N-250 4'19''`, `25 29 52`; None when it is none of these."""
    plain = ascii_digits(text).replace("O", "0").replace("o", "0")
    parts = _NUMBER.findall(plain)
    if not parts or len(parts) > 3:
        return None
    if len(parts) == 1:
        return _decimal(parts[0])
    whole, minutes, seconds = _whole_degrees(parts[0]), float(parts[1]), float(parts[2]) if len(parts) == 3 else 0.0
    if whole is None or minutes >= 60 or seconds > 60:
        return None
    return round(whole + minutes / 60 + seconds / 3600, 7)


def _decimal(text: str) -> float | None:
    value = float(text)
    return round(value, 7) if value <= 180 else None


def _whole_degrees(text: str) -> float | None:
    """The degree sign is often typed as a raised zero, so `250` before minutes means 25."""
    value = float(text)
    if value > 180 and text.endswith("0") and "." not in text:
        value = float(text[:-1])
    return value if value <= 180 and value == int(value) else None


def _inside(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST
