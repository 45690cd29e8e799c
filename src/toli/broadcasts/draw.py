"""Which items a stream plays, in which order: by quota, expiry and rotation. Pure: `now` is passed in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

PLACES = 24
SLOT_SECONDS = 25
ROUND_SECONDS = PLACES * SLOT_SECONDS
FRESH_FOR = timedelta(seconds=ROUND_SECONDS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a live release lets out; `share_until` None means until the release ends."""

    item_id: int
    desk_id: int
    """The unit that publishes."""
    release_id: int
    quota: int
    live_at: datetime
    ends_at: datetime
    tier: str


def round_number(now: datetime) -> int:
    """Rounds of ten minutes since 1970."""
    return int(now.timestamp()) // ROUND_SECONDS


def next_round(now: datetime) -> float:
    """Seconds until the next round."""
    return ROUND_SECONDS - now.timestamp() % ROUND_SECONDS


def draw(candidates: Sequence[Candidate], *, now: datetime) -> list[Candidate]:
    """At most PLACES items: desks take turns, and the releases of each desk; a release gives at most its quota, another
    part every round. However much the state publishes, a constituency's own desk keeps its share.

    The same candidates give the same order all through a round, and for ever when all of them fit:
    an unchanged pool is an unchanged document.
    """
    releases: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in candidates:
        if candidate.ends_at > now:
            releases.setdefault((candidate.desk_id, candidate.release_id), []).append(candidate)
    desks: dict[int, list[list[Candidate]]] = {}
    for (desk, _release), found in sorted(releases.items()):
        desks.setdefault(desk, []).append(_hand(found, round_number(now)))
    drawn: dict[int, Candidate] = {}
    for one in _in_turn([_in_turn(hands) for hands in desks.values()]):
        drawn.setdefault(one.item_id, one)
    return list(drawn.values())[:PLACES]


def _in_turn(rows: Iterable[Sequence[Candidate]]) -> list[Candidate]:
    """The first of each row, then the second of each, until all are at their end."""
    return [one for turn in zip_longest(*rows) for one in turn if one is not None]


def _hand(found: Sequence[Candidate], number: int) -> list[Candidate]:
    """This round's part of one release."""
    quota = max(1, min(found[0].quota, PLACES))
    if len(found) <= quota:
        return list(found)
    start = number * quota % len(found)
    return [found[(start + step) % len(found)] for step in range(quota)]


def fresh(drawn: Sequence[Candidate], *, now: datetime) -> list[int]:
    """Items that came out in this round or the one before: a phone that has not seen them shows them first."""
    since = datetime.fromtimestamp((round_number(now) - 1) * ROUND_SECONDS, tz=now.tzinfo)
    return [one.item_id for one in drawn if one.live_at >= since]


def next_in(readers: int) -> int:
    """Seconds between two questions of one phone: 4 on a small site, up to 30 when there are many.

    603,000 phones get 25 s, which is 24,000 questions a second.
    """
    return max(4, min(30, readers // 24_000))


def for_tier(candidates: Collection[Candidate], tier: str) -> list[Candidate]:
    """Those meant for a tier of readers."""
    return [one for one in candidates if one.tier in ("all", tier)]
