"""From the bytes of a file to rows of text: encoding, delimiter, broken quotes, blank rows. Nothing is refused here."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from toli.kit.errors import BadInput
from toli.org.importing.workbook import is_workbook, open_workbook

LARGEST_FILE = 512 * 1024 * 1024
LONGEST_CELL = 20_000
MOST_LINES_IN_CELL = 30
csv.field_size_limit(64 * 1024 * 1024)


class SheetRow(NamedTuple):
    line: int
    cells: list[str]


@dataclass
class Sheet:
    rows: list[SheetRow]
    encoding: str
    delimiter: str = ","
    blank: int = 0
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    heading_line: int = 0
    """Where the headings were found; 0 before they are."""
    page: str = ""
    pages: list[str] = field(default_factory=list)
    """The sheet of the workbook that was read, and all of them."""


def read_sheet(path: Path, page: str = "") -> Sheet:
    """All rows of a CSV, TSV or XLSX file that hold anything, with the line each began on. Raises BadInput.

    `page` names the sheet of a workbook; without it the first visible one that holds anything is read.
    """
    from django.utils.translation import gettext as _

    if not path.is_file():
        raise BadInput(_("There is no file %(path)s.") % {"path": path})
    if path.stat().st_size > LARGEST_FILE:
        raise BadInput(_("The file is larger than 512 MB; cut it into parts, one district each."))
    return sheet_of(path.read_bytes(), page)


def sheet_of(raw: bytes, page: str = "") -> Sheet:
    """The rows of a file given as bytes, whatever its encoding. Raises BadInput for a file of another kind."""
    if is_workbook(raw):
        return _workbook(raw, page)
    _check_kind(raw)
    text, encoding = decoded(raw)
    sheet = Sheet(rows=[], encoding=encoding, delimiter=_delimiter(text))
    sheet.rows.extend(_filled(text, sheet))
    return sheet


def stream_of(raw: bytes, page: str = "") -> tuple[Sheet, Iterator[SheetRow]]:
    """What `sheet_of` reads, row by row: a CSV of half a million lines is never held as rows. Raises BadInput.

    The sheet returned has no rows; its notes and blank lines fill as the rows are taken.
    """
    if is_workbook(raw):
        sheet = _workbook(raw, page)
        rows, sheet.rows = iter(sheet.rows), []
        return sheet, rows
    _check_kind(raw)
    text, encoding = decoded(raw)
    sheet = Sheet(rows=[], encoding=encoding, delimiter=_delimiter(text))
    return sheet, _filled(text, sheet)


def _filled(text: str, sheet: Sheet) -> Iterator[SheetRow]:
    for line, cells in _records(text, sheet.delimiter, sheet):
        if any(cell and not cell.isspace() for cell in cells):
            yield SheetRow(line, cells)
        else:
            sheet.blank += 1


_OTHER_KINDS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")


def _check_kind(raw: bytes) -> None:
    """What a file is, its first bytes say; its name says nothing."""
    from django.utils.translation import gettext as _

    if raw.startswith(_OTHER_KINDS):
        raise BadInput(_("This is neither a CSV file nor an XLSX workbook. Please save the sheet as one of them."))


def decoded(raw: bytes) -> tuple[str, str]:
    """The text and the name of the encoding found: byte order marks, UTF-16 without one, UTF-8, then cp1252."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return _clean(raw.decode(name, errors="replace")), name
    sample = raw[:4000]
    if sample.count(0) > len(sample) // 5:
        name = "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
        return _clean(raw.decode(name, errors="replace")), name
    try:
        return _clean(raw.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _clean(_mixed(raw)), "utf-8 with damage" if _has_multibyte(raw) else "cp1252"


def _mixed(raw: bytes) -> str:
    """Line by line, because one pasted cell in cp1252 must not spoil a file of good UTF-8."""
    return "\n".join(_one_line(line) for line in raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))


def _one_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        if _has_multibyte(line):
            return line.decode("utf-8", errors="replace")
        return line.decode("cp1252", errors="replace")


def _has_multibyte(raw: bytes) -> bool:
    return re.search(rb"\xe0[\xa4\xa5][\x80-\xbf]", raw) is not None


def _clean(text: str) -> str:
    return text.replace("\ufeff", "").replace("\0", "")


def _delimiter(text: str) -> str:
    """The separator that most of the first lines agree on; a comma when in doubt."""
    head = [line for line in islice(io.StringIO(text), 200) if line.strip()]
    scores = {mark: sum(1 for line in head if line.count(mark) >= 2) for mark in ",\t;|"}
    best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] > scores[","] else ","


def _records(text: str, delimiter: str, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            sheet.notes.append((line, "unreadable_line", str(error)))
            line = reader.line_num + 1
            continue
        if reader.line_num - line > MOST_LINES_IN_CELL and _runs_away(cells):
            sheet.notes.append((line, "open_quote", ""))
            yield from _line_by_line(cells, line, delimiter)
        else:
            yield line, cells
        line = reader.line_num + 1


def _runs_away(cells: list[str]) -> bool:
    """True when a quote was opened and never closed, so that one cell swallowed the lines below it."""
    return any(cell.count("\n") > MOST_LINES_IN_CELL or len(cell) > LONGEST_CELL for cell in cells)


def _line_by_line(cells: list[str], line: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    swallowed = delimiter.join(cells).splitlines()
    for offset, text in enumerate(swallowed):
        yield line + offset, text.replace('"', "").split(delimiter)


def _workbook(raw: bytes, wanted: str) -> Sheet:
    """A sheet of an XLSX workbook. What else the workbook holds, and what was put right, is noted."""
    book = open_workbook(raw, sheet=wanted)
    sheet = Sheet(rows=[SheetRow(*row) for row in book.rows], encoding="xlsx", blank=book.blank)
    sheet.page, sheet.pages = book.read, [page.name for page in book.pages]
    others = [page.name for page in book.pages if page.name != book.read]
    if others:
        sheet.notes.append((0, "other_sheets", f"{book.read}; {', '.join(others)}"))
    if book.merged:
        sheet.notes.append((0, "merged_cells", str(book.merged)))
    if book.faults:
        sheet.notes.append((0, "sheet_faults", str(book.faults)))
    return sheet
