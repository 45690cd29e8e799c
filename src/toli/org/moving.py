"""Where units stand after several of them get another parent at once: pure, no database.

A path says who lies above whom ("1/23/456/"). Every unit below a moved one keeps its way up to it, so only
moved and new units are worked out here; the rest is one statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from toli.org import paths


class Cycle(Exception):
    """A unit would lie below itself; its id is the argument."""


@dataclass
class Ways:
    """`parents`: the new parent of each moved or new unit. `old`: the path before of every unit named (none: new)."""

    parents: Mapping[int, int]
    old: Mapping[int, str]
    _new: dict[int, str] = field(default_factory=dict)
    _visiting: set[int] = field(default_factory=set)

    def path(self, unit_id: int) -> str:
        """The path afterwards. Raises Cycle."""
        if unit_id in self.parents:
            return self._moved(unit_id)
        before = self.old[unit_id]
        above = self.nearest_moved(unit_id)
        return before if above is None else self._moved(above) + before[len(self.old[above]) :]

    def _moved(self, unit_id: int) -> str:
        if unit_id not in self._new:
            if unit_id in self._visiting:
                raise Cycle(unit_id)
            self._visiting.add(unit_id)
            self._new[unit_id] = f"{self.path(self.parents[unit_id])}{unit_id}/"
            self._visiting.discard(unit_id)
        return self._new[unit_id]

    def nearest_moved(self, unit_id: int) -> int | None:
        """The lowest moved unit strictly above this one, as the tree was before."""
        above = paths.ancestors(self.old.get(unit_id, ""))[:-1]
        return next((i for i in reversed(above) if i in self.parents), None)

    def moved(self) -> list[int]:
        """Units that stood somewhere before and now stand elsewhere, by themselves or with one above them."""
        return [i for i in self.parents if self.old.get(i)]

    def nested(self) -> list[tuple[int, int]]:
        """(outer, inner): moved units whose nearest moved unit above was `outer`."""
        pairs = [(self.nearest_moved(i), i) for i in self.moved()]
        return [(outer, inner) for outer, inner in pairs if outer is not None]

    def ways(self) -> list[tuple[int, int, int]]:
        """(moved unit, ancestor, sign): whose figures lose (-1) and gain (+1) what came with the unit alone."""
        found = []
        for unit_id in self.moved():
            leave = set(paths.ancestors(self.old[unit_id])[:-1])
            join = set(paths.ancestors(self.path(unit_id))[:-1])
            found += [(unit_id, above, -1) for above in leave - join] + [(unit_id, above, 1) for above in join - leave]
        return found


def shared_top(all_paths: list[str]) -> int | None:
    """The lowest unit that holds all of these paths."""
    shared = None
    for ids in zip(*(paths.ancestors(p) for p in all_paths), strict=False):
        if len(set(ids)) > 1:
            break
        shared = ids[0]
    return shared
