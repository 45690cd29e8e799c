"""XLSX workbooks: one sheet as rows of text, streamed, with limits that a small file cannot unfold beyond."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _

from toli.kit.errors import BadInput
from toli.org.importing.kept import Kept, SheetRow

MOST_ENTRIES = 5_000
MOST_UNFOLDED = 2 * 1024**3
MOST_WORDS = 400 * 1024**2
"""Bytes of the table of shared texts."""
HIGHEST_RATIO = 400
"""A sheet of numbers packs 20 to 60 times; a bomb thousands of times."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 1_000
MOST_MERGED = 200_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_BROKEN = (zipfile.BadZipFile, KeyError, ValueError, OSError, ParseError, TypeError, IndexError, AttributeError,
           EOFError, NotImplementedError, RuntimeError, zlib.error)  # fmt: skip


@dataclass(frozen=True)
class Page:
    name: str
    hidden: bool


@dataclass
class Workbook:
    """An opened workbook: its pages, and the rows of the one that is read."""

    pages: list[Page] = field(default_factory=list)
    read: str = ""
    rows: Kept[SheetRow] = field(default_factory=lambda: Kept(SheetRow._make))
    width: int = 0
    blank: int = 0
    merged: int = 0
    faults: int = 0
    """Cells that hold a fault of the sheet program, such as #N/A; read as empty."""


def is_workbook(head: bytes) -> bool:
    return head[:4] == b"PK\x03\x04"


def open_workbook(file: IO[bytes], *, sheet: str = "", most: int | None = None) -> Workbook:
    """The rows of the named page, or of the first visible one that holds anything, `most` at most. Raises BadInput."""
    _check_archive(file)
    try:
        return _read(file, sheet, most)
    except BadInput:
        raise
    except _BROKEN:
        raise BadInput(
            _("The file looks like a workbook but cannot be opened; save it again as CSV (UTF-8).")
        ) from None


def _check_archive(file: IO[bytes]) -> None:
    """Sizes as the archive states them; the reader below stops at the stated size, so they cannot lie upward."""
    too_large = BadInput(_("This workbook unfolds to more than it may; save the one sheet as CSV (UTF-8)."))
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            sizes = {one.filename: one.file_size for one in entries}
            packed = sum(one.compress_size for one in entries) or 1
            if len(entries) > MOST_ENTRIES or sum(sizes.values()) > MOST_UNFOLDED:
                raise too_large
            if sum(sizes.values()) > 20_000_000 and sum(sizes.values()) / packed > HIGHEST_RATIO:
                raise too_large
            if sizes.get("xl/sharedStrings.xml", 0) > MOST_WORDS:
                raise too_large
            if "xl/workbook.xml" not in sizes:
                raise BadInput(_("This is a packed file but no workbook. Please send CSV or XLSX."))
            for one in entries:
                if one.filename.endswith((".xml", ".rels")) and _declares(archive, one):
                    raise BadInput(_("This workbook holds what no sheet program writes. Save it as CSV (UTF-8)."))
    except _BROKEN:
        raise BadInput(
            _("The file looks like a workbook but cannot be opened; save it again as CSV (UTF-8).")
        ) from None


def _declares(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """True for a part that declares entities: the way small XML unfolds into gigabytes."""
    with archive.open(entry) as part:
        head = part.read(4096)
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _read(file: IO[bytes], wanted: str, most: int | None) -> Workbook:
    from toli.org.importing.texts import open_book  # openpyxl takes long to load

    book = open_book(file)
    try:
        pages = book.worksheets
        found = Workbook(pages=[Page(one.title, one.sheet_state != "visible") for one in pages])
        named = [one for one in pages if one.title == wanted]
        if wanted and not named:
            raise BadInput(
                _("The workbook has no sheet %(name)s. It has: %(names)s.")
                % {"name": wanted, "names": ", ".join(page.name for page in found.pages)}
            )
        for page in named or [one for one in pages if one.sheet_state == "visible"]:
            _fill(found, page, file, most)
            if found.rows:
                break
        return found
    finally:
        book.close()


def _fill(found: Workbook, page: Any, file: IO[bytes], most: int | None) -> None:
    found.read, found.width, found.blank = page.title, 0, 0
    found.rows = Kept(lambda row: SheetRow(row[0], _same_width(row[1], found.width)))
    page.reset_dimensions()  # what the file says of its size is often wrong
    merged = _merged(file, page)
    above: dict[tuple[int, int], str] = {}
    for line, values in enumerate(page.iter_rows(values_only=True), start=1):
        if line > MOST_ROWS or len(values) > MOST_COLUMNS:
            raise BadInput(_("This sheet has more rows or columns than a sheet can have."))
        cells = [_text(value, found) for value in values]
        if line in merged:
            _fill_down(cells, line, merged[line], above, found)
        while cells and not cells[-1]:
            cells.pop()
        if any(cell.strip() for cell in cells):
            found.rows.append(SheetRow(line, cells))
            found.width = max(found.width, len(cells))
        else:
            found.blank += 1
        if len(found.rows) == most:
            break


def _same_width(cells: list[str], usual: int) -> list[str]:
    """Sheets leave out what is empty at a row's end; parsers count cells as in a CSV, so it is put back."""
    return cells + [""] * (usual - len(cells)) if len(cells) > 1 or usual == 1 else cells


def _fill_down(
    cells: list[str], line: int, ranges: list[tuple[int, int]], above: dict[tuple[int, int], str], found: Workbook
) -> None:
    """A cell merged over several rows says the same for each of them; sideways nothing is repeated."""
    for first, column in ranges:
        if line == first:
            above[first, column] = cells[column] if column < len(cells) else ""
        elif text := above.get((first, column), ""):
            cells.extend([""] * (column + 1 - len(cells)))
            if not cells[column]:
                cells[column] = text
                found.merged += 1


def _merged(file: IO[bytes], page: Any) -> dict[int, list[tuple[int, int]]]:
    """Line -> (first line, column) of the merged ranges that reach over several rows."""
    path = getattr(page, "_worksheet_path", "")
    found: dict[int, list[tuple[int, int]]] = {}
    total = 0
    with zipfile.ZipFile(file) as archive, archive.open(path) as part:
        for match in _scan(part):
            column, top, bottom = _column(match[1]), int(match[2]), int(match[4])
            total += max(0, bottom - top)
            if total > MOST_MERGED:
                return found
            for line in range(top, bottom + 1) if bottom > top else ():
                found.setdefault(line, []).append((top, column))
    return found


def _scan(part: IO[bytes]) -> Iterator[re.Match[bytes]]:
    rest = b""
    while block := part.read(1 << 20):
        text = rest + block
        end = 0
        for match in _MERGED.finditer(text):
            end = match.end()
            yield match
        rest = text[max(end, len(text) - 200) :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _text(value: Any, found: Workbook) -> str:
    """A cell as a CSV would hold it: whole numbers without ".0", days as 2026-01-31."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value.startswith("#") and value in _FAULTS:
            found.faults += 1
            return ""
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


_FAULTS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}
