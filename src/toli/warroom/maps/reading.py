"""GeoJSON and TopoJSON files as features. A file from anywhere may be broken, huge or made to hurt: every limit is
counted while reading, and the refusal says what to do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput, Sentence
from toli.kit.text import clean
from toli.warroom.maps.shapes import Feature, Point, Polygon, Ring, area

LARGEST_FILE = 30_000_000
LARGEST_UPLOAD = 8_000_000
MOST_FEATURES, MOST_POINTS, MOST_PROPERTIES, LONGEST_WORDS = 5_000, 500_000, 40, 200

NOT_A_MAP = _("This file is not a map we can read. Please choose a GeoJSON or TopoJSON file (.json or .geojson).")
NO_AREAS = _("This map has no areas. It must hold polygons with a name each, not points or lines.")
TOO_LARGE = _("This map is too large. Please load one with simpler borders, at most %(mb)s MB.")
TOO_FINE = _("This map has more than 500,000 border points. Please simplify it first.")
TOO_MANY = _("This map has more than 5,000 areas. Please load one level at a time.")
NOT_DEGREES = _("The borders are not in degrees of longitude and latitude (WGS 84). Please convert the map first.")


def read_map(body: bytes, *, largest: int = LARGEST_FILE) -> list[Feature]:
    """The areas of the file, each with its words and outlines. Raises BadInput with what to do."""
    if len(body) > largest:
        _refuse(TOO_LARGE % {"mb": largest // 1_000_000})
    found = _parsed(body)
    reader = _Topology(found) if found.get("type") == "Topology" else _Collection(found)
    features = [feature for feature in reader.features() if feature.polygons]
    if not features:
        _refuse(NO_AREAS)
    return features


def _refuse(sentence: Sentence) -> NoReturn:
    raise BadInput(fields={"file": sentence})


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_constant=lambda word: _refuse(NOT_A_MAP))
    except (ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        _refuse(NOT_A_MAP)
    if not isinstance(found, dict):
        _refuse(NOT_A_MAP)
    return found


class _Reader:
    """What both formats share: the count of points, checked rings, words."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.found = found
        self.points = 0

    def features(self) -> Iterator[Feature]:
        raise NotImplementedError

    def rings(self, value: Any) -> list[Ring]:
        raise NotImplementedError

    def feature(self, properties: Any, geometry: Any) -> Feature:
        return Feature(_words(properties), list(self.polygons(geometry, depth=0)))

    def polygons(self, geometry: Any, *, depth: int) -> Iterator[Polygon]:
        """Polygons of a geometry; points and lines have none."""
        if not isinstance(geometry, dict) or depth > 3:
            return
        kind = geometry.get("type")
        lists = geometry.get("arcs" if isinstance(self, _Topology) else "coordinates")
        if kind == "GeometryCollection":
            for one in _list(geometry.get("geometries")):
                yield from self.polygons(one, depth=depth + 1)
        elif kind in ("Polygon", "MultiPolygon"):
            for one in [lists] if kind == "Polygon" else _list(lists):
                rings = [ring for ring in self.rings(one) if len(ring) >= 4 and area(ring)]
                if rings:
                    yield [_turned(ring, outline=nth == 0) for nth, ring in enumerate(rings)]

    def count(self, points: int) -> None:
        self.points += points
        if self.points > MOST_POINTS:
            _refuse(TOO_FINE)


class _Collection(_Reader):
    """GeoJSON: features, or one feature."""

    def features(self) -> Iterator[Feature]:
        kind = self.found.get("type")
        if kind not in ("FeatureCollection", "Feature"):
            _refuse(NOT_A_MAP)
        rows = [self.found] if kind == "Feature" else _list(self.found.get("features"))
        if len(rows) > MOST_FEATURES:
            _refuse(TOO_MANY)
        for row in rows:
            if isinstance(row, dict):
                yield self.feature(row.get("properties"), row.get("geometry"))

    def rings(self, value: Any) -> list[Ring]:
        found = []
        for line in _list(value):
            self.count(len(_list(line)))
            found.append(_closed([_point(pair) for pair in line]))
        return found


