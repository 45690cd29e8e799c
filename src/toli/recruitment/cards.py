"""What an ID card says, and the token that stands in its QR code. Pure: `now` and the seal come from outside.

A token is two parts in URL-safe base64, joined by a dot: the message and its seal (Ed25519). The message is a JSON
list: version, key version, appointment (16 bytes in base64), seat in Hindi and English, unit in Hindi and English,
initials, signed at, valid until (both in seconds of 1970). No phone number, no full name: the person shows the card
themselves, and the initials tell whether it is theirs. `verify.js` reads the same list.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from toli.kit.dates import day_bounds, local_day
from toli.kit.text import first_letter

VERSION = 1
VALID_FOR = timedelta(days=30)
LONGEST = 40
"""Letters of a seat's or a unit's name: a token must fit a code that any phone reads."""
LONGEST_TOKEN = 1200


class NoCard(ValueError):
    """What was scanned is no card of this kind."""


@dataclass(frozen=True, slots=True)
class Card:
    """One card as it is signed."""

    appointment: UUID
    seat: Mapping[str, str]
    unit: Mapping[str, str]
    initials: str
    signed_at: datetime
    valid_until: datetime

    def is_current(self, now: datetime) -> bool:
        return self.signed_at <= now + timedelta(minutes=10) and now < self.valid_until

    def age_days(self, now: datetime) -> int:
        """Whole days since it was signed."""
        return max(0, (now - self.signed_at).days)


def signed_from(now: datetime, recalled_at: datetime | None) -> datetime:
    """When a card shown now counts as signed: this morning (IST), so that it is the same all day, or at the recall."""
    morning = day_bounds(local_day(now))[0]
    return max(morning, recalled_at) if recalled_at else morning


def initials(name: str) -> str:
    """The first letters of a name, at most three, each with its vowel sign: ल. श्री."""
    return " ".join(f"{first_letter(word)}." for word in name.split()[:3])


def message(card: Card, key_version: int) -> bytes:
    """The bytes that are sealed."""
    says = [
        VERSION, key_version, _text(card.appointment.bytes), *_pair(card.seat), *_pair(card.unit), card.initials,
        int(card.signed_at.timestamp()), int(card.valid_until.timestamp()),
    ]  # fmt: skip
    return json.dumps(says, ensure_ascii=False, separators=(",", ":")).encode()


def _pair(names: Mapping[str, str]) -> tuple[str, str]:
    hindi, english = names.get("hi", ""), names.get("en", "")
    return (hindi or english)[:LONGEST], (english or hindi)[:LONGEST]


def token(said: bytes, seal: bytes) -> str:
    return f"{_text(said)}.{_text(seal)}"


@dataclass(frozen=True, slots=True)
class Scanned:
    """A token taken apart; nothing in it is true before its seal was checked."""

    card: Card
    said: bytes
    key_version: int
    seal: bytes


def scan(text: str) -> Scanned:
    """Take a token apart. Raises NoCard."""
    said, _dot, seal = text.partition(".")
    if len(text) > LONGEST_TOKEN:
        raise NoCard
    try:
        raw = _bytes(said)
        version, key, ref, seat_hi, seat_en, unit_hi, unit_en, letters, signed, until = json.loads(raw)
        card = Card(
            UUID(bytes=_bytes(ref)), {"hi": str(seat_hi), "en": str(seat_en)}, {"hi": str(unit_hi), "en": str(unit_en)},
            str(letters), datetime.fromtimestamp(int(signed), UTC), datetime.fromtimestamp(int(until), UTC),
        )  # fmt: skip
        found = Scanned(card, raw, int(key), _bytes(seal))
    except (ValueError, TypeError, OverflowError, OSError, AttributeError, RecursionError, NotBase64):
        raise NoCard from None
    if version != VERSION:
        raise NoCard
    return found


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
