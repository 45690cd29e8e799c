"""The typed rows that parsers yield, and the reasons they give."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar, cast

from toli.org.importing.kept import Kept
from toli.org.importing.reading import Sheet

EMPTY: Mapping[str, Any] = {}
HIERARCHIES = (("org", "parent"), ("electoral", "electoral_parent"), ("administrative", "administrative_parent"))


class Reason(NamedTuple):
    """Why a row was not taken (`refused`), or what was noticed about one that was."""

    line: int
    code: str
    column: str = ""
    detail: str = ""
    cells: tuple[str, ...] = ()


class UnitRow(NamedTuple):
    """One unit as a file states it. `key` and the parents are names used inside one import only."""

    line: int
    level: str
    key: str
    parent: str
    names: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    electoral_parent: str = ""
    administrative_parent: str = ""
    attrs: Mapping[str, Any] = EMPTY
    loose: bool = False
    """The parents are only where a new unit goes; a known one stays where it is."""


def kept_units() -> list[UnitRow]:
    """A list for appending and reading, on disk: a file may have half a million units."""
    return cast("list[UnitRow]", Kept(UnitRow._make))


def above(row: UnitRow) -> list[str]:
    """The keys of the units above, in whichever hierarchy."""
    return [key for key in (row.parent, row.electoral_parent, row.administrative_parent) if key]


class StationRow(NamedTuple):
    """A polling station. Its key is (constituency, number, suffix, kind); main and auxiliary are never merged."""

    line: int
    constituency: int | None
    constituency_name: str
    number: int
    suffix: str
    kind: str
    name: str
    latitude: float | None
    longitude: float | None
    facts: Mapping[str, str]

    @property
    def key(self) -> tuple[str, int, str, str]:
        where = str(self.constituency) if self.constituency is not None else self.constituency_name.casefold()
        return where, self.number, self.suffix, self.kind


class PanchayatRow(NamedTuple):
    line: int
    district: str
    samiti: str
    panchayat: str
    facts: Mapping[str, str]


class ConstituencyRow(NamedTuple):
    line: int
    state: str
    state_name: str
    parliament: int | None
    parliament_name: str
    number: int
    name: str
    reserved: str


class HolderRow(NamedTuple):
    """A line of the state's sheet of office-bearers. The number is personal data: it is never printed."""

    line: int
    name: str
    phone: str
    unit: str
    level: str
    wing: str
    team: str
    role: str
    seat: int | None


Row = TypeVar("Row")


@dataclass
class Parsed(Generic[Row]):
    """What one file gave: typed rows, refusals with reasons, notes on rows that were taken, and how it was read."""

    rows: list[Row] = field(default_factory=list)
    refused: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    unread_columns: list[str] = field(default_factory=list)
    encoding: str = ""
    lines: int = 0
    sheet: Sheet | None = None
    """The file itself, so that a refused row can be given back as it was written."""

    def refuse(self, line: int, code: str, *, column: str = "", detail: str = "", cells: tuple[str, ...] = ()) -> None:
        self.refused.append(Reason(line, code, column, detail[:120], cells))

    def note(self, line: int, code: str, *, column: str = "", detail: str = "") -> None:
        self.notes.append(Reason(line, code, column, detail[:120]))
