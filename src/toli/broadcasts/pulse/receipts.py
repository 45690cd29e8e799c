"""What phones tell: parsed strictly, kept in memory for at most a second, acknowledged when committed."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from toli.broadcasts.pulse.address import ReceiptAddress

CHANNELS = frozenset({"pulse", "whatsapp", "share", "copy", "sms", "telegram"})


class Fate(Enum):
    """What became of a receipt; the value is the HTTP status a phone gets."""

    WRITTEN = 204
    REFUSED = 503


class Row(NamedTuple):
    """One line of `broadcasts_receipt`; `at` is filled in by the database."""

    stream: str
    unit_id: int
    reader: str
    item: UUID
    kind: str
    channel: str


class Waiting(NamedTuple):
    rows: list[Row]
    reader: str
    done: Callable[[Fate], None]


class BadReceipt(ValueError):
    """The body is not a receipt."""


def parse(body: bytes, address: ReceiptAddress, limit: int) -> list[Row]:
    """Rows of a body `{"shown": [ref, ...], "shared": [[ref, channel], ...]}`. Raises BadReceipt."""
    try:
        told = json.loads(body)
        shown = [(UUID(ref), "shown", "pulse") for ref in _list(told, "shown")]
        shared = [(UUID(ref), "shared", _channel(name)) for ref, name in _list(told, "shared")]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadReceipt from error
    entries = list(dict.fromkeys(shown + shared))
    if len(entries) > limit:
        raise BadReceipt
    return [Row(address.stream, address.unit_id, address.reader, *entry) for entry in entries]


def _list(told: Any, name: str) -> list[Any]:
    found = told.get(name, [])
    if not isinstance(found, list):
        raise BadReceipt
    return found


def _channel(name: object) -> str:
    if name not in CHANNELS:
        raise BadReceipt
    return str(name)


class Inbox:
    """Receipts waiting to be written. Nobody is told "written" before the commit."""

    def __init__(self, *, rows: int, per_reader: int) -> None:
        self._room = rows
        self._rows = rows
        self._per_reader = per_reader
        self._waiting: list[Waiting] = []
        self._readers: Counter[str] = Counter()
        self.written = 0
        self.last_write: datetime | None = None

    def __len__(self) -> int:
        return self._rows - self._room

    def is_full(self, rows: int) -> bool:
        return rows > self._room

    def is_too_often(self, reader: str) -> bool:
        """True when this reader has told enough within this second."""
        return self._readers[reader] >= self._per_reader

    def add(self, rows: list[Row], reader: str, done: Callable[[Fate], None]) -> None:
        """Take rows; `done` is called once, after the commit or when they could not be written."""
        self._room -= len(rows)
        self._readers[reader] += 1
        self._waiting.append(Waiting(rows, reader, done))

    def take(self) -> list[Waiting]:
        """Everything that waits, to be written now. Give it back to `finish` whatever happens."""
        taken, self._waiting = self._waiting, []
        self._readers.clear()
        return taken

    def finish(self, taken: list[Waiting], fate: Fate) -> None:
        """Tell every phone what became of its receipt and make room."""
        for waiting in taken:
            self._room += len(waiting.rows)
            self.written += len(waiting.rows) if fate is Fate.WRITTEN else 0
            waiting.done(fate)
