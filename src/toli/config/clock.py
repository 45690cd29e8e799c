"""Says on the board and in the log when the clock of a machine was set, or differs from the database's."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import connection, transaction

from toli.audit import services as audit
from toli.kit.actor import SystemActor
from toli.kit.steady import CLOCK, SteadyClock

log = logging.getLogger("toli.clock")
MOST_APART = timedelta(seconds=5)
SET, APART, FINE = "config.clock_set", "config.clock_apart", "config.clock_fine"


class Watch:
    """What was last said about the clock of this process; each change is said once."""

    def __init__(self, clock: SteadyClock = CLOCK) -> None:
        self._clock = clock
        self._said = FINE

    def look(self, *, apart: timedelta) -> str:
        """Say what is new; what holds now. `apart` is how far our clock is ahead of the database's."""
        jump = self._clock.jump()
        verb, seconds = FINE, 0
        if jump:
            verb, seconds = SET, round(jump.total_seconds())
        elif abs(apart) > MOST_APART:
            verb, seconds = APART, round(apart.total_seconds())
        if verb != self._said:
            self._say(verb, seconds)
            self._said = verb
        return verb

    def _say(self, verb: str, seconds: int) -> None:
        log.warning("%s by %+d s. What ends or erases by the hour waits; silence holds by either clock", verb, seconds)
        tell_the_board(verb, seconds)


@transaction.atomic
def tell_the_board(verb: str, seconds: int) -> None:
    """A record of the organisation's root, so that the ticker of its board shows it."""
    from toli.org import queries as org

    actor = SystemActor(request_id="clock")
    for unit in org.roots(actor):
        audit.record(actor, verb, None, unit=unit, data={"seconds": seconds})


def apart_from_database() -> timedelta:
    """How far this machine's clock is ahead of the database's; the way there and back is halved."""
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        after = time.time()
        return timedelta(seconds=(before + after) / 2 - float(cursor.fetchone()[0]))


WATCH = Watch()


def watch_clock() -> str:
    return WATCH.look(apart=apart_from_database())
