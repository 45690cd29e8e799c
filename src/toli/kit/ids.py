"""Refs that stand in addresses, and receipts to say aloud."""

import os
import secrets
import time
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput
from toli.kit.text import ascii_digits

RECEIPT_DIGITS = 10
TEN_YEARS_MS = 3653 * 86_400_000

# The quasigroup of order ten of H. M. Damm, "Total anti-symmetrische Quasigruppen" (Marburg, 2004): every
# single wrong digit and every swap of two neighbours changes the check digit.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def uuid7() -> UUID:
    """Return a version 7 UUID (RFC 9562, 5.7): milliseconds, then 12 bits of fraction (6.2, method 3)."""
    millis, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    tail = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return UUID(int=(millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail)


def uuid7_time(ref: UUID) -> datetime:
    """Return the instant (UTC, milliseconds) a ref was made by its maker's clock; cut at year 9999."""
    return datetime.fromtimestamp(min((ref.int >> 80) / 1000, 253_402_300_799), UTC)


def parse_ref(text: str, *, now: datetime | None = None) -> UUID:
    """Return the ref a phone minted. Raises BadInput unless version 7 and within ten years of `now`."""
    try:
        ref = UUID(text.strip())
    except (ValueError, AttributeError):
        raise BadInput(_("This address is not complete. Please open the link again.")) from None
    if ref.version != 7 or (now is not None and abs((ref.int >> 80) - now.timestamp() * 1000) > TEN_YEARS_MS):
        raise BadInput(_("This address is not complete. Please open the link again."))
    return ref


def _check_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def new_receipt() -> str:
    """Return ten digits: never 0 first, nine random (so that none can be guessed), the last one checks."""
    body = str(secrets.randbelow(9 * 10 ** (RECEIPT_DIGITS - 2)) + 10 ** (RECEIPT_DIGITS - 2))
    return f"{body}{_check_digit(body)}"


def parse_receipt(text: str) -> str:
    """Return the ten digits of a receipt typed in any script, with spaces or hyphens. Raises BadInput."""
    digits = "".join(c for c in ascii_digits(text) if not c.isspace() and c not in "-–.")
    if len(digits) != RECEIPT_DIGITS or not (digits.isascii() and digits.isdigit()) or _check_digit(digits):
        raise BadInput(_("This receipt number is not right. It has ten digits; please check them."))
    return digits


def spoken_receipt(receipt: str) -> str:
    """Return the receipt in groups that are easy to say: 482 913 7056."""
    return f"{receipt[:3]} {receipt[3:6]} {receipt[6:]}"
