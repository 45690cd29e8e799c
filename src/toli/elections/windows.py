"""The law's windows of a whole deployment in one compact value: made once, asked a million times."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from toli.elections.silence import Window


@dataclass(frozen=True, slots=True)
class UnitWindow:
    """A window of one constituency, with what a person is shown beside it."""

    unit_id: int
    window: Window
    poll_ref: str = ""
    notification: str = ""
    names: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open [starts, ends): an exit-poll window, or the code of conduct over some units."""

    starts: datetime
    ends: datetime
    source: str = ""
    units: frozenset[int] | None = None
    """None means everywhere."""

    def holds(self, now: datetime) -> bool:
        return self.starts <= now < self.ends


class Windows:
    """Every window by constituency, boundaries sorted. Immutable: load a new one when `version` changes.

    `off` are the rules this deployment switched off (`elections.RuleSwitch`).
    """

    __slots__ = (
        "_by_unit",
        "_edges",
        "_silent",
        "_unit_edges",
        "codes",
        "exits",
        "loaded_at",
        "names",
        "off",
        "version",
    )

    def __init__(
        self,
        windows: Iterable[UnitWindow] = (),
        *,
        exits: Iterable[Span] = (),
        codes: Iterable[Span] = (),
        off: Collection[str] = (),
        version: int = 0,
        loaded_at: datetime | None = None,
    ) -> None:
        self.off = frozenset(off)
        by_unit: dict[int, list[UnitWindow]] = defaultdict(list)
        for one in windows:
            if not self._is_off(one.window):
                by_unit[one.unit_id].append(one)
        self._by_unit = {unit: tuple(sorted(them, key=lambda w: w.window.starts)) for unit, them in by_unit.items()}
        self.names = {unit: them[0].names or {} for unit, them in self._by_unit.items()}
        self.exits = () if "exit_polls" in self.off else tuple(sorted(exits, key=lambda span: span.starts))
        self.codes = () if "code_of_conduct" in self.off else tuple(codes)
        self.version = version
        self.loaded_at = loaded_at or datetime.now(UTC)
        self._unit_edges = {unit: self._edges_of(them) for unit, them in self._by_unit.items()}
        self._edges, self._silent = self._segments()

    def _is_off(self, window: Window) -> bool:
        """Whether the deployment switched off the rule that makes this window. See `law.switchable`."""
        return "silence" in self.off or (window.kind == "unhoured" and "unhoured" in self.off)

    def _edges_of(self, windows: Iterable[UnitWindow]) -> tuple[datetime, ...]:
        edges = {edge for one in windows for edge in (one.window.starts, one.window.ends)}
        return tuple(sorted(edges | self._common_edges()))

    def _common_edges(self) -> set[datetime]:
        return {edge for span in self.exits for edge in (span.starts, span.ends)}

    def _segments(self) -> tuple[list[datetime], list[frozenset[int]]]:
        """Between two neighbouring edges the set of silent constituencies does not change."""
        edges = sorted({edge for them in self._unit_edges.values() for edge in them} | self._common_edges())
        changes: dict[datetime, list[tuple[int, int]]] = defaultdict(list)
        for unit, them in self._by_unit.items():
            for one in them:
                changes[one.window.starts].append((unit, 1))
                changes[one.window.ends].append((unit, -1))
        depth: dict[int, int] = defaultdict(int)
        silent: list[frozenset[int]] = [frozenset()]
        for edge in edges:
            for unit, change in changes.get(edge, ()):
                depth[unit] += change
            silent.append(frozenset(unit for unit, deep in depth.items() if deep > 0))
        return edges, silent

    def of(self, unit_id: int) -> tuple[UnitWindow, ...]:
        """All windows of a constituency, earliest first."""
        return self._by_unit.get(unit_id, ())

    def open_for(self, unit_id: int, now: datetime) -> UnitWindow | None:
        """The window that holds now; of two that overlap, the one that ends later."""
        found: UnitWindow | None = None
        for one in self._by_unit.get(unit_id, ()):
            window = one.window
            if window.starts <= now < window.ends and (found is None or window.ends > found.window.ends):
                found = one
        return found

    def silent_units(self, now: datetime) -> frozenset[int]:
        """Every constituency in which appeals stop now."""
        return self._silent[bisect_right(self._edges, now)]

    def exit_window(self, now: datetime) -> Span | None:
        """The exit-poll window open anywhere now, or None."""
        return next((span for span in self.exits if span.holds(now)), None)

    def code_holds(self, unit_id: int, now: datetime) -> bool:
        """True while the code of conduct holds in this constituency."""
        return any(span.holds(now) and (span.units is None or unit_id in span.units) for span in self.codes)

    def next_boundary(self, unit_id: int | None, now: datetime) -> datetime | None:
        """The next instant at which the law may answer otherwise; None when no window lies ahead.

        Without a constituency (a channel that cannot be aimed) every constituency's edges count.
        """
        edges = self._edges if unit_id is None else self._unit_edges.get(unit_id) or self._exit_edges()
        place = bisect_right(edges, now)
        return edges[place] if place < len(edges) else None

    def _exit_edges(self) -> tuple[datetime, ...]:
        return tuple(sorted(self._common_edges()))


def next_boundary(windows: Windows, unit_id: int | None, now: datetime) -> datetime | None:
    """See `Windows.next_boundary`; documents end their `valid_until` here."""
    return windows.next_boundary(unit_id, now)
