"""Files of rows as people send them: read whatever came, refuse with a sentence, write without formulas."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from toli.kit.errors import BadInput
from toli.kit.text import clean

MAX_BYTES = 200_000_000
MAX_FIELD = 10_000
MAX_COLUMNS = 500
_OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")  # a zipped or old sheet, a document
_DELIMITERS = ",\t;|"
# A sheet program runs a cell that begins like this (OWASP, "CSV Injection"); full-width twins included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file (from 1, where the row ends) and its cells, cleaned."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


def decode(data: bytes) -> str:
    """Return the text of a file: byte order marks first, then UTF-16 without one, UTF-8, and last cp1252."""
    if len(data) > MAX_BYTES:
        raise BadInput(_("This file is larger than 200 MB. Please cut it into parts."))
    text = "" if data.startswith(_OTHER_FILES) else _decoded(data, _encoding_of(data))
    head = text[:4096]
    if data and sum(c < " " and c not in "\t\r\n" for c in head) * 20 >= len(head):
        raise BadInput(_("This is not a CSV file. Please save the sheet as CSV (UTF-8) and send that."))
    return text


def _encoding_of(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if guess := _utf16_without_mark(data[:4096]):
        return guess
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise BadInput(_("Part of this file is missing. Please save and send it again.")) from None


def _utf16_without_mark(head: bytes) -> str | None:
    """Latin letters, commas and line ends give a zero in every second byte; which one tells the order."""
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.2 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.2 and odd < 0.05 else None


def delimiter_of(text: str) -> str:
    """Return the delimiter that cuts the first lines into the most equal rows of two cells or more."""
    sample = "\n".join(line for line in islice(io.StringIO(text), 60) if line.strip())[:200_000]
    return max(_DELIMITERS, key=lambda mark: _evenness(sample, mark))


def _evenness(sample: str, mark: str) -> float:
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark)]
    except csv.Error:
        return 0.0
    wide = [w for w in widths if w > 1]
    if not wide:
        return 0.0
    usual = max(set(wide), key=wide.count)
    return wide.count(usual) / len(widths) + min(usual, 50) / 1000


def read(data: bytes | str, *, delimiter: str | None = None) -> Iterator[Row]:
    """Yield every row with its line number, blank rows included. Raises BadInput with its line.

    A stray quote inside a bare cell stays as it is; one that never closes is refused at its line.
    """
    text = decode(data) if isinstance(data, bytes) else data
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    mark = delimiter or delimiter_of(text)
    csv.field_size_limit(min(sys.maxsize, MAX_FIELD))
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    started = 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise BadInput(
                    _("Line %(line)d has more than 500 columns. Is this the right file?") % {"line": started}
                )
            yield Row(started, tuple(clean(cell) for cell in cells))
            started = reader.line_num + 1
    except csv.Error:
        sentence = _("Line %(line)d has a cell of over 10,000 letters. Often a quote is not closed.")
        raise BadInput(sentence % {"line": started}) from None


def safe_cell(value: object) -> str:
    """Return the text of a cell that no sheet program will run: a leading ' before formula signs.

    Plain numbers, also negative ones and +91 phone numbers, stay as they are.
    """
    text = "" if value is None else str(value)
    if not text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    digits = text[1:].replace(" ", "").replace(".", "", 1)
    return text[0] in "+-" and digits.isascii() and digits.isdigit()


def write(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a CSV (CRLF) that opens rightly in sheet programs: a byte order mark, safe cells."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
