"""One door for all layouts of unit files: a file in, units with reasons out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from toli.kit.errors import BadInput
from toli.kit.folding import keys_of
from toli.kit.forbidden import refused_name
from toli.kit.text import matches, words
from toli.org.importing import facts, mapping
from toli.org.importing.cells import bare, whole_number
from toli.org.importing.constituencies import parse_constituencies
from toli.org.importing.headings import Columns
from toli.org.importing.lgd import LGD, parse_lgd
from toli.org.importing.own import own_columns, parse_own
from toli.org.importing.panchayats import panchayat_units, parse_panchayats
from toli.org.importing.reading import Sheet, read_sheet
from toli.org.importing.rows import ConstituencyRow, Parsed, Reason, StationRow, UnitRow
from toli.org.importing.stations import key_text, parse_stations
from toli.org.models import Unit

FORMATS = ("toli", "lgd", "panchayats", "constituencies", "stations", "mapping")


@dataclass(frozen=True)
class Ask:
    """How a file is to be read. `state` is the Election Commission's code, such as S20."""

    format: str
    state: str = ""
    mapping: Path | None = None
    create_missing: bool = False
    mapping_text: str = ""
    """The mapping itself, where it does not lie in a file."""
    page: str = ""
    """The sheet of a workbook."""


def units_in(path: Path, ask: Ask) -> Parsed[UnitRow]:
    """The units of a file with reasons for what was refused. Raises BadInput when the file cannot be read as asked."""
    if ask.format not in FORMATS:
        raise BadInput(
            _("There is no format %(name)s. There are: %(names)s.") % {"name": ask.format, "names": ", ".join(FORMATS)}
        )
    return units_of(read_sheet(path, ask.page), ask)


def units_of(sheet: Sheet, ask: Ask) -> Parsed[UnitRow]:
    """The units of a sheet already read."""
    if not sheet.rows:
        raise BadInput(_("The file has no rows. Nothing was imported."))
    by_mapping = ask.format == "mapping" or ask.mapping_text
    parsed = _mapped(sheet, ask) if by_mapping else _READERS[ask.format](sheet, ask, None, 0)
    refuse_forbidden(parsed.unread_columns)
    parsed.sheet = sheet
    return parsed


def refuse_forbidden(headings: Iterable[str]) -> None:
    """A list of places has no column about persons; one that has is refused whole, by the column's name."""
    found = [one for name in headings if (one := refused_name(name)) is not None and one.kind != "location"]
    if found:
        names = ", ".join(f"{one.column} ({one.label})" for one in found)
        raise BadInput(
            _("Toli never stores this about a person: %(names)s. Remove these columns; nothing was imported.")
            % {"names": names}
        )


def _mapped(sheet: Sheet, ask: Ask) -> Parsed[UnitRow]:
    if ask.mapping is None and not ask.mapping_text:
        raise BadInput(_("Give the mapping file with --mapping FILE.toml."))
    found = mapping.read_mapping(ask.mapping) if ask.mapping else mapping.read_text(ask.mapping_text)
    ask = replace(ask, format=found.layout, state=ask.state or found.state)
    if found.layout == "tree":
        _check_facts([name for level in found.levels for name in level.facts])
        return mapping.parse_tree(sheet, found, state=facts.state_row(_state(ask)))
    start, columns = mapping.mapped_columns(sheet, found)
    if found.layout == "toli":
        _check_facts([name.removeprefix("fact_") for name in found.columns if name.startswith("fact_")])
        own = parse_own(sheet, columns=columns.at, start=start, level=found.level)
        own.unread_columns = list(columns.unread)
        return own
    return _READERS[found.layout](sheet, ask, columns, start)


def _state(ask: Ask) -> str:
    if not ask.state:
        raise BadInput(_("Say which state the file is about: --state S20 (the Election Commission's code)."))
    return ask.state


def _own(sheet: Sheet, ask: Ask, columns: Columns | None, start: int) -> Parsed[UnitRow]:
    for row in sheet.rows[:40]:
        found = own_columns(row.cells)
        if "level" in found and "code" in found:
            _check_facts([name.removeprefix("fact ") for name in found if name.startswith("fact ")])
    return parse_own(sheet)


def _check_facts(names: list[str]) -> None:
    """A unit's facts are about the place; what Toli never stores about people is refused here too, by name."""
    for name in names:
        refused = refused_name(name)
        if refused is not None and refused.kind != "location" and name not in ("reservation", "reserved"):
            raise BadInput(
                _("The column “%(column)s” holds what Toli never stores (%(kind)s). Nothing was imported; remove it.")
                % {"column": name, "kind": refused.label}
            )


