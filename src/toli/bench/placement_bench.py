"""Half a million applicants with five wishes each onto 40,000 places, beside a plain sort of the same applicants."""

from __future__ import annotations

import os
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

FULL_SIZE = 500_000
PLACES = 40_000
WISHES = 5
SEATS = 4
CHANGED = 100
TURNS = 3
PACKAGE_SIZES = (500, 1_000, 2_000, 4_000, 8_000, 16_000)
PACKAGE_SECONDS = 60.0
GOALS = {"seconds": 10.0, "peak_mb": 2048, "change_seconds": 2.0}
Clock = dict[str, list[float]]


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """Seconds from the columns to a proved outcome with its cut-offs; the peer sorts the same scores."""
    from toli.recruitment.placement import Inputs  # noqa: F401 - loaded before memory is read

    size = size or FULL_SIZE
    say: Callable[[str], None] = (lambda text: None) if quiet else print
    empty_mb = _peak_mb()
    found = _measure(size, say)
    peak = _peak_mb()
    package = _package(say)
    return {
        "bench": "placement",
        "size": size,
        "seconds": found["seconds"],
        "rate": round(size / found["seconds"]),
        "peak_mb": peak,
        "peer": "numpy's sort of the same applicants by score: no placement on merit can do without it",
        "ratio": round(found["sort_seconds"] / found["seconds"], 3),
        "p95_ms": None,
        "partial": size < FULL_SIZE,
        "goals": GOALS,
        "places": PLACES,
        "wishes": WISHES,
        "before_mb": empty_mb,
        "load": round(os.getloadavg()[0], 1),
        **found,
        **package,
    }


