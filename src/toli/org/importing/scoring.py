"""How alike each old and each new station of a constituency are, and which pairs that makes."""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from toli.org.importing.pairing import Proposal, Station, may_be_same, numbers, places, sound

LEAST = 45
"""Below this nothing is proposed."""
WEIGHTS = {"name": 45, "building": 20, "number": 20, "place": 15}


def best_pairs(old: Sequence[Station], new: Sequence[Station]) -> list[Proposal]:
    """The best pairs of the two lists, each station in one pair at most."""
    signs = _signs(old, new)
    score = _score(signs, old, new)
    order = np.argsort(-score, axis=None, kind="stable")
    used_old, used_new, found = set(), set(), []
    for flat in order:
        at, to = divmod(int(flat), len(new))
        if score[at, to] < LEAST:
            break
        if at in used_old or to in used_new:
            continue
        used_old.add(at)
        used_new.add(to)
        shown = {name: int(matrix[at, to]) for name, matrix in signs.items() if matrix[at, to] >= 0}
        found.append(Proposal(at, to, _confidence(score, at, to, old[at], new[to]), shown))
    return found


def _confidence(score: np.ndarray, at: int, to: int, old: Station, new: Station) -> int:
    """The score, less when another station fits nearly as well, and never high where the kind is not stated."""
    own = float(score[at, to])
    rivals = max(_second(score[at, :], to), _second(score[:, to], at))
    sure = own - max(0.0, 12.0 - (own - rivals)) if rivals > 0 else own
    if old.kind != new.kind:
        sure = min(sure, 70.0)
    return int(max(1, min(100, round(sure))))


def _second(line: np.ndarray, own: int) -> float:
    return float(np.delete(line, own).max(initial=0.0))


def _score(signs: dict[str, np.ndarray], old: Sequence[Station], new: Sequence[Station]) -> np.ndarray:
    """0-100: the mean of what is known, by weight; 0 where the two may not be one."""
    total, weights = np.zeros((len(old), len(new))), np.zeros((len(old), len(new)))
    for name, matrix in signs.items():
        known = matrix >= 0
        total += np.where(known, matrix, 0) * WEIGHTS[name]
        weights += known * WEIGHTS[name]
    score = np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)
    # Without names a number alone proves little.
    score = np.where(signs["name"] < 0, np.minimum(score, 60), score)
    allowed = np.array([[may_be_same(o.kind, n.kind) for n in new] for o in old])
    return np.where(allowed, score, 0)


def _signs(old: Sequence[Station], new: Sequence[Station]) -> dict[str, np.ndarray]:
    """Per sign 0-100 for every old and new station, -1 where one of them does not say."""
    return {
        "name": _alike(old, new, parts=True),
        "building": _alike(old, new, parts=False),
        "number": np.array([[numbers(o, n) for n in new] for o in old], dtype=float),
        "place": np.array([[places(o, n) for n in new] for o in old], dtype=float),
    }


def _alike(old: Sequence[Station], new: Sequence[Station], *, parts: bool) -> np.ndarray:
    ours, theirs = [sound(one, parts=parts) for one in old], [sound(one, parts=parts) for one in new]
    matrix = process.cdist(ours, theirs, scorer=fuzz.token_sort_ratio, dtype=np.float32).astype(float)
    empty_old, empty_new = np.array([not text for text in ours]), np.array([not text for text in theirs])
    return np.where(empty_old[:, None] | empty_new[None, :], -1.0, matrix)
