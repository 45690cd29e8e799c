"""Two releases side by side during an upgrade: the one that migrated last follows the records, the other waits.

A worker of the other release may take a job it has never heard of. It gives it back, as often as it meets it.
"""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from procrastinate import App, RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from procrastinate.tasks import Task

from toli.ui.away import cause_of

log = logging.getLogger("toli.worker")
FOLLOWER = "flows.follower"
AGAIN_SECONDS = range(3, 9)
"""Drawn: a fixed pause would bring the job back at the moment the same worker looks for work again."""
KEEP = """
INSERT INTO audit_flow_cursor (name, position) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET position = excluded.position
"""


class UnknownJob(Exception):
    """A newer release asked for this job; a worker of that release does it."""


def fingerprint(flows: Mapping[str, Sequence[Any]]) -> int:
    """A number that differs when a record is followed by other jobs."""
    pairs = sorted(f"{verb}>{job.name}" for verb, jobs in flows.items() for job in jobs)
    return int.from_bytes(hashlib.sha256("\n".join(pairs).encode()).digest()[:7], "big")


def become_follower(flows: Mapping[str, Sequence[Any]]) -> None:
    """From now on workers of this release, and no others, follow the records. Called by `toli migrate`."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [FOLLOWER, fingerprint(flows)])


def may_follow(flows: Mapping[str, Sequence[Any]]) -> bool:
    """False when another release migrated last: what this one does not know would be passed over for good."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT position FROM audit_flow_cursor WHERE name = %s", [FOLLOWER])
        row = cursor.fetchone()
    return row is None or int(row[0]) == fingerprint(flows)


class Patient(BaseRetryStrategy):
    """A job that met a database away or a full disk is tried until it goes; others as they say themselves."""

    def __init__(self, own: BaseRetryStrategy | None) -> None:
        self._own = own

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, UnknownJob) or cause_of(exception):
            return RetryDecision(retry_in={"seconds": random.choice(AGAIN_SECONDS)})  # noqa: S311 - no secret
        return self._own.get_retry_decision(exception=exception, job=job) if self._own else None


class Known(dict[str, Task[Any, Any, Any]]):
    """The tasks of this release; any other name gives a task that waits for its own release."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name) or self._stranger(name)

    def _stranger(self, name: str) -> Task[Any, Any, Any]:
        def wait(**_arguments: Any) -> None:
            log.warning("job %s belongs to a newer release; it waits for a worker of that one", name)
            raise UnknownJob(name)

        any_task = next(iter(self.values()))
        return Task(wait, blueprint=any_task.blueprint, name=name, queue="default", retry=Patient(None))


def make_patient(app: App) -> App:
    """The same app, whose workers give back what they do not know and wait for what is away."""
    for task in set(app.tasks.values()):
        if not isinstance(task.retry_strategy, Patient):
            task.retry_strategy = Patient(task.retry_strategy)
    app.tasks = Known(app.tasks)
    return app
