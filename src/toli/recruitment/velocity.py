"""How many applications of one device, network, referrer or number in a time are remarkable. Pure.

Set so that a helper at a camp, a college behind one address and a family with one phone stay below them; what lies
above is kept and marked. One device's flood is another matter: `accounts.limits` refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Remarkable:
    """More than `most` in any `window`."""

    most: int
    window: timedelta


SEEN = timedelta(days=2)
"""How far back is looked each time: longer than every window."""
LIMITS = {
    "device": Remarkable(20, timedelta(hours=1)),
    "address": Remarkable(200, timedelta(minutes=10)),
    "referrer": Remarkable(60, timedelta(hours=1)),
    "phone": Remarkable(3, timedelta(days=1)),
}
SAME_NAMES = 5
"""Persons of one name in one unit of at most a block: fewer are common."""
ROW = 6
"""So many numbers in a row on one day are a group. A family buys two or three cards at once, not six."""
ROW_STEP = 2
"""At most one number may be left out between two. Even where every tenth number of a thousand applies on the same day,
six meet like this by chance less than once in thousands: (1 - 0.9^2)^5."""
FASTEST = 8
"""Seconds from the form to the typed code below which no person reads an SMS and types it."""
FAST_GROUP = 10
"""So many fast ones of one unit are a group."""
