"""Limits and lifetimes of codes and PINs, and the decisions made of them. Pure: `now` is passed in."""

from __future__ import annotations

import itertools
import re
import secrets
from datetime import datetime, timedelta

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=15)
REPEAT_WHILE_LEFT = timedelta(minutes=5)
"""A live code with at least this long to live is repeated; a shorter one gets a successor beside it."""
RESEND_GAP = timedelta(seconds=30)
REPEATS = 4
LIVE_CODES = 2
TRIES_PER_CODE = 5

WINDOW = timedelta(hours=1)
ASKS_PER_NUMBER = 6
ASKS_PER_DEVICE = 10
FAILURES_PER_NUMBER = 30
FAILURES_PER_DEVICE = 10

ADDRESS_WINDOW = timedelta(minutes=10)
ADDRESS_FREE_ASKS = 300
"""A district office or an operator may stand behind one address; after this many asks it is served slower."""
SLOWEST_SEND = timedelta(seconds=60)

PIN_DIGITS = (4, 6)
PIN_TRIES_PER_DEVICE = 5
PIN_TRIES_PER_HOLDER = 10
PIN_LOCK = timedelta(hours=1)
TRUST_LIFE = timedelta(days=90)
IDLE_NUMBER = timedelta(days=90)

WRONG_PROOFS_PER_LOGIN = 10
"""Wrong app codes, recovery codes and passkeys of one login in an hour."""
APP_CODE_KEPT = timedelta(minutes=3)
"""An app code is good for up to 90 seconds, and once."""
SEEN_EVERY = timedelta(minutes=5)

OTHER_WAYS_AFTER = timedelta(seconds=30)
"""A call or an SMS the other way round is offered when the code takes this long, or longer than it takes at present."""
LONGEST_WAIT = timedelta(seconds=120)

CAMP_HOURS = (1, 24)
CAMP_USES = (1, 1000)

SECOND_FACTOR_LIFE = timedelta(hours=8)
SESSION_LIFE = timedelta(days=7)
KIOSK_LIFE = timedelta(minutes=10)

SEND_TRIES = 3
SENDING_STALE = timedelta(seconds=60)
KEEP = timedelta(days=2)


def new_code() -> str:
    """Return six digits, each equally likely."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def may_repeat(expires_at: datetime, tries: int, *, now: datetime) -> bool:
    """True when asking again sends this same code instead of making another."""
    return tries < TRIES_PER_CODE and expires_at - now >= REPEAT_WHILE_LEFT


def send_delay(asks_from_address: int) -> timedelta:
    """How much later a code goes out to a busy address: nothing at first, a minute at most."""
    over = max(asks_from_address - ADDRESS_FREE_ASKS, 0)
    return min(over * timedelta(seconds=0.2), SLOWEST_SEND)


def is_idle(last_used_at: datetime | None, *, now: datetime) -> bool:
    """True when the number slept so long that it may belong to somebody else by now."""
    return last_used_at is not None and now - last_used_at >= IDLE_NUMBER


def is_weak_pin(pin: str) -> bool:
    """True for one digit repeated, and for digits that only count up or down."""
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    return steps <= {0} or steps <= {1} or steps <= {9}


def second_factor_holds(proved_at: datetime | None, *, now: datetime) -> bool:
    """True while a proof by passkey or app code is fresh enough for sensitive rights."""
    return proved_at is not None and timedelta(0) <= now - proved_at < SECOND_FACTOR_LIFE


def other_ways_at(asked_at: datetime, delay: timedelta | None) -> datetime:
    """When the page offers other ways than the SMS: once it is later than codes are at present, 30 s to 2 min."""
    wait = max(delay or OTHER_WAYS_AFTER, OTHER_WAYS_AFTER)
    return asked_at + min(wait, LONGEST_WAIT)


def is_cut_off(proved_at: datetime | None, ended_at: datetime | None) -> bool:
    """True when a proof is older than the moment the person signed out everywhere."""
    return ended_at is not None and (proved_at is None or proved_at < ended_at)


WORD_LETTERS = "ACDEFHJKLMNPRTUVWXY34579"
"""No letter that looks or sounds like another one; no vowel pair that makes a word."""
WORD_LENGTH = 8
_WORD = re.compile(rf"[{WORD_LETTERS}]{{{WORD_LENGTH}}}")


def word_from(digest: bytes) -> str:
    """The word of a code, from 16 bytes of its signature: 8 letters, 36 bits."""
    number = int.from_bytes(digest[:16], "big")
    letters = []
    for _place in range(WORD_LENGTH):
        number, rest = divmod(number, len(WORD_LETTERS))
        letters.append(WORD_LETTERS[rest])
    return "".join(letters)


def words_in(said: str) -> list[str]:
    """What of an SMS may be such a word, however it was spaced or written. At most a few."""
    tidy = re.sub(r"[^0-9A-Z]", "", said[:200].upper())
    found = [tidy[at : at + WORD_LENGTH] for at in range(max(len(tidy) - WORD_LENGTH + 1, 0))]
    return [word for word in found if _WORD.fullmatch(word)][:60]
