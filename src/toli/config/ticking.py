"""Runs the ticks of all rooms on a few threads, each tick under an advisory lock of its name."""

from __future__ import annotations

import hashlib
import heapq
import importlib
import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec

from django.apps import apps
from django.db import Error, connection

from toli.config import disk
from toli.kit.steady import CLOCK
from toli.kit.ticks import Tick

log = logging.getLogger("toli.ticks")
LONGEST_PAUSE = 30.0
WHATEVER_THE_CLOCK = frozenset({
    "audit.seal", "broadcasts.build_documents", "broadcasts.count_receipts", "config.follow_records",
    "config.return_jobs", "config.watch_clock", "delivery.send_codes", "org.fold_counts", "org.imports",
    "recruitment.move_line", "warroom.count_duty",
})  # fmt: skip
"""What goes on while the clock is in doubt; all others end, erase or send something because of the hour, and wait."""
LOUD_AFTER = (0, 10, 100)
QUICK_SECONDS = 2.0
QUICK_THREADS = 4
SLOW_THREADS = 2


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


@dataclass(order=True)
class Turn:
    """When a tick runs next; it waits longer after each failure in a row."""

    due: float
    tick: Tick = field(compare=False)
    failures: int = field(default=0, compare=False)

    def after(self, started: float, now: float) -> float:
        pause = self.tick.seconds * (2 ** min(self.failures, 10) if self.failures else 1)
        return max(now, started + (min(LONGEST_PAUSE, pause) if self.failures else pause))


class Lane:
    """A few threads that take the ticks of one kind in the order they are due."""

    def __init__(self, name: str, ticks: Iterable[Tick], threads: int) -> None:
        self._turns = [Turn(time.monotonic(), tick) for tick in ticks]
        heapq.heapify(self._turns)
        self._changed = threading.Condition()
        self._ended = False
        self._threads = [
            threading.Thread(target=self._work, name=f"{name} ticks {nth}", daemon=True) for nth in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def ask_to_stop(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def join(self, deadline: float) -> None:
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        while (turn := self._next()) is not None:
            started = time.monotonic()
            fine = run_safely(turn.tick, loud=turn.failures in LOUD_AFTER)
            turn.failures = 0 if fine else turn.failures + 1
            turn.due = turn.after(started, time.monotonic())
            with self._changed:
                heapq.heappush(self._turns, turn)
                self._changed.notify()
        connection.close()

    def _next(self) -> Turn | None:
        with self._changed:
            while not self._ended:
                wait = self._turns[0].due - time.monotonic() if self._turns else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._turns)
                self._changed.wait(wait)
            return None


def run_safely(tick: Tick, *, loud: bool) -> bool:
    """False when the tick failed or had to wait; `loud` says whether the log hears why."""
    if disk.HOME.is_full():
        if loud:
            log.warning("tick %s waits: the disk is full. Free some space; nothing is lost", tick.name)
        return False
    if tick.name not in WHATEVER_THE_CLOCK and CLOCK.doubt():
        if loud:
            log.warning("tick %s waits: the clock of this machine was set; it is believed again in an hour", tick.name)
        return False
    try:
        run_once(tick)
    except Exception as error:
        if loud:
            log.exception("tick %s failed; it is tried again", tick.name)
        if isinstance(error, Error):
            connection.close()  # also gives the advisory lock back
        return False
    return True


class Ticking:
    """The ticks of one worker process: quick ones never wait behind a purge."""

    def __init__(self, ticks: Iterable[Tick]) -> None:
        listed = list(ticks)
        quick = [tick for tick in listed if tick.seconds <= QUICK_SECONDS]
        self._lanes = [
            Lane("quick", quick, QUICK_THREADS),
            Lane("slow", [tick for tick in listed if tick not in quick], SLOW_THREADS),
        ]

    def start(self) -> None:
        for lane in self._lanes:
            lane.start()

    def stop(self, seconds: float = 4.0) -> None:
        """Let the running ticks finish, for at most `seconds` in all."""
        deadline = time.monotonic() + seconds
        for lane in self._lanes:
            lane.ask_to_stop()
        for lane in self._lanes:
            lane.join(deadline)
