"""Share links, one for each text and place, and how many came by them without knowing who. Pure.

Visitors of a day are counted with a HyperLogLog sketch (Flajolet, Fusy, Gandouet, Meunier 2007): of each visitor stay
a bucket and the length of a run of zeros, of a digest whose salt is thrown away with the day. The standard error of
1,024 buckets is 1.04 / sqrt(1024), about 3 %; small numbers are counted by empty buckets, which is nearly exact.
"""

from __future__ import annotations

import hmac
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

BUCKETS = 1024
_BITS = 64 - BUCKETS.bit_length() + 1
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_FILE = Path(__file__).parent / "bots.toml"


class Link(NamedTuple):
    item_id: int
    unit_id: int


def code_of(item: int | str, unit_id: int) -> str:
    """The last part of a link's address, "k3f-2a9": the text, and the place whose people share it.

    `item` may be a mark that a phone replaces with the text's short number.
    """
    return f"{item if isinstance(item, str) else short(item)}-{short(unit_id)}"


def short(number: int) -> str:
    """The number with the digits 0-9 and a-z."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def read_code(code: str) -> Link | None:
    """What a code names, or None for anything else."""
    found = re.fullmatch(r"([0-9a-z]{1,12})-([0-9a-z]{1,12})", code)
    return Link(int(found[1], 36), int(found[2], 36)) if found else None


class Trace(NamedTuple):
    """What is kept of one visitor."""

    bucket: int
    rank: int


def trace_of(salt: bytes, link: Link, address: str, agent: str) -> Trace:
    """Another for every text, place and day, so that sketches cannot be laid side by side to follow anybody."""
    digest = hmac.digest(salt, f"{link.item_id}:{link.unit_id}:{address}:{agent}".encode(), "sha256")
    number = int.from_bytes(digest[:8], "big")
    rest = number & ((1 << _BITS) - 1)
    return Trace(number >> _BITS, _BITS - rest.bit_length() + 1)


@cache
def _bots() -> re.Pattern[str]:
    parts = tomllib.loads(_FILE.read_text(encoding="utf-8"))["agents"]["parts"]
    return re.compile("|".join(re.escape(part) for part in parts), re.IGNORECASE)


def is_bot(agent: str) -> bool:
    """True for programs that fetch a page to preview, index or test it, and for whoever says nothing."""
    return not agent.strip() or _bots().search(agent) is not None
