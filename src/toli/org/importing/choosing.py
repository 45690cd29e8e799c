"""The mapping screen's side of a file: its first rows, which column is taken for what, and the mapping written down.

What the headings say for certain is filled in; everything else says "not read" until a person chooses.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from toli.kit.errors import BadInput
from toli.kit.forbidden import has_aadhaar, refused_name
from toli.org.importing import constituencies, lgd, mapping, own, panchayats, stations
from toli.org.importing.cells import bare, tidy
from toli.org.importing.headings import Columns, Patterns
from toli.org.importing.reading import Sheet

SHOWN_ROWS, SHOWN_CELL, MOST_COLUMNS = 8, 60, 120
SEARCHED = 1_000
PATTERNS: Mapping[str, Patterns] = {
    "lgd": lgd.LGD, "panchayats": panchayats.PANCHAYATS, "constituencies": constituencies.CONSTITUENCIES,
    "stations": stations.STATIONS,
}  # fmt: skip
OWN_FIELDS = (
    "level", "code", "parent", "name_hi", "name_en", "aliases", "electoral_parent", "administrative_parent",
    "code_eci", "code_lgd", "code_org", "fact_pin", "fact_reservation",
)  # fmt: skip
TREE = (
    ("division", ("org",)), ("district", ("org", "administrative")), ("constituency", ("org", "electoral")),
    ("block", ("org",)), ("samiti", ("administrative",)), ("panchayat", ("administrative",)),
    ("subdistrict", ("administrative",)), ("village", ("administrative",)), ("town", ("administrative",)),
    ("booth", ("org", "electoral", "administrative")),
)  # fmt: skip
TREE_ORDER = [level for level, _hierarchies in TREE]


@dataclass(frozen=True)
class Column:
    """One column as the screen shows it. `heading` names it in a mapping file, uniquely."""

    index: int
    heading: str
    shown: str
    samples: tuple[str, ...]
    field: str


@dataclass(frozen=True)
class Preview:
    encoding: str
    page: str
    pages: tuple[str, ...]
    heading_line: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    certain: bool
    """The heading row was found by its words; else it is only the first row with several cells."""


def fields_of(layout: str) -> list[str]:
    """What a column of this layout can hold."""
    if layout == "toli":
        return list(OWN_FIELDS)
    if layout == "tree":
        return [f"{level}.{part}" for level in TREE_ORDER for part in ("name_hi", "name_en", "code_lgd", "code_org")]
    return list(PATTERNS[layout].fields)


def preview(sheet: Sheet, layout: str, *, heading_line: int | None = None, saved: str = "") -> Preview:
    """The first rows and the columns, each with the field its heading is known for. Raises BadInput."""
    if not sheet.rows:
        raise BadInput(_("The file has no rows. Nothing was imported."))
    at, certain = _heading(sheet, layout, heading_line)
    row = sheet.rows[at]
    known = _known(row.cells, layout) if not saved else _by_mapping(sheet, saved)
    headings = _unique(row.cells)
    below = sheet.rows[at + 1 : at + 1 + SHOWN_ROWS]
    columns = tuple(
        Column(
            index, headings[index], tidy(text)[:80],
            tuple(tidy(cell)[:SHOWN_CELL] for r in below[:3] for cell in r.cells[index : index + 1] if cell.strip()),
            known.get(index, ""),
        )
        for index, text in enumerate(row.cells[:MOST_COLUMNS])
    )  # fmt: skip
    rows = tuple((r.line, tuple(tidy(cell)[:SHOWN_CELL] for cell in r.cells[:MOST_COLUMNS])) for r in below)
    return Preview(sheet.encoding, sheet.page, tuple(sheet.pages), row.line, columns, rows, certain)


def _heading(sheet: Sheet, layout: str, line: int | None) -> tuple[int, bool]:
    if line is not None:
        at = next((index for index, row in enumerate(sheet.rows[:200]) if row.line == line), None)
        if at is None:
            raise BadInput(
                fields={"heading_line": _("This line is empty or too far down. Which line has the headings?")}
            )
        return at, False
    if layout == "toli":
        found = (i for i, row in enumerate(sheet.rows[:40]) if {"level", "code"} <= own.own_columns(row.cells).keys())
        at = next(found, None)
    elif layout in PATTERNS:
        hit = PATTERNS[layout].find(sheet.rows)
        at = hit[0] - 1 if hit else None
    else:
        at = None
    if at is not None:
        return at, True
    usual = (index for index, row in enumerate(sheet.rows[:40]) if sum(1 for cell in row.cells if cell.strip()) > 1)
    return next(usual, 0), False


def _known(cells: Sequence[str], layout: str) -> dict[int, str]:
    """Index -> field, for headings that say what they are."""
    if layout == "toli":
        found = own.own_columns(cells)
        return {at: name.replace(" ", "_") for name, at in found.items()}
    if layout == "tree":
        return {}
    return {at: name for name, at in PATTERNS[layout].columns(cells).at.items()}


def _by_mapping(sheet: Sheet, saved: str) -> dict[int, str]:
    """Index -> field, as a saved mapping says."""
    found = mapping.read_text(saved)
    _start, columns = mapping.mapped_columns(sheet, found)
    chosen = {at: name for name, at in columns.at.items()}
    for level in found.levels:
        for prefix, headings in (("name", level.names), ("code", level.codes)):
            for tag, heading in headings.items():
                place = mapping.place_of(columns.heading, heading)
                if place is not None:
                    chosen[place] = f"{level.level}.{prefix}_{tag}"
    return chosen


def _unique(cells: Sequence[str]) -> list[str]:
    """Each column's name in a mapping file: its heading, `heading#2` the second time, `column:5` without one."""
    seen: dict[str, int] = {}
    names = []
    for index, text in enumerate(cells):
        plain = bare(text)
        if not plain:
            names.append(f"column:{index + 1}")
            continue
        seen[plain] = seen.get(plain, 0) + 1
        names.append(tidy(text) if seen[plain] == 1 else f"{tidy(text)}#{seen[plain]}")
    return names


