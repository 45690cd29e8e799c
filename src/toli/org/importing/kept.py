"""Rows of a large file laid down on disk: half a million take a few megabytes of memory instead of hundreds."""

import marshal
import os
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, overload

BLOCK = 256


class SheetRow(NamedTuple):
    """A row of a file as text, and the line it began on."""

    line: int
    cells: list[str]


Row = TypeVar("Row", bound=tuple[Any, ...])


class Kept(Sequence[Row]):
    """Rows that are appended once and read as often as wanted, each in some microseconds.

    They lie in a file without a name, which ends with this object. `make` gives a row back its type.
    """

    def __init__(self, make: Callable[[Any], Row]) -> None:
        self._make = make
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        self._ends = array("Q", [0])
        self._is_written = True

    def __del__(self) -> None:
        self._file.close()

    def append(self, row: Row) -> None:
        self._ends.append(self._ends[-1] + self._file.write(marshal.dumps(tuple(row))))
        self._is_written = False

    def extend(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.append(row)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> "Picked[Row]": ...
    def __getitem__(self, place: int | slice) -> "Row | Picked[Row]":
        places = range(len(self))[place]
        return next(self.between(places, places + 1)) if isinstance(places, int) else Picked(self, places)

    def __iter__(self) -> Iterator[Row]:
        return self.between(0, len(self))

    def between(self, first: int, last: int) -> Iterator[Row]:
        """The rows from one place up to another, read in blocks."""
        if not self._is_written:
            self._file.flush()
            self._is_written = True
        ends, make, loads = self._ends, self._make, marshal.loads
        for start in range(first, last, BLOCK):
            stop = min(start + BLOCK, last)
            base = ends[start]
            block = os.pread(self._file.fileno(), ends[stop] - base, base)
            for place in range(start, stop):
                yield make(loads(block[ends[place] - base : ends[place + 1] - base]))


class Picked(Sequence[Row], Generic[Row]):
    """Some of the rows of a sequence, in an order of their own, without a copy of them."""

    def __init__(self, rows: Sequence[Row], places: Sequence[int]) -> None:
        self.rows, self.places = rows, places

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> "Picked[Row]": ...
    def __getitem__(self, place: int | slice) -> "Row | Picked[Row]":
        if isinstance(place, slice):
            return Picked(self.rows, self.places[place])
        return self.rows[self.places[place]]

    def __iter__(self) -> Iterator[Row]:
        places = self.places
        if isinstance(self.rows, Kept) and isinstance(places, range) and places.step == 1:
            return self.rows.between(places.start, places.stop)
        return (self.rows[place] for place in places)
