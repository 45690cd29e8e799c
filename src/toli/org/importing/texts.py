"""The texts of a workbook's cells: sheet programs keep each once, in a table that half a million rows make large."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import IO, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from toli.org.importing.kept import BLOCK, Kept

BLOCKS_HELD = 512
_ENTRY, _PLAIN, _RUN = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", "r"))


class Texts:
    """The table of texts, on disk but for the blocks read last. Cells ask for a text by its place."""

    def __init__(self, part: IO[bytes]) -> None:
        self._kept: Kept[tuple[str]] = Kept(lambda row: row)
        self._kept.extend((text,) for text in _texts(part))
        self._block: Callable[[int], list[str]] = lru_cache(BLOCKS_HELD)(_reader(self._kept))

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self._kept):
            raise IndexError(place)
        return self._block(place // BLOCK)[place % BLOCK]


def _reader(kept: Kept[tuple[str]]) -> Callable[[int], list[str]]:
    return lambda nth: [text for (text,) in kept.between(nth * BLOCK, min((nth + 1) * BLOCK, len(kept)))]


def _texts(part: IO[bytes]) -> Iterator[str]:
    """Each text without its formats and readings; what is read is cleared away, or the whole tree would stay."""
    root = None
    for event, node in iterparse(part, events=("start", "end")):
        if root is None:
            root = node
        elif event == "end" and node.tag == _ENTRY:
            pieces = [*node.findall(_PLAIN), *node.findall(f"{_RUN}/{_PLAIN}")]
            yield "".join(piece.text or "" for piece in pieces).replace("x005F_", "")
            root.clear()


class _Reader(ExcelReader):
    def read_strings(self) -> None:
        table = self.package.find(SHARED_STRINGS)
        if table is not None:
            with self.archive.open(table.PartName[1:]) as part:
                self.shared_strings = Texts(part)


def open_book(file: IO[bytes]) -> Any:
    """The workbook as openpyxl reads it row by row, values only."""
    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb
