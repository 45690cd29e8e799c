"""toli import map FILE --level district: the borders of units for the board's map."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toli.org.models import Unit
    from toli.warroom.models import MapFile

EXAMPLE = "toli import map districts.topo.json --level district --name-field district"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="GeoJSON or TopoJSON in degrees")
    parser.add_argument("--level", default="district", help="whose borders these are; default: district")
    parser.add_argument("--name-field", default="", metavar="NAME", help="default: the field that names the most units")
    parser.add_argument("--under", default="", metavar="CODE", help="only inside the unit with this organisation code")


def run(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.warroom import services
    from toli.warroom.maps.reading import LARGEST_FILE

    actor = SystemActor(request_id="import")
    try:
        with options.file.open("rb") as file:
            body = file.read(LARGEST_FILE + 1)
    except OSError as error:
        print(f"The file cannot be read: {error.strerror}. Nothing was loaded.")
        return 1
    unit = _top(options.under)
    if unit is None:
        print("There is no such unit. Load the tree first, or name another code with --under.")
        return 1
    loaded = services.load_map(
        actor=actor, unit=unit, level_key=options.level, body=body, source=options.file.name, now=timezone.now(),
        name_field=options.name_field,
    )  # fmt: skip
    print(f"{loaded.areas:,} areas read, {loaded.matched:,} are units.")
    _report(loaded.map)
    return 0


def _top(code: str) -> Unit | None:
    from toli.kit.actor import SystemActor
    from toli.org import queries as org

    if code:
        return org.unit_by_code("org", code)
    return next(iter(org.roots(SystemActor())), None)


def _report(found: MapFile) -> None:
    from toli.warroom import queries

    areas, units = queries.unmatched(found)
    for shape in queries.matched_shapes(found):
        if shape.matched_by == "part":
            print(f"by part of its name, please check: {shape.name} is {shape.unit}")
    for shape in areas:
        print(f"no unit: {shape.name or '(without a name)'}")
    for unit in units:
        print(f"no area: {unit}")
    if areas:
        print("Say what they are on the page Maps of the board (/desk/maps/).")
