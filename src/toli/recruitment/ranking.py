"""The order in which the units of a drive are interviewed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit in the order; `set_rank` is a rank given by hand, which wins over the computed one."""

    unit_id: int
    has_election: bool
    set_rank: int | None = None


def in_order(units: Sequence[int], with_election: set[int], set_ranks: Mapping[int, int]) -> list[Ranked]:
    """Units with no election on come first, those where one is on last; within each the given order stays.

    A rank given by hand (from 1) puts its unit at that place, and the others close up around it.
    """
    rest = sorted((unit for unit in units if unit not in set_ranks), key=lambda unit: unit in with_election)
    by_hand = sorted((rank, unit) for unit, rank in set_ranks.items() if unit in set(units))
    for rank, unit in by_hand:
        rest.insert(min(max(rank - 1, 0), len(rest)), unit)
    return [Ranked(unit, unit in with_election, set_ranks.get(unit)) for unit in rest]


def turns(order: Sequence[Ranked]) -> dict[int, int]:
    """Whose turn it is, from 0: units that stand beside each other for the same reason share one.

    Among them the longest waiting come first, wherever they live; a unit put there by hand has a turn of its own.
    """
    found: dict[int, int] = {}
    turn, before = -1, None
    for one in order:
        reason = ("hand", one.unit_id) if one.set_rank is not None else ("election", one.has_election)
        turn, before = turn + (reason != before), reason
        found[one.unit_id] = turn
    return found


def turn_of_the_rest(order: Sequence[Ranked], turns_of: Mapping[int, int]) -> int:
    """Of whoever lives in no unit of the order, such as above them all: with those where no election is on."""
    calm = [turns_of[one.unit_id] for one in order if one.set_rank is None and not one.has_election]
    return min(calm, default=0)
