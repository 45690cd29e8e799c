"""What the worker does on its own account: follow the records, and take back what dead workers held."""

from __future__ import annotations

from importlib.util import find_spec

from django.db import connection, transaction

from toli.config.clock import watch_clock
from toli.kit.ticks import Tick

HEARTBEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 10.0

RETURN_JOBS = """
-- Jobs whose worker has stopped beating go back to the queue; every job is safe to run twice.
UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, abort_requested = false
WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (
    SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %s)))
"""


def return_jobs_of_dead_workers() -> int:
    """How many jobs went back to their queue."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RETURN_JOBS, [DEAD_AFTER_SECONDS])
        returned = int(cursor.rowcount)
        cursor.execute(
            "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %s)",
            [DEAD_AFTER_SECONDS],
        )
        return returned


TICKS = [
    Tick("config.return_jobs", seconds=5.0, run=return_jobs_of_dead_workers),
    Tick("config.watch_clock", seconds=2.0, run=watch_clock),
]

if find_spec("toli.flows") is not None:
    from toli import flows

    def follow_records() -> int:
        """Hand the newly sealed records to the jobs that flows.py names, unless another release does."""
        from toli.audit import dispatch
        from toli.config import releases

        if not releases.may_follow(flows.FLOWS):
            return 0
        return dispatch.dispatch(flows.FLOWS)

    TICKS.append(Tick("config.follow_records", seconds=0.5, run=follow_records))
