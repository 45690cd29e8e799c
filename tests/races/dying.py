"""Ends an act's own connection at its n-th statement, as a killed worker or a fallen database does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, connections, transaction

PATIENCE = 30.0


class _Undone(Exception):
    """Takes a rehearsal back."""


def is_work(sql: Any) -> bool:
    """False for the marks of a transaction inside another, which a rehearsal has more of."""
    return not str(sql).startswith(("SAVEPOINT", "RELEASE"))


def statements_of(act: Callable[[], Any]) -> int:
    """How many statements the act runs; what it writes is taken back."""
    seen = 0

    def count(execute: Any, *rest: Any) -> Any:
        nonlocal seen
        seen += is_work(rest[0])
        return execute(*rest)

    try:
        with transaction.atomic(), connection.execute_wrapper(count):
            act()
            raise _Undone
    except _Undone:
        return seen


def killed_at(act: Callable[[], Any], nth: int) -> Exception | None:
    """What came of the act in a thread of its own whose session PostgreSQL ends before statement `nth`."""
    came: list[Exception | None] = []

    def run() -> None:
        seen = 0

        def kill(execute: Any, *rest: Any) -> Any:
            nonlocal seen
            if not is_work(rest[0]):
                return execute(*rest)
            seen += 1
            if seen == nth:
                _end(connection.connection.info.backend_pid)
            return execute(*rest)

        try:
            with connection.execute_wrapper(kill):
                act()
            came.append(None)
        except Exception as error:
            came.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "the act hangs"
    return came[0]


def _end(pid: int) -> None:
    """End a session, and wait until it is gone with all it held."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()