class _Topology(_Reader):
    """TopoJSON: borders are arcs that neighbours share, each step counted from the one before."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__(found)
        self.scale, self.shift = _transform(found.get("transform"))
        self.stepped = found.get("transform") is not None
        lines = _list(found.get("arcs"))
        if sum(len(_list(line)) for line in lines) > MOST_POINTS:
            _refuse(TOO_FINE)
        self.arcs = [self._arc(line) for line in lines]

    def _arc(self, line: list[Any]) -> Ring:
        east = north = 0.0
        found = []
        for pair in line:
            x, y = _numbers(pair)
            east, north = (east + x, north + y) if self.stepped else (x, y)
            found.append(_degrees(east * self.scale[0] + self.shift[0], north * self.scale[1] + self.shift[1]))
        return found

    def features(self) -> Iterator[Feature]:
        objects = self.found.get("objects")
        layers = [one for one in objects.values() if isinstance(one, dict)] if isinstance(objects, dict) else []
        if not layers:
            _refuse(NOT_A_MAP)
        rows = max((_list(one.get("geometries")) if "geometries" in one else [one] for one in layers), key=len)
        if len(rows) > MOST_FEATURES:
            _refuse(TOO_MANY)
        for row in rows:
            if isinstance(row, dict):
                yield self.feature(row.get("properties"), row)

    def rings(self, value: Any) -> list[Ring]:
        found = []
        for numbers in _list(value):
            ring: Ring = []
            for number in _list(numbers):
                arc = self._named(number)
                self.count(len(arc))
                ring += arc[1:] if ring and arc and ring[-1] == arc[0] else arc
            found.append(_closed(ring))
        return found

    def _named(self, number: Any) -> Ring:
        if not isinstance(number, int) or isinstance(number, bool):
            _refuse(NOT_A_MAP)
        place = ~number if number < 0 else number
        if place >= len(self.arcs):
            _refuse(NOT_A_MAP)
        return self.arcs[place][::-1] if number < 0 else self.arcs[place]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        _refuse(NOT_A_MAP)
    return value


def _numbers(pair: Any) -> Point:
    if not isinstance(pair, list) or len(pair) < 2:
        _refuse(NOT_A_MAP)
    if any(not isinstance(one, int | float) or isinstance(one, bool) for one in pair[:2]):
        _refuse(NOT_A_MAP)
    try:
        return float(pair[0]), float(pair[1])
    except OverflowError:
        _refuse(NOT_DEGREES)


def _point(pair: Any) -> Point:
    return _degrees(*_numbers(pair))


def _degrees(east: float, north: float) -> Point:
    if not (math.isfinite(east) and math.isfinite(north) and abs(east) <= 180 and abs(north) <= 90):
        _refuse(NOT_DEGREES)
    return east, north


def _transform(value: Any) -> tuple[Point, Point]:
    if value is None:
        return (1.0, 1.0), (0.0, 0.0)
    if not isinstance(value, dict):
        _refuse(NOT_A_MAP)
    return _numbers(value.get("scale")), _numbers(value.get("translate"))


def _closed(points: Ring) -> Ring:
    """The ring without repeated points, ending where it begins."""
    ring = [point for nth, point in enumerate(points) if nth == 0 or point != points[nth - 1]]
    return [*ring, ring[0]] if ring and ring[0] != ring[-1] else ring


def _turned(ring: Ring, *, outline: bool) -> Ring:
    """Outlines run against the clock and holes with it, as the standard says."""
    return ring if (area(ring) > 0) is outline else ring[::-1]


def _words(properties: Any) -> dict[str, str]:
    """Short plain words of a feature; everything else it carries is not read."""
    if not isinstance(properties, dict):
        return {}
    rows = list(properties.items())[:MOST_PROPERTIES]
    words = {clean(key)[:LONGEST_WORDS]: clean(str(value)) for key, value in rows if isinstance(value, str | int)}
    return {key: text for key, text in words.items() if 0 < len(text) <= LONGEST_WORDS}
