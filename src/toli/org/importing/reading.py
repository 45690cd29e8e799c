"""From the bytes of a file to rows of text: encoding, delimiter, broken quotes, blank rows. Nothing is refused here."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from toli.kit.errors import BadInput
from toli.org.importing.kept import Kept, SheetRow
from toli.org.importing.workbook import is_workbook, open_workbook

LARGEST_FILE = 512 * 1024 * 1024
LONGEST_CELL = 20_000
MOST_LINES_IN_CELL = 30
DAMAGED = "utf-8 with damage"
csv.field_size_limit(64 * 1024 * 1024)


@dataclass
class Sheet:
    rows: Sequence[SheetRow]
    encoding: str
    delimiter: str = ","
    blank: int = 0
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    heading_line: int = 0
    """Where the headings were found; 0 before they are."""
    page: str = ""
    pages: list[str] = field(default_factory=list)
    """The sheet of the workbook that was read, and all of them."""


def read_sheet(path: Path, page: str = "", *, most: int | None = None) -> Sheet:
    """All rows of a CSV, TSV or XLSX file that hold anything, with the line each began on. Raises BadInput.

    `page` names the sheet of a workbook; without it the first visible one that holds anything is read. With `most` it
    stops after so many rows.
    """
    if not path.is_file():
        raise BadInput(_("There is no file %(path)s.") % {"path": path})
    if path.stat().st_size > LARGEST_FILE:
        raise BadInput(_("The file is larger than 512 MB; cut it into parts, one district each."))
    with path.open("rb") as file:
        return _sheet(file, page, most)


def sheet_of(raw: bytes, page: str = "") -> Sheet:
    """The rows of a file given as bytes, whatever its encoding. Raises BadInput for a file of another kind."""
    return _sheet(io.BytesIO(raw), page, None)


def stream_of(raw: bytes, page: str = "") -> tuple[Sheet, Iterator[SheetRow]]:
    """What `sheet_of` reads, row by row as it is read. Raises BadInput.

    The sheet returned has no rows; its notes and blank lines fill as the rows are taken.
    """
    file = io.BytesIO(raw)
    if is_workbook(raw):
        sheet = _workbook(file, page, None)
        rows, sheet.rows = iter(sheet.rows), []
        return sheet, rows
    return _opened(file)


def _sheet(file: IO[bytes], page: str, most: int | None) -> Sheet:
    if is_workbook(file.read(4)):
        return _workbook(file, page, most)
    sheet, rows = _opened(file)
    kept = Kept(SheetRow._make)
    kept.extend(islice(rows, most))
    sheet.rows = kept
    return sheet


def _opened(file: IO[bytes]) -> tuple[Sheet, Iterator[SheetRow]]:
    """A sheet without its rows, and the rows; a file of half a million lines is never held as text."""
    _check_kind(file)
    encoding = encoding_of(file)
    sheet = Sheet(rows=[], encoding=encoding, delimiter=_delimiter(_lines(file, encoding)))
    return sheet, _filled(_lines(file, encoding), sheet)


def _filled(lines: Iterator[str], sheet: Sheet) -> Iterator[SheetRow]:
    for line, cells in _records(lines, sheet.delimiter, sheet):
        if any(cell and not cell.isspace() for cell in cells):
            yield SheetRow(line, cells)
        else:
            sheet.blank += 1


_OTHER_KINDS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")


def _check_kind(file: IO[bytes]) -> None:
    """What a file is, its first bytes say; its name says nothing."""
    file.seek(0)
    if file.read(8).startswith(_OTHER_KINDS):
        raise BadInput(_("This is neither a CSV file nor an XLSX workbook. Please save the sheet as one of them."))


def encoding_of(file: IO[bytes]) -> str:
    """The encoding found: byte order marks, UTF-16 without one, UTF-8, then cp1252."""
    file.seek(0)
    sample = file.read(4000)
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return name
    if sample.count(0) > len(sample) // 5:
        return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    return _utf8_or_damage(file)


def _utf8_or_damage(file: IO[bytes]) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(file):
            decoder.decode(block)
        decoder.decode(b"", final=True)
        return "utf-8"
    except UnicodeDecodeError:
        # A block may begin inside a letter; one of the next letters of a Hindi file stands whole in it.
        return DAMAGED if any(map(_has_multibyte, _blocks(file))) else "cp1252"


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(1 << 20):
        yield block


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    """The lines of a file with their ends, decoded as they are read; quoted cells may go on in the next."""
    file.seek(0)
    if encoding in (DAMAGED, "cp1252"):
        yield from map(_clean, _mixed(file))
        return
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")  # type: ignore[type-var]
    try:
        yield from map(_clean, text)
    finally:
        text.detach()  # or it would close the file


def _mixed(file: IO[bytes]) -> Iterator[str]:
    """Line by line, because one pasted cell in cp1252 must not spoil a file of good UTF-8."""
    for line in file:
        *whole, rest = line.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        yield from (_one_line(part) + "\n" for part in whole)
        if rest:
            yield _one_line(rest)


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


def _delimiter(lines: Iterator[str]) -> str:
    """The separator that most of the first lines agree on; a comma when in doubt."""
    head = [line for line in islice(lines, 200) if line.strip()]
    scores = {mark: sum(1 for line in head if line.count(mark) >= 2) for mark in ",\t;|"}
    best = max(scores, key=lambda mark: scores[mark])
    return best if scores[best] > scores[","] else ","


def _records(lines: Iterator[str], delimiter: str, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=False)
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


def _workbook(file: IO[bytes], wanted: str, most: int | None) -> Sheet:
    """A sheet of an XLSX workbook. What else the workbook holds, and what was put right, is noted."""
    book = open_workbook(file, sheet=wanted, most=most)
    sheet = Sheet(rows=book.rows, encoding="xlsx", blank=book.blank)
    sheet.page, sheet.pages = book.read, [page.name for page in book.pages]
    others = [page.name for page in book.pages if page.name != book.read]
    if others:
        sheet.notes.append((0, "other_sheets", f"{book.read}; {', '.join(others)}"))
    if book.merged:
        sheet.notes.append((0, "merged_cells", str(book.merged)))
    if book.faults:
        sheet.notes.append((0, "sheet_faults", str(book.faults)))
    return sheet
