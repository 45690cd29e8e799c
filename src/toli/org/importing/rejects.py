"""The file of refused rows: owner-only, with the reason beside each row, erased after 30 days."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from toli.kit.csvfile import write
from toli.org.importing.reading import Sheet
from toli.org.importing.reasons import sentence_of
from toli.org.importing.rows import Reason

KEPT_SECONDS = 30 * 24 * 3600


def write_rejects(folder: Path, name: str, reasons: Iterable[Reason], sheet: Sheet | None = None) -> Path:
    """Write the refused rows as the file had them, each after its reason (mode 0600 in a 0700 folder).

    The headings stand above them, so that the corrected file can be imported again. Files of 30 days are erased.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _erase_old(folder)
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}.csv"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.writelines(rejects_lines(reasons, sheet))
    return path


def rejects_lines(reasons: Iterable[Reason], sheet: Sheet | None = None) -> Iterator[str]:
    """The lines of the file: no cell of it runs as a formula."""
    return write(*_table(list(reasons), sheet))


def _table(reasons: list[Reason], sheet: Sheet | None) -> tuple[list[str], list[list[object]]]:
    heading, cells = _as_written(sheet, {reason.line for reason in reasons})
    rows: list[list[object]] = [
        [reason.line, reason.column, sentence_of(reason), *cells.get(reason.line, reason.cells)] for reason in reasons
    ]
    return ["rejected line", "rejected column", "rejected because", *heading], rows


def _as_written(sheet: Sheet | None, lines: set[int]) -> tuple[list[str], dict[int, list[str]]]:
    if sheet is None:
        return [], {}
    cells = {row.line: row.cells for row in sheet.rows if row.line in lines}
    first = next((row for row in sheet.rows if row.line == sheet.heading_line), None)
    return (first.cells if first else []), cells


def _erase_old(folder: Path) -> None:
    before = time.time() - KEPT_SECONDS
    for path in folder.glob("*.csv"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
