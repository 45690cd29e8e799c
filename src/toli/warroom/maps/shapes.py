"""What a map file holds once it is read."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]
"""The outline first, then its holes; every ring ends where it begins."""


@dataclass
class Feature:
    """One area of the file: what is said of it, and its outlines in degrees (east, north)."""

    properties: dict[str, str]
    polygons: list[Polygon] = field(default_factory=list)

    def points(self) -> int:
        return sum(len(ring) for polygon in self.polygons for ring in polygon)


def area(ring: Ring) -> float:
    """Twice the signed area in square degrees; positive runs against the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