def _panchayats(sheet: Sheet, ask: Ask, columns: Columns | None, start: int) -> Parsed[UnitRow]:
    found = parse_panchayats(sheet, columns=columns, start=start)
    state = _state(ask)
    upper = _upper(state)
    districts = {
        bare(name): row.key for row in upper if row.level == "district" for name in (*row.names.values(), *row.aliases)
    }
    return _with_rows(found, [*upper, *panchayat_units(found.rows, state=state, districts=districts)])


def _upper(state: str) -> list[UnitRow]:
    """What we know of a state's upper levels; at least the state itself."""
    return list(facts.upper_rows(state)) if state in facts.FILES else [facts.state_row(state)]


def _constituencies(sheet: Sheet, ask: Ask, columns: Columns | None, start: int) -> Parsed[UnitRow]:
    found = parse_constituencies(sheet, state=ask.state, columns=columns, start=start)
    units: dict[str, UnitRow] = {}
    for row in found.rows:
        for unit in _seats_of(row, units):
            units.setdefault(unit.key, unit)
    return _with_rows(found, list(units.values()))


def _seats_of(row: ConstituencyRow, known: dict[str, UnitRow]) -> list[UnitRow]:
    top, district = f"eci:{row.state}", facts.district_of(row.state).get(row.number, "")
    upper = [] if top in known else _upper(row.state) if district else [facts.state_row(row.state, row.state_name)]
    attrs = {"number": row.number} | ({"reserved": row.reserved} if row.reserved else {})
    seat = _listed(row, "constituency", str(row.number), row.name)._replace(parent=district or top, attrs=attrs)
    if row.parliament is None or not row.parliament_name:
        return [*upper, seat]
    pc = _listed(row, "parliament", f"PC/{row.parliament}", row.parliament_name)
    return [*upper, pc._replace(electoral_parent=top), seat._replace(electoral_parent=pc.key)]


def _listed(row: ConstituencyRow, level: str, value: str, name: str) -> UnitRow:
    tag = "en" if name.isascii() else "hi"
    code = ("eci", f"{row.state}/{value}")
    return UnitRow(
        row.line, level, ":".join(code), "", {tag: name.title() if name.isupper() else name}, (), (code,), loose=True
    )


def _stations(sheet: Sheet, ask: Ask, columns: Columns | None, start: int) -> Parsed[UnitRow]:
    state = _state(ask)
    found = parse_stations(sheet, columns=columns, start=start)
    numbers = {row.constituency for row in found.rows if row.constituency is not None}
    there = constituencies_there(state, numbers)
    by_name = numbers_by_name(state, found.rows)
    units: dict[str, UnitRow] = {}
    for row in found.rows:
        if row.constituency is None:
            row = row._replace(constituency=by_name.get(row.constituency_name))
        reason = _misplaced(row, there, ask)
        if reason:
            found.refused.append(Reason(row.line, reason, "constituency", _where(row, there)))
            continue
        for unit in _station_units(row, state, there):
            units.setdefault(unit.key, unit)
    return _with_rows(found, list(units.values()))


def constituencies_there(state: str, numbers: set[int]) -> dict[int, list[str]]:
    """Number -> every name of the constituencies the tree has of these."""
    codes = [f"{state}/{number}" for number in numbers]
    rows = Unit.objects.filter(codes__scheme="eci", codes__value__in=codes, codes__valid_to=None)
    return {
        int(value.rpartition("/")[2]): [*names.values(), *aliases]
        for value, names, aliases in rows.values_list("codes__value", "names", "aliases")
    }


def numbers_by_name(state: str, rows: list[StationRow]) -> dict[str, int]:
    """For cells that name a constituency without its number: the number, when exactly one has that name."""
    wanted = {row.constituency_name for row in rows if row.constituency is None}
    if not wanted:
        return {}
    listed = Unit.objects.filter(level__key="constituency", codes__scheme="eci", codes__value__startswith=f"{state}/")
    seats = [
        (int(v.rpartition("/")[2]), [*n.values(), *a])
        for v, n, a in listed.values_list("codes__value", "names", "aliases")
    ]
    found = {
        name: [number for number, names in seats if bare(name) in map(bare, names)]
        or [number for number, names in seats if _is_same(name, names)]
        for name in wanted
    }
    return {name: numbers[0] for name, numbers in found.items() if len(numbers) == 1}


def placed(row: StationRow, there: dict[int, list[str]], by_name: Mapping[str, int]) -> tuple[StationRow, str]:
    """The row with its constituency's number, and why it cannot be placed; an empty reason when it can."""
    if row.constituency is None:
        row = row._replace(constituency=by_name.get(row.constituency_name))
    return row, _misplaced(row, there, Ask("stations"))


