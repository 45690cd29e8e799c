"""Lists of the Local Government Directory: states, districts, sub-districts, blocks, local bodies, villages.

Codes are flat numbers of each kind of place (district 102, block 102), so the kind stands in our key: `district/102`.
They are neither padded nor Census codes; a row's version rises when its name changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toli.org.importing.cells import bare, tidy, whole_number
from toli.org.importing.headings import Columns, Patterns, is_numbering, repeats
from toli.org.importing.reading import Sheet, SheetRow
from toli.org.importing.rows import Parsed, UnitRow, kept_units

SCHEME = "lgd"
_SUB = r"(sub ?district|sub dist|tehsil|taluka?|mandal)"
_GP = r"(village panchayat|gram panchayat)"
_BP = r"(block panchayat|intermediate panchayat|panchayat samiti)"
_BODY = r"(local ?body|urban local ?body|municipality|ulb)"
_CODE = r"( lgd)?( code| id)( lgd)?$"
_NAME = r"( name)( in english| english)?$"
_OWN_NAME = r"( name)( in)?( local| local language| hindi)( language)?$"
LGD = Patterns(
    {
        "state": rf"^state{_CODE}",
        "state_name": rf"^state{_NAME}",
        "district": rf"^(district|zilla|zila|zila panchayat|district panchayat){_CODE}",
        "district_name": rf"^(district|zilla|zila){_NAME}",
        "district_local": rf"^(district|zilla|zila){_OWN_NAME}",
        "subdistrict": rf"^{_SUB}{_CODE}",
        "subdistrict_version": rf"^{_SUB} version$",
        "subdistrict_name": rf"^{_SUB}{_NAME}",
        "subdistrict_local": rf"^{_SUB}{_OWN_NAME}",
        "block": rf"^(block|development block|{_BP}){_CODE}",
        "block_version": rf"^(block|{_BP}) version$",
        "block_name": rf"^(block|development block|{_BP}){_NAME}",
        "block_local": rf"^(block|development block|{_BP}){_OWN_NAME}",
        "panchayat": rf"^{_GP}{_CODE}",
        "panchayat_name": rf"^{_GP}{_NAME}",
        "panchayat_local": rf"^{_GP}{_OWN_NAME}",
        "panchayat_version": rf"^{_GP} version$",
        "village": rf"^village{_CODE}",
        "village_version": r"^village version$",
        "village_name": rf"^village{_NAME}",
        "village_local": rf"^village{_OWN_NAME}",
        "town": rf"^{_BODY}{_CODE}",
        "town_version": rf"^{_BODY} version$",
        "town_name": rf"^{_BODY}{_NAME}",
        "town_local": rf"^{_BODY}{_OWN_NAME}",
        "town_kind": rf"^{_BODY} type( code| name)?$",
        "state_version": r"^state version$",
        "state_local": rf"^state{_OWN_NAME}",
        "district_version": r"^district version$",
    },
    needed=[
        ("state", "district", "subdistrict", "block", "panchayat", "village", "town"),
        ("state_name", "district_name", "subdistrict_name", "block_name", "panchayat_name", "village_name",
         "town_name"),
    ],
)  # fmt: skip
# The lowest kind a file has a code and a name for is what its rows are; where a new one stands is the first of these
# that the row names.
KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("village", "village", ("subdistrict", "block", "district", "state")),
    ("panchayat", "panchayat", ("block", "subdistrict", "district", "state")),
    ("town", "town", ("subdistrict", "district", "state")),
    ("block", "samiti", ("district", "state")),
    ("subdistrict", "subdistrict", ("district", "state")),
    ("district", "district", ("state",)),
    ("state", "state", ()),
)
LEVELS = {kind: level for kind, level, _above in KINDS}
_TYPES = {
    4: "municipal corporation", 5: "municipality", 6: "notified area council", 7: "town panchayat",
    8: "municipal council", 21: "municipal council", 24: "city municipal council", 25: "town municipal council",
}  # fmt: skip


@dataclass
class Lgd(Parsed[UnitRow]):
    """What a directory file gave; `kind` is what its rows are."""

    kind: str = ""


def kind_of(columns: Columns) -> str:
    """The lowest kind of place with a code and a name; empty when there is none."""
    return next((kind for kind, _level, _above in KINDS if kind in columns and f"{kind}_name" in columns), "")


def key(kind: str, code: int) -> str:
    return f"{SCHEME}:{kind}/{code}"


def parse_lgd(
    sheet: Sheet, *, state: int | None = None, columns: Columns | None = None, start: int = 0,
    eci: Mapping[str, str] | None = None,
) -> Lgd:  # fmt: skip
    """The units of a directory file, of one state (its directory code) or of all, with the places above them as the
    file names them. `eci`: bare name of a state -> the Commission's code.
    """
    parsed = Lgd(rows=kept_units(), encoding=sheet.encoding, lines=len(sheet.rows) + sheet.blank)
    parsed.skipped["blank"] = sheet.blank
    for line, code, detail in sheet.notes:
        parsed.note(line, code, detail=detail)
    if columns is None:
        found = LGD.find(sheet.rows)
        if not found:
            parsed.refuse(0, "no_heading", detail=", ".join(sheet.rows[0].cells[:6]) if sheet.rows else "")
            return parsed
        start, columns = found
    parsed.kind = kind_of(columns)
    parsed.unread_columns = _unread(columns)
    sheet.heading_line = sheet.rows[start - 1].line if start else 0
    if not parsed.kind:
        parsed.refuse(sheet.heading_line, "no_code", detail=", ".join(columns.heading[:8]))
        return parsed
    _Reader(parsed, columns, state, eci or {}).read(sheet.rows[start:])
    return parsed


def _unread(columns: Columns) -> list[str]:
    """Numbers of rows and Census codes are passed over by name; the rest nobody knows is listed."""
    return [name for name in columns.unread if not bare(name).startswith(("census", "s no", "sr no", "serial"))]


class _Reader:
    def __init__(self, parsed: Lgd, columns: Columns, state: int | None, eci: Mapping[str, str]) -> None:
        self.parsed, self.columns, self.state, self.eci = parsed, columns, state, eci
        self.places: dict[str, int] = {}
        """Where the unit of a key stands among the units."""
        self.first: dict[str, int] = {}
        self.above = next(above for kind, _level, above in KINDS if kind == parsed.kind)

    def read(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            if is_numbering(row.cells) or repeats(row.cells, self.columns):
                self.parsed.skipped["heading"] += 1
            else:
                self._row(row)

    def _row(self, row: SheetRow) -> None:
        kind, cells = self.parsed.kind, tuple(row.cells)
        code, name = self._code(row, kind), self.columns.cell(row.cells, f"{kind}_name")
        state = self._code(row, "state")
        if self.state is not None and state is not None and state != self.state:
            self.parsed.skipped["other state"] += 1
        elif code is None:
            self.parsed.refuse(
                row.line, "bad_code", column=kind, detail=self.columns.cell(row.cells, kind), cells=cells
            )
        elif not name:
            self.parsed.refuse(row.line, "no_name", column=f"{kind}_name", cells=cells)
        elif (own := key(kind, code)) in self.first:
            self._again(row, own, name)
        else:
            parents = self._places(row)
            self.first[own] = row.line
            self._put(self._unit(row, kind, code, parents))

    def _again(self, row: SheetRow, own: str, name: str) -> None:
        """The directory lists some codes twice. The same name again is a note; another name is refused."""
        known = self.parsed.rows[self.places[own]]
        if bare(name) in {bare(text) for text in known.names.values()}:
            self.parsed.note(row.line, "same_code_same_name", detail=str(self.first[own]))
        else:
            self.parsed.refuse(
                row.line, "same_code", column="code", detail=str(self.first[own]), cells=tuple(row.cells)
            )

    def _places(self, row: SheetRow) -> list[str]:
        """Keys of the places above the row that it names, nearest first; those not met before become units too."""
        named = [kind for kind in self.above if self._code(row, kind) is not None]
        for at in range(len(named) - 1, -1, -1):
            kind, code = named[at], self._code(row, named[at])
            if code is not None and key(kind, code) not in self.places and f"{kind}_name" in self.columns:
                above = [key(k, c) for k in named[at + 1 :] if (c := self._code(row, k)) is not None]
                if self.columns.cell(row.cells, f"{kind}_name"):
                    self._put(self._unit(row, kind, code, above))
        return [key(kind, code) for kind in named if (code := self._code(row, kind)) is not None]

    def _put(self, unit: UnitRow) -> None:
        self.places[unit.key] = len(self.parsed.rows)
        self.parsed.rows.append(unit)

    def _unit(self, row: SheetRow, kind: str, code: int, above: list[str]) -> UnitRow:
        cell = lambda column: self.columns.cell(row.cells, column)  # noqa: E731
        own = key(kind, code)
        english, local = cell(f"{kind}_name"), cell(f"{kind}_local")
        codes = [(SCHEME, own.partition(":")[2])]
        if kind == "state" and (eci := self.eci.get(bare(english))):
            codes.append(("eci", eci))
        # Only districts stand in the organisation by themselves; what lies below is a place of the administration.
        parent = above[-1] if kind == "district" and above else ""
        return UnitRow(
            row.line, LEVELS[kind], own, parent, _names(english, local), (), tuple(codes), "",
            above[0] if above else "", self._facts(row, kind), True,
        )  # fmt: skip

    def _facts(self, row: SheetRow, kind: str) -> dict[str, object]:
        facts: dict[str, object] = {}
        if kind == self.parsed.kind and (version := whole_number(self.columns.cell(row.cells, f"{kind}_version"))):
            facts["lgd_version"] = version
        if kind == "town" and (stated := self.columns.cell(row.cells, "town_kind")):
            number = whole_number(stated)
            facts["local_body"] = _TYPES.get(number, stated) if number is not None else stated.casefold()
        return facts

    def _code(self, row: SheetRow, kind: str) -> int | None:
        return whole_number(self.columns.cell(row.cells, kind))


def _names(english: str, local: str) -> dict[str, str]:
    """The English name as people write it; the local one only when it is truly in another script."""
    names = {"en": tidy(english.title() if english.isupper() else english)}
    if not english.isascii():
        names = {"hi": tidy(english)}
    if local and any("\u0900" <= letter <= "\u097f" for letter in local):
        names["hi"] = tidy(local)
    return names
