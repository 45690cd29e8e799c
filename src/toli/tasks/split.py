"""Splitting a target down a tree: shares by weight, in whole numbers, that add up exactly."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def split(target: int, weights: Sequence[int]) -> list[int]:
    """Shares of `target` in the ratio of `weights` (seats by norm), in their order; they add up to it exactly.

    The largest remainder method (Hamilton's): everybody gets the whole part of their quota, what is left goes one
    each to the largest remainders; of equal ones the larger weight, then the earlier. Weight 0 gets nothing, unless
    all weigh 0: then all count alike. Raises ValueError for a negative weight, a negative target, or nobody to give to.
    """
    if target < 0 or not weights or min(weights) < 0:
        raise ValueError("a target of 0 or more and weights of 0 or more are needed")
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    shares = [target * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(target * weights[i] % whole), -weights[i], i))
    for i in by_remainder[: target - sum(shares)]:
        shares[i] += 1
    return shares


def split_tree(target: int, parts: Mapping[Key, Sequence[Key]], weights: Mapping[Key, int], top: Key) -> dict[Key, int]:
    """The share of every node under `top`, level by level, so that small targets spread over all regions.

    `parts` maps a node to its children in order; `weights` holds the leaves. The twin of `services.giving.SPLIT`.
    """
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    shares = {top: target}
    waiting = [top]
    while waiting:
        node = waiting.pop()
        below = list(parts.get(node, ()))
        heavy = [weight_of(part, parts, weights) for part in below]
        if not sum(heavy):
            continue
        shares.update(zip(below, split(shares[node], heavy), strict=True))
        waiting += below
    return {node: share for node, share in shares.items() if share}


def weight_of(node: Key, parts: Mapping[Key, Sequence[Key]], weights: Mapping[Key, int]) -> int:
    """The weight of all leaves under a node."""
    below = parts.get(node, ())
    return sum(weight_of(part, parts, weights) for part in below) if below else weights.get(node, 0)