def station_unit(row: StationRow, state: str) -> UnitRow:
    """The booth of a station whose constituency the tree has."""
    return _station_units(row, state, {row.constituency or 0: []})[-1]


def _misplaced(row: StationRow, there: dict[int, list[str]], ask: Ask) -> str:
    """Why the station cannot be placed; empty when it can."""
    if row.constituency is None:
        return "constituency_without_number"
    if row.constituency not in there:
        return "" if ask.create_missing else "unknown_constituency"
    name = row.constituency_name
    return "other_constituency_name" if name and not _is_same(name, there[row.constituency]) else ""


def _where(row: StationRow, there: dict[int, list[str]]) -> str:
    known = there.get(row.constituency or 0, [])
    return f"{row.constituency or ''} {row.constituency_name}".strip() + (f" / {known[0]}" if known else "")


def _is_same(name: str, known: list[str]) -> bool:
    """Lists misspell freely and change scripts, so a name that sounds near passes; quite another name does not."""
    return any(matches(o, name) or matches(name, o) or _likeness(o, name) >= 65 for o in known)


def _likeness(one: str, other: str) -> float:
    """0-100: how near two names sound in whatever script; words that stand beside only one of them do little harm."""
    from rapidfuzz import fuzz

    sounds = ["".join(keys_of(word)[0] for word in words(name)) for name in (one, other)]
    if min(map(len, sounds)) < 3:
        return fuzz.ratio(*sounds)
    return max(fuzz.ratio(*sounds), fuzz.partial_ratio(*sounds) * 0.85)


def _station_units(row: StationRow, state: str, there: dict[int, list[str]]) -> list[UnitRow]:
    seat_key = f"eci:{state}/{row.constituency}"
    code = ("eci", f"{state}/{key_text(row)}")
    number = f"{row.number}{row.suffix}"
    tag = "en" if row.name.isascii() else "hi"
    names = {tag: f"{number} {row.name}"} if row.name else {"en": f"Booth {number}", "hi": f"बूथ {number}"}
    attrs: dict[str, object] = {"number": row.number, "suffix": row.suffix, "kind": row.kind, **row.facts}
    if row.latitude is not None:
        attrs |= {"latitude": row.latitude, "longitude": row.longitude}
    booth = UnitRow(row.line, "booth", ":".join(code), seat_key, names, (), (code,), seat_key, "", attrs)
    if row.constituency in there:
        return [booth]
    seat_names = {"en" if row.constituency_name.isascii() else "hi": row.constituency_name or str(row.constituency)}
    seat = UnitRow(
        row.line, "constituency", seat_key, f"eci:{state}", seat_names, (), (("eci", f"{state}/{row.constituency}"),),
        f"eci:{state}", "", {"number": row.constituency}, True,
    )  # fmt: skip
    return [facts.state_row(state), seat, booth]


def _with_rows(found: Parsed, units: list[UnitRow]) -> Parsed[UnitRow]:
    return Parsed(units, found.refused, found.notes, found.skipped, found.unread_columns, found.encoding, found.lines)


def _lgd(sheet: Sheet, ask: Ask, columns: Columns | None, start: int) -> Parsed[UnitRow]:
    """Of one state where `ask` names one. A state or district the tree has is found by its name below its own state."""
    eci = {bare(name): row["code"] for row in facts.rows_of("states") for name in (row["name_en"], row["name_hi"])}
    numbers = _lgd_state(ask.state, sheet, columns, start, eci)
    return parse_lgd(sheet, state=numbers, columns=columns, start=start, eci=eci)


def _lgd_state(state: str, sheet: Sheet, columns: Columns | None, start: int, eci: Mapping[str, str]) -> int | None:
    """The directory's number of the state asked for: as typed, as the tree knows it, or as the file names it."""
    if not state:
        return None
    if (typed := whole_number(state)) is not None:
        return typed
    known = Unit.objects.filter(codes__scheme="eci", codes__value=state, codes__valid_to=None).first()
    code = known and known.codes.filter(scheme="lgd", value__startswith="state/", valid_to=None).first()
    if code:
        return int(code.value.partition("/")[2])
    named = (start, columns) if columns else LGD.find(sheet.rows)
    for row in sheet.rows[named[0] :] if named else ():
        at = named[1] if named else Columns()
        if eci.get(bare(at.cell(row.cells, "state_name"))) == state:
            return whole_number(at.cell(row.cells, "state"))
    raise BadInput(_("The file does not name the state %(state)s.") % {"state": state})


_READERS: dict[str, Callable[[Sheet, Ask, Columns | None, int], Parsed[UnitRow]]] = {
    "toli": _own, "lgd": _lgd, "panchayats": _panchayats, "constituencies": _constituencies, "stations": _stations,
}  # fmt: skip
