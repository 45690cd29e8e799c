"""A mapping file (TOML) tells which heading holds which field, for layouts nobody foresaw.

    layout = "stations"                # stations, panchayats, constituencies or tree
    state = "S04"
    heading_line = 3                   # only when the headings are not found by themselves
    [columns]
    constituency = "विधानसभा क्षेत्र"
    number = "बूथ संख्या"

A `tree` has one [[level]] table per level instead, from the top down; see docs/import.md.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from toli.kit.errors import BadInput
from toli.org.importing import constituencies, lgd, panchayats, stations
from toli.org.importing.cells import bare, tidy
from toli.org.importing.headings import Columns, is_numbering
from toli.org.importing.reading import Sheet, SheetRow
from toli.org.importing.rows import Parsed, UnitRow, kept_units

LAYOUTS = ("toli", "lgd", "stations", "panchayats", "constituencies", "tree")
_KNOWN = {
    "stations": set(stations.FIELDS),
    "panchayats": set(panchayats.PANCHAYATS.fields),
    "constituencies": set(constituencies.CONSTITUENCIES.fields),
    "lgd": set(lgd.LGD.fields),
}
_OWN = re.compile(
    r"level|code|parent|electoral_parent|administrative_parent|aliases|(name|code|fact)_[a-z][a-z0-9_]{0,30}"
)
# A heading that stands twice is told apart by its place, "Name#2"; a column without one is "column:5".
_NTH = re.compile(r"(.+)#(\d{1,3})")
_PLACE = re.compile(r"column:(\d{1,3})")
_HIERARCHIES = ("org", "electoral", "administrative")


@dataclass(frozen=True)
class LevelMapping:
    level: str
    names: Mapping[str, str]
    codes: Mapping[str, str]
    facts: Mapping[str, str]
    hierarchies: tuple[str, ...]


@dataclass(frozen=True)
class FileMapping:
    layout: str
    state: str = ""
    heading_line: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[LevelMapping, ...] = ()
    scheme: str = "list"
    level: str = ""
    """For `toli`: the level of every row, where no column says it."""

    @property
    def headings(self) -> list[str]:
        """Every heading the file must have."""
        named = [*self.columns.values()]
        for level in self.levels:
            named += [*level.names.values(), *level.codes.values(), *level.facts.values()]
        return named


def read_mapping(path: Path) -> FileMapping:
    """The mapping in a TOML file. Raises BadInput naming what is wrong in it."""
    try:
        return read_text(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise BadInput(_("There is no file %(path)s.") % {"path": path})
    except UnicodeDecodeError as error:
        raise BadInput(_("The mapping file is not TOML: %(error)s") % {"error": error})


def read_text(text: str) -> FileMapping:
    """The mapping in the text of a TOML file. Raises BadInput."""
    try:
        return mapping_of(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(_("The mapping file is not TOML: %(error)s") % {"error": error})


def mapping_of(data: Mapping[str, Any]) -> FileMapping:
    layout = str(data.get("layout", ""))
    if layout not in LAYOUTS:
        raise BadInput(_("The mapping file must say layout = one of: %(names)s.") % {"names": ", ".join(LAYOUTS)})
    columns = {str(name): str(heading) for name, heading in dict(data.get("columns", {})).items()}
    known = _KNOWN.get(layout, set())
    unknown = sorted(name for name in columns if name not in known and not (layout == "toli" and _OWN.fullmatch(name)))
    if unknown:
        raise BadInput(_("The mapping file names fields that do not exist: %(names)s.") % {"names": ", ".join(unknown)})
    levels = tuple(_level(entry) for entry in data.get("level", []))
    if layout == "tree" and not levels:
        raise BadInput(_("A tree mapping needs at least one [[level]] table."))
    line = data.get("heading_line")
    return FileMapping(
        layout,
        str(data.get("state", "")),
        int(line) if line else None,
        columns,
        levels,
        str(data.get("scheme", "list")),
        str(data.get("every_level", "")),
    )


def _level(entry: Mapping[str, Any]) -> LevelMapping:
    hierarchies = tuple(entry.get("hierarchies", ("org",)))
    names = {str(tag): str(heading) for tag, heading in dict(entry.get("name", {})).items()}
    if not entry.get("level") or not names or not set(hierarchies) <= set(_HIERARCHIES):
        raise BadInput(
            _("Each [[level]] needs level, name.<language> and hierarchies of: org, electoral, administrative.")
        )
    return LevelMapping(
        str(entry["level"]), names, dict(entry.get("code", {})), dict(entry.get("fact", {})), hierarchies
    )


def mapped_columns(sheet: Sheet, mapping: FileMapping) -> tuple[int, Columns]:
    """The index after the heading row, and where each field stands. Raises BadInput when a heading is missing."""
    for index, row in enumerate(sheet.rows[:200]):
        if mapping.heading_line not in (None, row.line):
            continue
        present = [bare(cell) for cell in row.cells]
        if all(place_of(present, heading) is not None for heading in mapping.headings):
            return index + 1, _columns(row, present, mapping)
    missing = ", ".join(heading for heading in mapping.headings if not _anywhere(sheet.rows[:200], heading))
    raise BadInput(_("No row has all headings of the mapping file. Not found: %(names)s.") % {"names": missing or "-"})


def place_of(present: Sequence[str], heading: str) -> int | None:
    """Where a heading stands among the bare headings of a row; None when it does not."""
    if place := _PLACE.fullmatch(heading):
        return int(place[1]) - 1 if 0 < int(place[1]) <= len(present) else None
    wanted, nth = bare(heading), 1
    if wanted not in present and (found := _NTH.fullmatch(heading)):
        wanted, nth = bare(found[1]), int(found[2])
    places = [index for index, text in enumerate(present) if text == wanted]
    return places[nth - 1] if wanted and 0 < nth <= len(places) else None


def _anywhere(rows: Sequence[SheetRow], heading: str) -> bool:
    return any(place_of([bare(cell) for cell in row.cells], heading) is not None for row in rows)


def _places(present: Sequence[str], headings: Mapping[str, str]) -> dict[str, int]:
    return {name: place for name, text in headings.items() if (place := place_of(present, text)) is not None}


def _columns(row: SheetRow, present: list[str], mapping: FileMapping) -> Columns:
    at = _places(present, mapping.columns)
    used = set(_places(present, {heading: heading for heading in mapping.headings}).values())
    unread = [tidy(cell)[:80] for index, cell in enumerate(row.cells) if present[index] and index not in used]
    return Columns(at=at, unread=unread, width=len(row.cells), heading=tuple(present))


def parse_tree(sheet: Sheet, mapping: FileMapping, *, state: UnitRow) -> Parsed[UnitRow]:
    """The state, and units of every level named in the mapping: each row is one path, from the top level down."""
    parsed = Parsed(rows=kept_units(), encoding=sheet.encoding, lines=len(sheet.rows) + sheet.blank)
    start, columns = mapped_columns(sheet, mapping)
    parsed.unread_columns = list(columns.unread)
    sheet.heading_line = sheet.rows[start - 1].line
    at = _places(columns.heading, {heading: heading for heading in mapping.headings})
    parsed.rows.append(state)
    seen: set[str] = set()
    for row in sheet.rows[start:]:
        if is_numbering(row.cells):
            parsed.skipped["numbering"] += 1
            continue
        _path(row, mapping, at, state.key, seen, parsed)
    return parsed


def _path(
    row: SheetRow,
    mapping: FileMapping,
    at: Mapping[str, int],
    state_key: str,
    seen: set[str],
    parsed: Parsed[UnitRow],
) -> None:
    above = dict.fromkeys(_HIERARCHIES, state_key)
    trail = mapping.state
    for depth, level in enumerate(mapping.levels):
        names = _values(row, level.names, at)
        if not names:
            # A row may stop short: a line for the district itself among the lines of its villages.
            if depth == 0 or _filled_below(row, mapping.levels[depth + 1 :], at):
                parsed.refuse(row.line, "no_name", column=level.level, cells=tuple(row.cells))
            return
        codes = tuple(_values(row, level.codes, at).items())
        trail = f"{trail}/{bare(next(iter(names.values())))}"
        own = (mapping.scheme, f"{level.level}:{trail}")
        key = ":".join(codes[0] if codes else own)
        if key not in seen:
            seen.add(key)
            parsed.rows.append(_unit(row, level, key, names, codes or (own,), above, at))
        above = {name: key if name in level.hierarchies else above[name] for name in above}


def _unit(
    row: SheetRow,
    level: LevelMapping,
    key: str,
    names: Mapping[str, str],
    codes: tuple[tuple[str, str], ...],
    above: Mapping[str, str],
    at: Mapping[str, int],
) -> UnitRow:
    parent = {name: above[name] if name in level.hierarchies else "" for name in _HIERARCHIES}
    return UnitRow(
        row.line, level.level, key, parent["org"], names, (), codes,
        parent["electoral"], parent["administrative"], _values(row, level.facts, at),
    )  # fmt: skip


def _values(row: SheetRow, headings: Mapping[str, str], at: Mapping[str, int]) -> dict[str, str]:
    cells = {name: tidy(row.cells[at[heading]]) for name, heading in headings.items() if at[heading] < len(row.cells)}
    return {name: text for name, text in cells.items() if text}


def _filled_below(row: SheetRow, levels: Sequence[LevelMapping], at: Mapping[str, int]) -> bool:
    return any(_values(row, level.names, at) for level in levels)
