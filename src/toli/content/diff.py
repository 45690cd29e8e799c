"""What changed between two wordings, word by word; plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# A word with the signs written on it, a run of space, or one other character.
_PIECES = re.compile(r"[\w\u0900-\u0963\u0970-\u097f\u200c\u200d]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that stayed, went or came."""

    what: Literal["same", "gone", "new"]
    text: str


def words_changed(before: str, after: str) -> list[Change]:
    """Stretches in reading order; those that stayed or came give `after`, those that stayed or went give `before`."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    return list(_joined(_changes(old, new)))


def _changes(old: list[str], new: list[str]) -> Iterator[Change]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change("same", "".join(old[a:b]))
        else:
            yield Change("gone", "".join(old[a:b]))
            yield Change("new", "".join(new[c:d]))


def _joined(changes: Iterator[Change]) -> Iterator[Change]:
    return (change for change in changes if change.text)
