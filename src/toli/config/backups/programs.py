"""PostgreSQL's own pg_dump and pg_restore, from the wheel, as children that are watched."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO

from psycopg import pq

from toli.config import postgres
from toli.config.backups.archive import CHUNK, BadBackup

Say = Callable[[str], None]
OLDER_SERVER = 'unrecognized configuration parameter "transaction_timeout"'
"""The one complaint of a server before 17 that means nothing."""


def environment(address: str) -> dict[str, str]:
    """The address as libpq's own variables, so that no password stands in a list of processes."""
    options = pq.Conninfo.parse(address.encode())
    given = {one.envvar.decode(): one.val.decode() for one in options if one.val and one.envvar}
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "PGCONNECT_TIMEOUT": "15", **given}


class Complaints(threading.Thread):
    """Reads what the program says: counts the tables it is done with, keeps its complaints."""

    def __init__(self, stream: IO[bytes], mark: str, tables: int, say: Say) -> None:
        super().__init__(daemon=True)
        self._stream, self._mark, self._tables, self._say = stream, mark, max(1, tables), say
        self._seen = 0
        self.lines: list[str] = []

    def run(self) -> None:
        for line in self._stream:
            text = line.decode(errors="replace").rstrip()
            if self._mark in text:
                self._count()
            elif "error:" in text or self.lines:
                self.lines = [*self.lines, text][:20]

    def _count(self) -> None:
        before, self._seen = self._seen, self._seen + 1
        if self._seen * 10 // self._tables > before * 10 // self._tables:
            self._say(f"  {self._seen} of {self._tables} tables")


@contextmanager
def dump(address: str, *, snapshot: str, without_rows: list[str], tables: int, say: Say) -> Iterator[IO[bytes]]:
    """The stream of a dump of one moment. Raises BadBackup when pg_dump could not make it whole."""
    command = [
        postgres.binaries() / "pg_dump", "--format=custom", "--compress=1", "--no-owner", "--no-acl", "--no-comments",
        "--no-publications", "--no-subscriptions", "--no-tablespaces", "--no-security-labels", "--verbose",
        "--lock-wait-timeout=60000", f"--snapshot={snapshot}",
        *(f"--exclude-table-data={name}" for name in without_rows),
    ]  # fmt: skip
    process = subprocess.Popen(
        [str(word) for word in command], env=environment(address), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    complaints = Complaints(process.stderr, "dumping contents of table", tables, say)
    complaints.start()
    try:
        yield process.stdout
    except BaseException:
        process.kill()
        raise
    finally:
        process.stdout.close()
        status = process.wait()
        complaints.join()
    if status:
        raise BadBackup("The database could not be read whole:\n  " + "\n  ".join(complaints.lines))


def load(address: str, dump: IO[bytes], *, section: str, tables: int, say: Say) -> None:
    """Load one section (pre-data, data, post-data) of a dump. Raises BadBackup when anything was refused."""
    command = [
        postgres.binaries() / "pg_restore", "--dbname=", f"--section={section}", "--no-owner", "--no-acl", "--verbose",
    ]  # fmt: skip
    process = subprocess.Popen(
        [str(word) for word in command], env=environment(address), stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stderr is not None
    complaints = Complaints(process.stderr, "processing data for table", tables, say)
    complaints.start()
    try:
        _feed(dump, process.stdin)
    except BaseException:
        process.kill()
        raise
    finally:
        status = process.wait()
        complaints.join()
    refused = [line for line in complaints.lines if "error:" in line and OLDER_SERVER not in line]
    if refused or (status and not complaints.lines):
        raise BadBackup("The database refused a part of the backup:\n  " + "\n  ".join(complaints.lines))


def _feed(dump: IO[bytes], into: IO[bytes]) -> None:
    """All of the dump; a section that needs no rows stops reading early, and the last words find nobody."""
    with suppress(BrokenPipeError), into:
        shutil.copyfileobj(dump, into, CHUNK)
