"""Rows in the shape COPY takes: escaped text, JSON, arrays, refs and search keys, each made once and fast."""

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping

from django.db import connection

from toli.kit.folding import keys_of, prefix_keys_of
from toli.kit.text import words

BLOCK = 512


def copy_in(statement: str, lines: Iterable[str]) -> int:
    """Stream text lines (each with its line end) into COPY; how many. The server loads while we still write."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        block: list[str] = []
        for line in lines:
            block.append(line)
            if len(block) == BLOCK:
                copy.write("".join(block))
                count += BLOCK
                block.clear()
        copy.write("".join(block))
        count += len(block)
    return count


def stage(table: str, lines: Iterable[str]) -> None:
    """Lines in a table of this transaction, made anew: `name (columns)`."""
    name = table.split()[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}; CREATE TEMP TABLE {table} ON COMMIT DROP")
    copy_in(f"COPY {name} FROM STDIN", lines)


def new_ids(table: str, count: int) -> list[int]:
    """`count` ids from the table's sequence, in rising order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def escaped(text: str) -> str:
    """A value for COPY's text format."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if "\t" in text or "\n" in text or "\r" in text:
        text = text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_value(value: Mapping[str, object]) -> str:
    return escaped(_encode(value)) if value else "{}"


def array_value(values: Iterable[str]) -> str:
    """A text[] for COPY: each element quoted, with JSON's own escapes, which PostgreSQL's arrays read alike."""
    quoted = ",".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return escaped("{" + quoted + "}")


def refs(count: int) -> Iterator[str]:
    """`count` UUIDv7 texts in rising order: one reading of the clock, one call for random bytes per thousand."""
    started = time.time_ns() // 1_000_000
    for first in range(0, count, 1000):
        noise = os.urandom(10 * 1000).hex()
        stamp = f"{started + first // 1000:012x}"
        for at in range(0, 20 * min(1000, count - first), 20):
            bits = noise[at : at + 20]
            yield f"{stamp}7{bits[:3]}{'89ab'[int(bits[3], 16) & 3]}{bits[4:19]}"


class Folder:
    """Search keys of many names: what `kit.text.fold` gives, with every word and pair of words worked out once.

    Names are cut at blanks first, because no word reaches over one, and a state's names repeat the same pieces.
    """

    def __init__(self) -> None:
        self._pieces: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {}
        self._pairs: dict[str, tuple[str, ...]] = {}

    def tokens(self, names: Iterable[str]) -> list[str]:
        return sorted(self._keys(names))

    def array(self, names: Iterable[str]) -> str:
        """The tokens as COPY wants them; they are letters and digits only, so nothing needs escaping."""
        found = self._keys(names)
        return '{"' + '","'.join(found) + '"}' if found else "{}"

    def _keys(self, names: Iterable[str]) -> set[str]:
        found: set[str] = set()
        pieces, pairs = self._pieces, self._pairs
        for name in names:
            before = ""
            for piece in name.split():
                known = pieces.get(piece) or self._learn(piece)
                found |= known[1]
                for word in known[0]:
                    if before:
                        keys = pairs.get(joined := before + word)
                        if keys is None:
                            keys = pairs[joined] = keys_of(joined) if joined.isalpha() else ()
                        found.update(keys)
                    before = word
        return found

    def _learn(self, piece: str) -> tuple[tuple[str, ...], frozenset[str]]:
        parts = tuple(words(piece))
        keys = frozenset(key for word in parts for key in (*keys_of(word), *prefix_keys_of(word)))
        self._pieces[piece] = (parts, keys)
        return parts, keys
