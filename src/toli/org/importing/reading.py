"""From the bytes of a file to rows of text: encoding, delimiter, broken quotes, blank rows. Nothing is refused here."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from toli.kit.errors import BadInput

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


def read_sheet(path: Path) -> Sheet:
    """All rows of a CSV, TSV or XLSX file that hold anything, with the line each began on. Raises BadInput."""
    from django.utils.translation import gettext as _

    if not path.is_file():
        raise BadInput(_("There is no file %(path)s.") % {"path": path})
    if path.stat().st_size > LARGEST_FILE:
        raise BadInput(_("The file is larger than 512 MB; cut it into parts, one district each."))
    return sheet_of(path.read_bytes())


def sheet_of(raw: bytes) -> Sheet:
    """The rows of a file given as bytes, whatever its encoding."""
    if raw[:4] == b"PK\x03\x04":
        return _workbook(raw)
    text, encoding = decoded(raw)
    delimiter = _delimiter(text)
    sheet = Sheet(rows=[], encoding=encoding, delimiter=delimiter)
    for line, cells in _records(text, delimiter, sheet):
        if any(cell and not cell.isspace() for cell in cells):
            sheet.rows.append(SheetRow(line, cells))
        else:
            sheet.blank += 1
    return sheet


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


def _workbook(raw: bytes) -> Sheet:
    """The first filled sheet of an XLSX workbook. Raises BadInput when it is no workbook."""
    from django.utils.translation import gettext as _
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, InvalidFileException):
        raise BadInput(_("The file looks like a workbook but cannot be opened; save it again as CSV (UTF-8)."))
    for page in book.worksheets:
        sheet = _page(page.iter_rows(values_only=True))
        if sheet.rows:
            return sheet
    return Sheet(rows=[], encoding="xlsx")


def _page(lines: Iterator[tuple[object, ...]]) -> Sheet:
    sheet = Sheet(rows=[], encoding="xlsx")
    for number, values in enumerate(lines, start=1):
        cells = ["" if value is None else str(value) for value in values]
        if any(cell.strip() for cell in cells):
            sheet.rows.append(SheetRow(number, cells))
        else:
            sheet.blank += 1
    return sheet