def _peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def made(size: int, places: int, *, seats: int = SEATS, seed: int = 7) -> Any:
    """Applicants who wish places near their home; a third of the wishes with points, a quarter of the seats reserved."""
    from toli.recruitment.placement import Inputs

    draw = np.random.default_rng(seed)
    home = draw.integers(0, places, size)
    step = np.concatenate((np.zeros((size, 1), dtype=np.int64), draw.integers(1, 9, (size, WISHES - 1))), axis=1)
    wished = (home[:, None] + np.cumsum(step, axis=1)) % places
    flat = size * WISHES
    return Inputs(
        seed="bench",
        applicants=np.arange(1, size + 1),
        refs=draw.integers(0, 256, (size, 16), dtype=np.uint8),
        scores=np.clip(draw.normal(6000, 1500, size), 0, 10_000).astype(np.int32),
        start=np.arange(size + 1) * WISHES,
        wish_place=wished.ravel().astype(np.int32),
        wish_points=np.where(draw.random(flat) < 1 / 3, 500, 0).astype(np.int32),
        wish_share=draw.choice(np.array([-1, -1, -1, 0], dtype=np.int16), flat),
        wish_rank=np.tile(np.arange(1, WISHES + 1, dtype=np.int16), size),
        places=np.arange(1, places + 1),
        capacity=np.full(places, seats, dtype=np.int32),
        min_score=np.where(draw.random(places) < 0.3, 3000, 0).astype(np.int32),
        share_start=np.arange(places + 1),
        share_count=np.full(places, max(1, seats // 4), dtype=np.int32),
        share_keys=("share",) * places,
    )


def _measure(size: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Ours and the sort take turns; the median counts. Processor seconds beside, for a machine that is shared."""
    from toli.recruitment import outcomes
    from toli.recruitment.placement import match

    clock: Clock = {}
    for turn in range(TURNS):
        inputs = made(size, PLACES)
        _timed(clock, "sort", lambda i=inputs: np.argsort(i.scores, kind="stable"))
        _timed(clock, "sorted", lambda i=inputs: sorted(i.scores.tolist()))
        _timed(clock, "whole", lambda i=inputs: _whole(i, clock))
        changed = _changed(inputs)
        _timed(clock, "change", lambda i=changed: _whole(i, {}))
        say(
            f"  {turn + 1} of {TURNS}: placed and proved in {clock['whole'][-1]:.2f} s, sorted in {clock['sort'][-1]:.3f}"
        )
    got = match(inputs)
    cuts = outcomes.cut_offs(outcomes.settle(inputs, got))
    median = {name: round(statistics.median(values), 3) for name, values in clock.items()}
    return {
        "seconds": median["whole"],
        "cpu_seconds": median["whole_cpu"],
        "sort_seconds": median["sort"],
        "python_sort_seconds": median["sorted"],
        "ratio_python_sort": round(median["sorted"] / median["whole"], 3),
        "change_seconds": median["change"],
        "change_cpu_seconds": median["change_cpu"],
        "steps": {name: median[name] for name in ("ties", "match", "proof", "cut_offs")},
        "placed": int((got >= 0).sum()),
        "seats": int(inputs.capacity.sum()),
        "full_places": sum(1 for row in cuts if not row.share and row.lowest is not None),
    }


def _timed(clock: Clock, name: str, act: Callable[[], Any]) -> Any:
    began, cpu = time.perf_counter(), time.process_time()
    answer = act()
    clock.setdefault(name, []).append(time.perf_counter() - began)
    clock.setdefault(f"{name}_cpu", []).append(time.process_time() - cpu)
    return answer


def _whole(inputs: Any, clock: Clock) -> Any:
    """Everything a run does between reading and writing."""
    from toli.recruitment import outcomes
    from toli.recruitment.placement import match
    from toli.recruitment.proof import prove

    _timed(clock, "ties", lambda: inputs.ties)
    got = _timed(clock, "match", lambda: match(inputs))
    proof = _timed(clock, "proof", lambda: prove(inputs, got))
    if not proof.holds:
        raise SystemExit(f"The proof found {proof.broken}.")
    return _timed(clock, "cut_offs", lambda: outcomes.cut_offs(outcomes.settle(inputs, got)))


def _changed(inputs: Any) -> Any:
    """The same with other scores and another first wish for a hundred applicants; their refs, so the ties, stay."""
    draw = np.random.default_rng(11)
    who = draw.choice(len(inputs.applicants), CHANGED, replace=False)
    scores, wished = inputs.scores.copy(), inputs.wish_place.copy()
    scores[who] = draw.integers(0, 10_000, CHANGED)
    first = inputs.start[who]
    wished[first], wished[first + 1] = wished[first + 1], wished[first].copy()
    again = replace(inputs, scores=scores, wish_place=wished)
    again.__dict__["ties"] = inputs.ties
    return again


# -- the package --


def _package(say: Callable[[str], None]) -> dict[str, Any]:
    """`matching` on ever larger inputs without shares until one takes too long; ours on the largest it completed."""
    try:
        from matching.games import HospitalResident  # type: ignore[import-untyped]
    except ImportError:
        say("  The package `matching` is missing: pip install matching")
        return {"package": None}
    best: dict[str, Any] = {"package": "matching"}
    spent = 0.0
    for size in PACKAGE_SIZES:
        if spent * 4 > PACKAGE_SECONDS:  # it grows at least as the square
            break
        inputs = _without_shares(made(size, max(2, size // 12)))
        residents, hospitals, capacities = _dictionaries(inputs)
        began = time.perf_counter()
        solved = _with_deep_stack(
            lambda given=(residents, hospitals, capacities): HospitalResident.create_from_dictionaries(*given).solve()
        )
        spent = time.perf_counter() - began
        best |= {"package_size": size, "package_seconds": round(spent, 2), **_beside(inputs, solved, spent)}
        say(f"  matching: {size:,} in {spent:.1f} s; the same outcome: {best['package_same']}")
    return best


def _with_deep_stack(act: Callable[[], Any]) -> Any:
    """The package copies its players recursively: with the usual stack it ends at about a thousand of them."""
    answers: list[Any] = []
    before, threading_before = sys.getrecursionlimit(), threading.stack_size(512 * 2**20)
    sys.setrecursionlimit(1_000_000)
    try:
        thread = threading.Thread(target=lambda: answers.append(act()))
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(before)
        threading.stack_size(threading_before)
    return answers[0]


def _without_shares(inputs: Any) -> Any:
    count = len(inputs.places)
    return replace(
        inputs, wish_share=np.full(len(inputs.wish_place), -1, dtype=np.int16), min_score=np.zeros(count, dtype=np.int32),
        share_start=np.zeros(count + 1, dtype=np.int64), share_count=np.zeros(0, dtype=np.int32), share_keys=(),
    )  # fmt: skip


def _dictionaries(inputs: Any) -> tuple[dict[int, list[int]], dict[int, list[int]], dict[int, int]]:
    residents: dict[int, list[int]] = {}
    for wish, owner in enumerate(inputs.owner.tolist()):
        residents.setdefault(owner, []).append(int(inputs.wish_place[wish]))
    hospitals: dict[int, list[int]] = {}
    for wish in np.lexsort((-inputs.keys, inputs.wish_place)).tolist():
        hospitals.setdefault(int(inputs.wish_place[wish]), []).append(int(inputs.owner[wish]))
    return residents, hospitals, {place: int(inputs.capacity[place]) for place in hospitals}


def _beside(inputs: Any, solved: Any, spent: float) -> dict[str, Any]:
    from toli.recruitment.placement import match

    fresh = replace(inputs)
    began = time.perf_counter()
    got = match(fresh)
    ours = time.perf_counter() - began
    theirs = {int(str(one)): int(str(place)) for place, people in solved.items() for one in people}
    same = {one: int(inputs.wish_place[wish]) for one, wish in enumerate(got.tolist()) if wish >= 0} == theirs
    return {"package_same": same, "package_ratio": round(spent / ours), "ours_at_package_size": round(ours, 4)}
