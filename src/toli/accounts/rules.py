"""Limits and lifetimes of codes and PINs, and the decisions made of them. Pure: `now` is passed in."""

from __future__ import annotations

import itertools
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
