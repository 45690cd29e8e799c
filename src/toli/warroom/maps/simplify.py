"""Makes borders small enough for a phone, and keeps neighbours' common border one line.

The file's points are put on a grid; where three borders meet is a node that stays. Between nodes a border is a chain
that both neighbours share, so it is made simple once (Douglas and Peucker, 1973) and looks the same from both sides.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from toli.warroom.maps.shapes import Feature, Polygon, Ring

GRID = 20_000
MOST_POINTS = 4_000
Cell = tuple[int, int]
Chain = tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """A square grid over the whole map; `step` degrees a cell."""

    east: float
    north: float
    step: float

    def cell(self, point: tuple[float, float]) -> Cell:
        return round((point[0] - self.east) / self.step), round((point[1] - self.north) / self.step)

    def point(self, cell: Cell) -> tuple[float, float]:
        """Back to degrees, with as many digits as a cell is worth."""
        digits = max(0, math.ceil(-math.log10(self.step)))
        return round(self.east + cell[0] * self.step, digits), round(self.north + cell[1] * self.step, digits)


def simplified(features: Sequence[Feature], *, most: int = MOST_POINTS) -> list[list[Polygon]]:
    """The polygons of each feature with about `most` different points in all; no area vanishes."""
    grid = _grid(features)
    cells = [[[_gridded(ring, grid) for ring in polygon] for polygon in feature.polygons] for feature in features]
    rings = [ring for polygons in cells for polygon in polygons for ring in polygon if len(ring) >= 4]
    nodes = _nodes(rings)
    weights: dict[Chain, list[float]] = {}
    for ring in rings:
        for chain in _chains(ring, nodes):
            key = _key(chain)
            if key not in weights:
                weights[key] = _weights(key)
    limit = _limit(weights, most)
    return [_feature(polygons, nodes, weights, limit, grid) for polygons in cells]


def _grid(features: Sequence[Feature]) -> Grid:
    points = [point for feature in features for polygon in feature.polygons for point in polygon[0]]
    east, north = min(x for x, _y in points), min(y for _x, y in points)
    reach = max(max(x for x, _y in points) - east, max(y for _x, y in points) - north)
    return Grid(east, north, max(reach / GRID, 1e-5))


def _gridded(ring: Ring, grid: Grid) -> list[Cell]:
    cells = [grid.cell(point) for point in ring]
    return [cell for nth, cell in enumerate(cells) if nth == 0 or cell != cells[nth - 1]]


def _nodes(rings: list[list[Cell]]) -> set[Cell]:
    """Points with other than two neighbours: where borders meet."""
    beside: dict[Cell, set[Cell]] = defaultdict(set)
    for ring in rings:
        for one, other in itertools.pairwise(ring):
            beside[one].add(other)
            beside[other].add(one)
    return {cell for cell, near in beside.items() if len(near) != 2}


def _chains(ring: list[Cell], nodes: set[Cell]) -> list[Chain]:
    """The ring cut at its nodes; one without nodes is cut at its smallest point and the one farthest from it."""
    open_ring = ring[:-1]
    cuts = [nth for nth, cell in enumerate(open_ring) if cell in nodes]
    if len(cuts) < 2:
        start = cuts[0] if cuts else open_ring.index(min(open_ring))
        x, y = open_ring[start]
        far = max(range(len(open_ring)), key=lambda n: ((open_ring[n][0] - x) ** 2 + (open_ring[n][1] - y) ** 2, n))
        cuts = sorted({start, far})
    turned = open_ring[cuts[0] :] + open_ring[: cuts[0] + 1]
    marks = [cut - cuts[0] for cut in cuts] + [len(open_ring)]
    return [tuple(turned[a : b + 1]) for a, b in itertools.pairwise(marks)]


def _key(chain: Chain) -> Chain:
    return min(chain, chain[::-1])


def _weights(chain: Chain) -> list[float]:
    """How far (in cells, squared) the line may move before each point is left out; its ends never are."""
    found = [0.0] * len(chain)
    found[0] = found[-1] = float("inf")
    waiting = [(0, len(chain) - 1, float("inf"))]
    while waiting:
        first, last, above = waiting.pop()
        if last - first < 2:
            continue
        middle, far = _farthest(chain, first, last)
        found[middle] = weight = min(far, above)
        waiting += [(first, middle, weight), (middle, last, weight)]
    return found


def _farthest(chain: Chain, first: int, last: int) -> tuple[int, float]:
    (ax, ay), (bx, by) = chain[first], chain[last]
    dx, dy = bx - ax, by - ay
    long = dx * dx + dy * dy
    best, far = first + 1, -1.0
    for nth in range(first + 1, last):
        px, py = chain[nth][0] - ax, chain[nth][1] - ay
        along = (px * dx + py * dy) / long if long else 0.0
        if 0 < along < 1:
            away = (px * dy - py * dx) ** 2 / long
        else:
            away = min(px * px + py * py, (px - dx) ** 2 + (py - dy) ** 2)
        if away > far:
            best, far = nth, away
    return best, far


def _limit(weights: dict[Chain, list[float]], most: int) -> float:
    """The weight below which points go, so that at most `most` stay."""
    inner = sorted((weight for found in weights.values() for weight in found[1:-1]), reverse=True)
    room = max(most - 2 * len(weights), 0)
    return inner[room] if room < len(inner) else -1.0


def _feature(
    polygons: list[list[list[Cell]]], nodes: set[Cell], weights: dict[Chain, list[float]], limit: float, grid: Grid
) -> list[Polygon]:
    found: list[Polygon] = []
    for polygon in polygons:
        rings = [_ring(ring, nodes, weights, limit) for ring in polygon if len(ring) >= 4]
        if rings and len(rings[0]) >= 4:
            found.append([[grid.point(cell) for cell in ring] for ring in rings if len(ring) >= 4])
    if found:
        return found
    largest = max((ring for polygon in polygons for ring in polygon[:1]), key=len)
    return [[[grid.point(cell) for cell in _few(largest)]]]


def _ring(ring: list[Cell], nodes: set[Cell], weights: dict[Chain, list[float]], limit: float) -> list[Cell]:
    kept: list[Cell] = []
    for chain in _chains(ring, nodes):
        key = _key(chain)
        found = [cell for cell, weight in zip(key, weights[key], strict=True) if weight > limit]
        kept += (found if key == chain else found[::-1])[:-1]
    return [*kept, kept[0]]


def _few(ring: list[Cell], most: int = 12) -> list[Cell]:
    """An area too small for the map's scale: a dozen of its own points."""
    open_ring = ring[:-1] or ring
    step = max(len(open_ring) // most, 1)
    kept = open_ring[::step]
    return [*kept, kept[0]]
