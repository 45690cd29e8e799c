"""Runs the ticks of all rooms: each on its own thread and connection, under an advisory lock of its name."""

from __future__ import annotations

import hashlib
import importlib
import logging
import threading
import time
from collections.abc import Iterable
from importlib.util import find_spec

from django.apps import apps
from django.db import Error, connection

from toli.kit.ticks import Tick

log = logging.getLogger("toli.ticks")
LONGEST_PAUSE = 30.0


def all_ticks() -> list[Tick]:
    """The ticks every room lists in its jobs.py, and those of the launcher itself."""
    from toli.config import timetable

    modules = [f"{app.name}.jobs" for app in apps.get_app_configs() if app.name.startswith("toli.")]
    found = [importlib.import_module(name) for name in modules if find_spec(name)]
    return [*timetable.TICKS, *(tick for module in found for tick in getattr(module, "TICKS", ()))]


def lock_number(name: str) -> int:
    """The advisory lock of a tick: a signed 64-bit number that is the same in every process."""
    return int.from_bytes(hashlib.sha256(f"tick:{name}".encode()).digest()[:8], "big", signed=True)


def run_once(tick: Tick) -> bool:
    """Run the tick unless another worker does so now. True when it ran."""
    number = lock_number(tick.name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            return False
    try:
        tick.run()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    return True


class Ticking:
    """The threads of one worker process."""

    def __init__(self, ticks: Iterable[Tick]) -> None:
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=[tick], name=f"tick {tick.name}", daemon=True) for tick in ticks
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 4.0) -> None:
        """Let the running ticks finish, for at most `seconds` in all."""
        self._ended.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _repeat(self, tick: Tick) -> None:
        failures = 0
        while not self._ended.is_set():
            started = time.monotonic()
            failures = failures + 1 if not self._run(tick, loud=failures in (0, 10, 100)) else 0
            pause = tick.seconds if not failures else min(LONGEST_PAUSE, tick.seconds * 2 ** min(failures, 10))
            self._ended.wait(max(0.0, pause - (time.monotonic() - started)))
        connection.close()

    def _run(self, tick: Tick, *, loud: bool) -> bool:
        try:
            run_once(tick)
        except Exception as error:
            if loud:
                log.exception("tick %s failed; it is tried again", tick.name)
            if isinstance(error, Error):
                connection.close()  # also gives the advisory lock back
            return False
        return True