def refuse_forbidden(sheet: Sheet, layout: str) -> None:
    """Raise BadInput, naming the columns, when a list of places holds what is never stored about persons."""
    at, _certain = _heading(sheet, layout, None)
    cells, known = sheet.rows[at].cells, _known(sheet.rows[at].cells, layout)
    found = []
    for index, heading in enumerate(cells):
        refusal = refused_name(heading) if index not in known or layout == "tree" else None
        if refusal is not None and refusal.kind != "location":
            found.append(f"{refusal.column} ({refusal.label})")
        elif _looks_like_aadhaar(sheet, at, index):
            found.append(f"{tidy(heading)[:80] or index + 1} (Aadhaar)")
    if found:
        raise BadInput(
            _("Toli never stores this about a person: %(names)s. Remove these columns; nothing was imported.")
            % {"names": ", ".join(found)}
        )


def _looks_like_aadhaar(sheet: Sheet, start: int, index: int) -> bool:
    """A column most of whose first values pass Aadhaar's check; one of ten random numbers passes by chance."""
    values = [r.cells[index] for r in sheet.rows[start + 1 : start + SEARCHED] if index < len(r.cells)]
    filled = [value for value in values if value.strip()]
    return len(filled) > 0 and sum(map(has_aadhaar, filled)) * 2 > len(filled)


def mapping_text(
    layout: str, chosen: Mapping[str, str], *, heading_line: int | None = None, level: str = "", state: str = ""
) -> str:
    """The mapping file for what was chosen: heading -> field. Raises BadInput for a field chosen twice or none."""
    picked = [(heading, name) for heading, name in chosen.items() if name]
    names = [name for _heading, name in picked]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(
            _("Two columns cannot hold the same: %(names)s. Choose one of them.") % {"names": ", ".join(twice)}
        )
    if unknown := sorted(set(names) - set(fields_of(layout)) - {n for n in names if _is_open(layout, n)}):
        raise BadInput(_("There is no such field: %(names)s.") % {"names": ", ".join(unknown)})
    _check_enough(layout, names, level)
    lines = [f"layout = {_quoted(layout)}"]
    lines += [f"state = {_quoted(state)}"] if state else []
    lines += [f"heading_line = {heading_line}"] if heading_line else []
    lines += [f"every_level = {_quoted(level)}"] if level and layout == "toli" else []
    return "\n".join([*lines, *(_tree(picked) if layout == "tree" else _flat(picked))]) + "\n"


def _is_open(layout: str, name: str) -> bool:
    return layout == "toli" and name.startswith(("name_", "code_", "fact_"))


def _check_enough(layout: str, names: Sequence[str], level: str) -> None:
    if layout == "toli":
        enough = ("level" in names or level) and "code" in names and any(n.startswith("name_") for n in names)
    elif layout == "tree":
        enough = any(".name_" in name for name in names)
    else:
        enough = PATTERNS[layout].complete(Columns(at=dict.fromkeys(names, 0)))
    if not enough:
        raise BadInput(_("Too few columns are chosen. Needed: %(names)s.") % {"names": needed(layout)})


def needed(layout: str) -> str:
    """What must be chosen at least, in words."""
    if layout == "toli":
        return _("level, code and a name")
    if layout == "tree":
        return _("a name on at least one level")
    return ", ".join("/".join(choice) for choice in PATTERNS[layout].needed)


def _flat(picked: Sequence[tuple[str, str]]) -> list[str]:
    return ["[columns]", *(f"{name} = {_quoted(heading)}" for heading, name in picked)]


def _tree(picked: Sequence[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for level, hierarchies in TREE:
        parts = [(name.partition(".")[2], heading) for heading, name in picked if name.startswith(f"{level}.")]
        if parts:
            lines += ["[[level]]", f"level = {_quoted(level)}", f"hierarchies = {json.dumps(hierarchies)}"]
            lines += [f"{part.replace('_', '.', 1)} = {_quoted(heading)}" for part, heading in parts]
    return lines


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
