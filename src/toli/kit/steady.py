"""Whether the clock of this machine can be believed: it is held against one that nobody can set.

A clock that jumped makes every answer about time doubtful by the size of the jump, until it is put right or has stood
for an hour. Meanwhile the law's windows are widened by the doubt, and nothing is ended or erased by the clock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

TOLERANCE = timedelta(seconds=3)
"""Less is no jump: a clock that is being steered moves by milliseconds."""
ACCEPTED_AFTER = timedelta(hours=1)
"""A clock that was wrong from the start and was put right looks like one that jumped; after this it is believed."""
_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def _since_boot() -> float:
    """Seconds that nobody can set and that also pass while the machine sleeps."""
    return time.clock_gettime(_BOOT)


class SteadyClock:
    """One process's view. `wall` and `steady` are given in tests."""

    def __init__(self, *, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _since_boot) -> None:
        self._wall, self._steady = wall, steady
        self._lock = threading.Lock()
        self._offset = wall() - steady()
        self._jumped_at: float | None = None

    def jump(self) -> timedelta:
        """How far the clock stands from where it should: above zero when it is ahead, zero while it is believed."""
        with self._lock:
            return timedelta(seconds=self._difference())

    def doubt(self) -> timedelta:
        """By how much every answer about time may be wrong, in whole seconds; zero while the clock is believed."""
        return timedelta(seconds=-(-abs(self.jump()).total_seconds() // 1))

    def _difference(self) -> float:
        steady = self._steady()
        difference = self._wall() - steady - self._offset
        if abs(difference) <= TOLERANCE.total_seconds():
            self._jumped_at = None
            self._offset += difference  # steered, not set
            return 0.0
        if self._jumped_at is None:
            self._jumped_at = steady
        if steady - self._jumped_at >= ACCEPTED_AFTER.total_seconds():
            self._offset, self._jumped_at = self._offset + difference, None
            return 0.0
        return difference


CLOCK = SteadyClock()
"""The clock of this process, watched since it started."""
