"""Which column is which: headings in English and Hindi, on one row or two, wherever the file puts them.

A column that no pattern names is listed as unread, never guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from toli.org.importing.cells import bare, tidy, whole_number
from toli.org.importing.reading import SheetRow

ROWS_SEARCHED = 80


@dataclass
class Columns:
    """Where the fields stand. `at[field]` is the index; `unread` are headings nobody knows."""

    at: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    width: int = 0
    heading: tuple[str, ...] = ()

    def __contains__(self, name: object) -> bool:
        return name in self.at

    def cell(self, cells: Sequence[str], name: str) -> str:
        """The cell of a field, tidied; empty when the file has no such column or the row is short."""
        index = self.at.get(name)
        return tidy(cells[index]) if index is not None and index < len(cells) else ""


class Patterns:
    """The headings one layout knows: field -> patterns on the bare heading, tried in the order given."""

    def __init__(self, fields: Mapping[str, str], needed: Sequence[Sequence[str]]) -> None:
        self.fields = {name: re.compile(pattern) for name, pattern in fields.items()}
        self.needed = needed

    def columns(self, headings: Sequence[str]) -> Columns:
        """Every heading goes to the first free field whose pattern it fits; a taken field keeps its first column."""
        found = Columns(width=len(headings), heading=tuple(bare(cell) for cell in headings))
        for index, text in enumerate(found.heading):
            name = self._field(text, found.at)
            if name:
                found.at[name] = index
            elif text and whole_number(text) is None:
                found.unread.append(tidy(headings[index])[:80])
        return found

    def _field(self, text: str, taken: Mapping[str, int]) -> str:
        if not text or len(text) > 160:
            return ""
        return next((name for name, one in self.fields.items() if name not in taken and one.search(text)), "")

    def complete(self, columns: Columns) -> bool:
        return all(any(name in columns for name in choice) for choice in self.needed)

    def find(self, rows: Sequence[SheetRow]) -> tuple[int, Columns] | None:
        """The index after the heading row, and its columns. Two rows are read as one when one alone will not do."""
        best: tuple[int, int, Columns] | None = None
        for index, row in enumerate(rows[:ROWS_SEARCHED]):
            for height in (1, 2):
                columns = self.columns(_joined(rows[index : index + height]))
                score = len(columns.at) * 2 - height
                if self.complete(columns) and (best is None or score > best[0]):
                    best = (score, index + height, columns)
            if best and index > best[1]:
                break
            if not any(row.cells):
                continue
        return (best[1], best[2]) if best else None


def _joined(rows: Sequence[SheetRow]) -> list[str]:
    if len(rows) == 1:
        return rows[0].cells
    width = max((len(row.cells) for row in rows), default=0)
    return [" ".join(row.cells[i] for row in rows if i < len(row.cells)).strip() for i in range(width)]


def is_numbering(cells: Sequence[str]) -> bool:
    """True for a row that only numbers the columns: 1, 2, 3 ..., (1) (2) (3) ..., १ २ ३ ..."""
    numbers = [whole_number(cell.strip(" ()[].")) for cell in cells if cell.strip()]
    return len(numbers) >= 3 and None not in numbers and _counts_up([n for n in numbers if n is not None])


def _counts_up(numbers: list[int]) -> bool:
    return numbers[0] in (0, 1) and all(b - a == 1 for a, b in pairwise(numbers))


def repeats(cells: Sequence[str], columns: Columns) -> bool:
    """True when the row is the heading again, as at the top of every printed page."""
    ours = [bare(cell) for cell in cells]
    same = sum(1 for mine, theirs in zip(ours, columns.heading, strict=False) if mine and mine == theirs)
    return same >= 2 and same * 2 >= sum(1 for text in ours if text)
