"""The Election Commission's list of assembly and parliament constituencies."""

from toli.org.importing.cells import tidy, whole_number
from toli.org.importing.headings import Columns, Patterns, is_numbering, repeats
from toli.org.importing.reading import Sheet, SheetRow
from toli.org.importing.rows import ConstituencyRow, Parsed
from toli.org.importing.station_cells import constituency

_AC = r"(ac|assembly( constituency)?|vidhan ?sabha|विधान ?सभा( क्षेत्र)?)"
_PC = r"(pc|parliament(ary)?( constituency)?|lok ?sabha|लोक ?सभा( क्षेत्र)?|संसदीय क्षेत्र)"
_NO = r"(no|number|code|id|संख्या|क्रमांक|क्र|कोड)"
CONSTITUENCIES = Patterns(
    {
        "state": r"^(st|state) (code|id)$|^राज्य (का )?कोड$",
        "state_name": r"^(st|state)( name)?$|^राज्य( का नाम)?$",
        "state_abbreviation": r"^(st|state) abbr",
        "parliament": rf"^{_PC} {_NO}$",
        "parliament_name": rf"^{_PC}( का)?( name| नाम)?$|^(name of )(the )?{_PC}$",
        "parliament_type": rf"^{_PC} (type|category|reservation)$",
        "number": rf"^{_AC} {_NO}$",
        "name": rf"^{_AC}( का)?( name| नाम)?$|^(name of )(the )?{_AC}$",
        "reserved": rf"^{_AC} (type|category|reservation)$|^(reserved|reservation)( for)?$|^आरक्षण$",
    },
    needed=[("number", "name"), ("name",)],
)
_RESERVED = {"SC": "SC", "ST": "ST", "अजा": "SC", "अजजा": "ST", "अ.जा.": "SC", "अ.ज.जा.": "ST"}


def parse_constituencies(
    sheet: Sheet, *, state: str = "", columns: Columns | None = None, start: int = 0
) -> Parsed[ConstituencyRow]:
    """The constituencies of one state, or of every state in the file when `state` is empty."""
    parsed: Parsed[ConstituencyRow] = Parsed(encoding=sheet.encoding, lines=len(sheet.rows) + sheet.blank)
    parsed.skipped["blank"] = sheet.blank
    for line, code, detail in sheet.notes:
        parsed.note(line, code, detail=detail)
    if columns is None:
        found = CONSTITUENCIES.find(sheet.rows)
        if not found:
            parsed.refuse(0, "no_heading", detail=", ".join(sheet.rows[0].cells[:6]) if sheet.rows else "")
            return parsed
        start, columns = found
    parsed.unread_columns = list(columns.unread)
    sheet.heading_line = sheet.rows[start - 1].line if start else 0
    seen: dict[tuple[str, int], int] = {}
    for row in sheet.rows[start:]:
        _read(row, columns, state, seen, parsed)
    return parsed


def _read(
    row: SheetRow, columns: Columns, only: str, seen: dict[tuple[str, int], int], parsed: Parsed[ConstituencyRow]
) -> None:
    if is_numbering(row.cells) or repeats(row.cells, columns):
        parsed.skipped["heading"] += 1
        return
    state = columns.cell(row.cells, "state") or only
    if only and state != only:
        parsed.skipped["other state"] += 1
        return
    found = _constituency(row, columns, state)
    if isinstance(found, str):
        parsed.refuse(row.line, found, cells=tuple(row.cells))
        return
    first = seen.setdefault((state, found.number), row.line)
    if first != row.line:
        parsed.refuse(row.line, "same_constituency", column="number", detail=str(first), cells=tuple(row.cells))
        return
    parsed.rows.append(found)


def _constituency(row: SheetRow, columns: Columns, state: str) -> ConstituencyRow | str:
    """The row, or the reason why it is none."""
    if not state:
        return "no_state"
    number, name = constituency(columns.cell(row.cells, "number") or columns.cell(row.cells, "name"))
    name = constituency(columns.cell(row.cells, "name"))[1] or name
    if number is None:
        return "no_constituency"
    if not name:
        return "no_name"
    pc_cell, pc_name = columns.cell(row.cells, "parliament"), columns.cell(row.cells, "parliament_name")
    pc, pc_own = constituency(pc_cell) if pc_cell else constituency(pc_name)
    reserved = _RESERVED.get(columns.cell(row.cells, "reserved").upper().strip("() "), "")
    return ConstituencyRow(
        row.line, state, columns.cell(row.cells, "state_name"), pc if pc is not None else whole_number(pc_cell),
        tidy(constituency(pc_name)[1] or pc_own), number, name, reserved,
    )  # fmt: skip
