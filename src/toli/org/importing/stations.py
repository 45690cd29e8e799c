"""Polling stations as states publish them. Main and auxiliary stations of one number stay two stations."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from toli.kit.text import ascii_digits
from toli.org.importing.cells import bare, tidy
from toli.org.importing.coordinates import point
from toli.org.importing.headings import Columns, Patterns, is_numbering, repeats
from toli.org.importing.reading import Sheet, SheetRow
from toli.org.importing.rows import Parsed, StationRow
from toli.org.importing.station_cells import NOT_STATED, constituency, number_and_name, station_kind, station_number

_PS = r"(polling (station|stn|booth|centre|center)|p ?s|booth|मतदान (केन्द्र|केंद्र|केन्‍द्र|स्थल)|बूथ|म के)"
# "\b" does not see the end of a Hindi word whose last sign is a vowel or a dot; headings have single blanks.
_NO = r"(?<![^ ])(no|nos|number|num|sr|id|code|संख्या|क्रमांक|क्र|सं|नं|नंबर|नम्बर)(?![^ ])"
_AC = r"(\bac\b|assembly( constituency)?|vidhan ?sabha|constituency|विधान ?सभा( (निर्वाचन )?क्षेत्र)?|निर्वाचन क्षेत्र|वि स)"
FIELDS = {
    "kind": r"main.*au?x|au?x.*main|\bm a\b|(मूल|मुख्य).*सहायक|सहायक.*(मूल|मुख्य)|"
    rf"type of {_PS}|{_PS} (type|category|kind)|{_PS} का प्रकार|^(type|प्रकार)$",
    "coordinates": r"lat.*lon|coordinates?|gps|अक्षांश.*देशान?ंत?र",
    "latitude": r"\blat|अक्षांश",
    "longitude": r"\blon|देशान्तर|देशांतर|रेखांश",
    "serial_from": r"^from$|(serial|elector|voter|sl|क्रमांक|क्रम).*(from|start|से)",
    "serial_to": r"^to$|(serial|elector|voter|sl|क्रमांक|क्रम).*( to\b|end|upto|तक)",
    "electricity": r"electric|बिजली|विद्युत",
    "toilet": r"toilet|शौचालय",
    "ramp": r"ramp|रैम्प|रैंप",
    "constituency": rf"{_AC}.*{_NO}.*(name|नाम)|{_AC}.*(name|नाम).*{_NO}|{_NO}.*(name|नाम).*{_AC}",
    "constituency_name": rf"(name|नाम).*{_AC}|{_AC}.*(name|नाम)",
    "constituency_number": rf"{_AC}.*{_NO}|{_NO}.*{_AC}",
    "constituency_only": rf"^(name of )?{_AC}$",
    "number_and_name": rf"{_PS}.*{_NO}.*(?<![^ ])(name|नाम)|{_PS}.*(name|नाम).*{_NO}|{_NO}.*(name|नाम).*{_PS}",
    "number": rf"{_PS}( का| की| के)? {_NO}|{_NO}( of| the)* {_PS}|^part {_NO}$|^भाग {_NO}$|^{_PS}$",
    "name": rf"{_PS}.*(name|नाम|address|location|building|भवन|पता)|(name|नाम|location|address|building).*{_PS}|"
    rf"^building( name)?$|^भवन( का नाम)?$|^(name|नाम|location|address)$|^{_PS}$",
    "district": r"^(name of )?(the )?(district|dist|jila|zila|ज़िला|जिला|जनपद)( name| का नाम)?$",
}
STATIONS = Patterns(FIELDS, needed=[("number", "number_and_name")])
# The order in which the Commission's own form prints its eleven columns.
FORM = (
    "constituency", "number", "name", "kind", "serial_from", "serial_to", "latitude", "longitude",
    "electricity", "toilet", "ramp",
)  # fmt: skip
_FACTS = ("serial_from", "serial_to", "electricity", "toilet", "ramp", "district")
_AC_FIELDS = ("constituency", "constituency_only", "constituency_number", "constituency_name")


def parse_stations(sheet: Sheet, *, columns: Columns | None = None, start: int = 0) -> Parsed[StationRow]:
    """Every station with its notes, every refused row with its reason. `columns` come from a mapping file, if any."""
    parsed: Parsed[StationRow] = Parsed(encoding=sheet.encoding, lines=len(sheet.rows) + sheet.blank)
    parsed.skipped["blank"] = sheet.blank
    for line, code, detail in sheet.notes:
        parsed.note(line, code, detail=detail)
    if columns is None:
        start, columns = _find_columns(sheet.rows, parsed)
    if columns is None:
        parsed.refuse(0, "no_heading", detail=", ".join(sheet.rows[0].cells[:6]) if sheet.rows else "")
        return parsed
    parsed.unread_columns = list(columns.unread)
    sheet.heading_line = sheet.rows[start - 1].line if start else 0
    _Reader(parsed, columns).read(sheet.rows[:start], sheet.rows[start:])
    return parsed


def _find_columns(rows: Sequence[SheetRow], parsed: Parsed[StationRow]) -> tuple[int, Columns | None]:
    found = STATIONS.find(rows)
    if found:
        return found
    if _looks_like_the_form(rows):
        parsed.note(1, "no_heading_form_order")
        return 0, Columns(at={name: index for index, name in enumerate(FORM)}, width=len(FORM))
    return 0, None


def _looks_like_the_form(rows: Sequence[SheetRow]) -> bool:
    """Without any heading, only rows whose contents all fit the form are believed."""
    full = [row.cells for row in rows[:200] if len(row.cells) == len(FORM) and not is_numbering(row.cells)]
    fitting = [
        c for c in full if constituency(c[0])[0] and station_number(c[1]) and station_kind(c[3])[0] != NOT_STATED
    ]
    return len(fitting) >= 5 and len(fitting) * 5 >= len(full) * 4


@dataclass
class _Reader:
    """Carries what a row inherits from the rows above it: the constituency, the last station, the columns."""

    parsed: Parsed[StationRow]
    columns: Columns
    section: tuple[int | None, str] = (None, "")
    last: tuple[int | None, str] = (None, "")
    seen: dict[tuple[str, int, str, str], int] = field(default_factory=dict)

    def read(self, titles: Sequence[SheetRow], rows: Sequence[SheetRow]) -> None:
        for row in titles:
            self.parsed.skipped["title"] += 1
            self._title(row.cells)
        index = 0
        while index < len(rows):
            row, used = self._whole_row(rows, index)
            self._row(row)
            index += used

    def _whole_row(self, rows: Sequence[SheetRow], index: int) -> tuple[SheetRow, int]:
        """A row cut in two by a stray line break is put together when the halves fit the width exactly."""
        row, width = rows[index], self.columns.width
        if len(row.cells) >= width or index + 1 >= len(rows) or len(row.cells) < 2:
            return row, 1
        rest = rows[index + 1].cells
        whole = [*row.cells[:-1], f"{row.cells[-1]} {rest[0]}".strip(), *rest[1:]]
        if len(whole) != width or self._number(row.cells) is None or self._number(rest) is not None:
            return row, 1
        self.parsed.note(row.line, "joined_lines", detail=str(rows[index + 1].line))
        return SheetRow(row.line, whole), 2

    def _number(self, cells: Sequence[str]) -> tuple[int, str, str] | None:
        if "number" in self.columns:
            return station_number(self.columns.cell(cells, "number"))
        return station_number(number_and_name(self.columns.cell(cells, "number_and_name"))[0])

    def _name(self, cells: Sequence[str]) -> str:
        return self.columns.cell(cells, "name") or number_and_name(self.columns.cell(cells, "number_and_name"))[1]

    def _row(self, row: SheetRow) -> None:
        if self._heading(row) or self._continues(row):
            return
        number = self._number(row.cells)
        if number is None:
            self._without_number(row)
            return
        where = self._constituency(row)
        if where is None:
            self._refuse(row, "no_constituency", "constituency")
            return
        self._station(row, where, number)

    def _heading(self, row: SheetRow) -> bool:
        """Numbering rows and headings printed again; a heading in a new order moves the columns."""
        if is_numbering(row.cells):
            self.parsed.skipped["numbering"] += 1
            return True
        if repeats(row.cells, self.columns):
            self.parsed.skipped["heading"] += 1
            return True
        if self._number(row.cells) is not None or self.columns.heading == ():
            return False
        moved = STATIONS.columns(row.cells)
        if len(moved.at) < 3 or not STATIONS.complete(moved):
            return False
        self.parsed.note(row.line, "columns_moved")
        self.parsed.unread_columns += [name for name in moved.unread if name not in self.parsed.unread_columns]
        self.columns = moved
        return True

    def _continues(self, row: SheetRow) -> bool:
        """A row that holds only the rest of the name above it, as tables cut from PDF pages have."""
        filled = [index for index, cell in enumerate(row.cells) if cell.strip()]
        if not self.parsed.rows or filled != [self.columns.at.get("name", -1)]:
            return False
        above = self.parsed.rows[-1]
        name = f"{above.name} {self.columns.cell(row.cells, 'name')}"
        self.parsed.rows[-1] = above._replace(name=name)
        self.parsed.note(row.line, "name_continued", detail=str(above.line))
        return True

    def _without_number(self, row: SheetRow) -> None:
        if self._title(row.cells):
            self.parsed.skipped["title"] += 1
        elif len(row.cells) < 2 or sum(1 for cell in row.cells if cell.strip()) == 1:
            self.parsed.skipped["remark"] += 1
            self.parsed.note(row.line, "remark", detail=" ".join(cell for cell in map(tidy, row.cells) if cell))
        else:
            stated = self.columns.cell(row.cells, "number") or self.columns.cell(row.cells, "number_and_name")
            self._refuse(row, "bad_number" if stated else "no_number", "number", stated)

    def _title(self, cells: Sequence[str]) -> bool:
        """A line like "Assembly constituency: 22-Sheohar" between the tables names the section below it."""
        filled = [tidy(cell) for cell in cells if cell.strip()]
        text = " ".join(filled)
        if len(filled) > 3 or not re.search(_AC, bare(text)) or not re.search(r"\d", ascii_digits(text)):
            return False
        number, name = constituency(re.sub(r"^.*?(?=\d)", "", ascii_digits(text)))
        if number is None:
            return False
        self.section = self.last = (number, name)
        return True

    def _constituency(self, row: SheetRow) -> tuple[int | None, str] | None:
        """The row's own cell; an empty one, as merged cells leave, takes the constituency above with a note."""
        texts = {name: self.columns.cell(row.cells, name) for name in _AC_FIELDS}
        number, name = constituency(texts["constituency"] or texts["constituency_only"] or texts["constituency_number"])
        if texts["constituency_name"]:
            number, name = _number_beside(number, texts["constituency_name"])
        if number is None and not name:
            if any(texts.values()) or self.last == (None, ""):
                return None
            if any(field_ in self.columns for field_ in _AC_FIELDS):
                self.parsed.note(row.line, "constituency_from_above", detail=str(self.last[0] or self.last[1]))
            return self.last
        self.last = (number, name)
        return self.last

    def _station(self, row: SheetRow, where: tuple[int | None, str], number: tuple[int, str, str]) -> None:
        kind = self._kind(row, number[2])
        name = self._name(row.cells)
        if not name:
            self.parsed.note(row.line, "no_name")
        latitude, longitude = self._point(row)
        facts = {key: text for key in _FACTS if (text := self.columns.cell(row.cells, key))}
        station = StationRow(row.line, *where, number[0], number[1], kind, name, latitude, longitude, facts)
        first = self.seen.setdefault(station.key, row.line)
        if first != row.line:
            self._refuse(row, "same_station", "number", str(first))
            return
        self.parsed.rows.append(station)

    def _kind(self, row: SheetRow, in_number: str) -> str:
        text = self.columns.cell(row.cells, "kind")
        kind, sure = station_kind(text)
        if kind == NOT_STATED and in_number:
            return in_number
        if kind == NOT_STATED:
            self.parsed.note(row.line, "kind_unreadable" if text else "kind_blank", column="kind", detail=text)
        elif not sure:
            self.parsed.note(row.line, f"kind_read_as_{kind}", column="kind", detail=text)
        return kind

    def _point(self, row: SheetRow) -> tuple[float | None, float | None]:
        first = self.columns.cell(row.cells, "latitude") or self.columns.cell(row.cells, "coordinates")
        latitude, longitude, reason = point(first, self.columns.cell(row.cells, "longitude"))
        if reason:
            self.parsed.note(row.line, f"coordinates_{reason}", column="latitude", detail=first)
        return latitude, longitude

    def _refuse(self, row: SheetRow, code: str, column: str, detail: str = "") -> None:
        self.parsed.refuse(row.line, code, column=column, detail=detail, cells=tuple(row.cells))


def _number_beside(number: int | None, text: str) -> tuple[int | None, str]:
    """Number and name in two columns; the name column may repeat the number."""
    own, name = constituency(text)
    return (number if number is not None else own), name


def key_text(station: StationRow) -> str:
    """The station's own code inside its state: `22/3A/auxiliary`."""
    return f"{station.constituency}/{station.number}{station.suffix}/{station.kind}"


def gaps(stations: Iterable[StationRow]) -> Mapping[int, int]:
    """How many running numbers each constituency lacks: a page lost in publishing shows here."""
    numbers: dict[int, set[int]] = {}
    for station in stations:
        if station.constituency is not None:
            numbers.setdefault(station.constituency, set()).add(station.number)
    return {ac: sum(b - a - 1 for a, b in pairwise(sorted(found))) for ac, found in numbers.items()}
