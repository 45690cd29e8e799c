"""Runs acts at the same moment on connections of their own: all wait at one row lock, then go together."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.db import connection, connections, transaction

PATIENCE = 20.0


def _waiting(before: int) -> int:
    """How many sessions wait for a lock in this database now, beyond those before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees its first answer for ever
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND state = 'active'"
        )
        return cursor.fetchone()[0] - before


def together(acts: Sequence[Callable[[], Any]], *, hold: str, params: Sequence[Any]) -> list[Any]:
    """The results (or exceptions) of all acts, started while we hold the rows of `hold` (a SELECT ... FOR UPDATE)
    and let go once every act waits for them."""
    results: list[Any] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            results[index] = acts[index]()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,), daemon=True) for i in range(len(acts))]
    before = _waiting(0)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(hold, params)
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + PATIENCE
        while _waiting(before) < len(acts) and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        assert _waiting(before) >= len(acts), f"the acts did not reach the lock: {results}"
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "an act hangs"
    return results


def winners_and_losers(results: Sequence[Any]) -> tuple[list[Any], list[Exception]]:
    won = [r for r in results if not isinstance(r, Exception)]
    lost = [r for r in results if isinstance(r, Exception)]
    with suppress(ValueError):
        won.remove(None)
    return won, lost
