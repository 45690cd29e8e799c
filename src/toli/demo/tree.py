"""The tree of the demo: our facts down to the constituencies, made-up blocks, panchayats and booths below."""

from collections.abc import Iterator
from itertools import cycle, islice
from random import Random

from toli.demo.names import Name
from toli.demo.sizes import STATE, Size
from toli.demo.villages import villages
from toli.kit.actor import Actor
from toli.org.importing import facts
from toli.org.importing.loading import Outcome, load_units
from toli.org.importing.rows import UnitRow

VILLAGES_PER_BLOCK = 11
_BUILDINGS = cycle(
    (
        Name("राजकीय प्राथमिक विद्यालय", "Government Primary School"),
        Name("राजकीय उच्च माध्यमिक विद्यालय", "Government Senior Secondary School"),
        Name("ग्राम पंचायत भवन", "Panchayat House"),
        Name("सामुदायिक भवन", "Community Hall"),
        Name("आंगनवाड़ी केंद्र", "Anganwadi Centre"),
    )
)
_PARTS = (
    Name("", ""),
    Name(" (पूर्वी भाग)", " (East)"),
    Name(" (पश्चिमी भाग)", " (West)"),
    Name(" (मध्य भाग)", " (Middle)"),
)


def plant_tree(*, actor: Actor, size: Size, random: Random) -> Outcome:
    """Load the whole tree in one import."""
    rows = [*facts.upper_rows(STATE), *facts.seat_rows(STATE)]
    for row in facts.rows_of("rajasthan_constituencies"):
        district = facts.district_key(STATE, row["district"])
        rows.extend(_below_seat(int(row["number"]), district, size, random))
    return load_units(actor=actor, rows=rows, source="demo")


def _below_seat(number: int, district: str, size: Size, random: Random) -> Iterator[UnitRow]:
    blocks, booths = size.of(number)
    names, station = villages(random), 0
    for block in range(1, blocks + 1):
        key = f"org:{STATE}/{number}/block/{block}"
        samiti = f"org:{STATE}/{number}/samiti/{block}"
        here = list(islice(names, min(VILLAGES_PER_BLOCK, booths)))
        yield _unit("block", key, f"eci:{STATE}/{number}", here[0])
        yield _unit("samiti", samiti, "", here[0], administrative=district)
        for at, village in enumerate(here):
            panchayat = f"{samiti}/{at}"
            pin_codes = [str(301_001 + number * 20 + block)]
            yield _unit("panchayat", panchayat, "", village, administrative=samiti, attrs={"pin_codes": pin_codes})
        for nth in range(booths):
            station += 1
            at = nth % len(here)
            yield _booth(number, station, key, f"{samiti}/{at}", here[at], nth // len(here))


def _booth(number: int, station: int, block: str, panchayat: str, village: Name, part: int) -> UnitRow:
    building, side = next(_BUILDINGS), _PARTS[part % len(_PARTS)]
    seat = f"eci:{STATE}/{number}"
    unit = _unit(
        "booth", f"{seat}/{station}/main", block,
        Name(f"{station} {village.hi}, {building.hi}{side.hi}", f"{station} {village.en}, {building.en}{side.en}"),
        administrative=panchayat, attrs={"number": station, "suffix": "", "kind": "main"},
    )  # fmt: skip
    return unit._replace(electoral_parent=seat)


def _unit(
    level: str, key: str, parent: str, name: Name, *, administrative: str = "", attrs: dict[str, object] | None = None
) -> UnitRow:
    scheme, _colon, value = key.partition(":")
    names = {"hi": name.hi, "en": name.en}
    return UnitRow(0, level, key, parent, names, (), ((scheme, value),), "", administrative, attrs or {})
