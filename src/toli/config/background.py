"""The worker process: Procrastinate's jobs and the ticks of all rooms."""

from __future__ import annotations

import asyncio
import logging
import random
import signal

from procrastinate import App
from procrastinate.contrib.django import app as pages_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from toli.config.releases import make_patient
from toli.config.ticking import Ticking, all_ticks
from toli.config.timetable import DEAD_AFTER_SECONDS, HEARTBEAT_SECONDS

log = logging.getLogger("toli.worker")
GRACE_SECONDS = 4.0
SLOTS = {"common": ["default", "slow"], "codes": ["codes"]}
"""A login code never waits behind a long import: it has a slot of its own."""


def worker_app() -> App:
    """An app that fetches jobs by its own connections while the jobs keep Django's.

    A job deferred inside a job so joins the transaction of that job; the stock command swaps the connector of
    the tasks too, and the deferred job is there before its cause is committed.
    """
    connector = pages_app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("the pages' app has lost its Django connector")
    return make_patient(pages_app.with_connector(connector.get_worker_connector()))


async def work_until_empty() -> None:
    """Do what waits now, then return: for tests and for a terminal."""
    async with worker_app().open_async() as app:
        await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


async def work(slots: dict[str, list[str]] = SLOTS) -> None:
    """Work until SIGTERM or SIGINT."""
    async with worker_app().open_async() as app:
        workers = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=queues,
                    name=name,
                    concurrency=1,
                    install_signal_handlers=False,
                    # drawn for each process: two that look in the same rhythm would always meet in the same order
                    fetch_job_polling_interval=random.uniform(2.0, 5.0),  # noqa: S311 - no secret
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=DEAD_AFTER_SECONDS,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs="successful",
                )
            )
            for name, queues in slots.items()
        ]
        for sig in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sig, lambda: [task.cancel() for task in workers])
        _done, rest = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        results = await asyncio.gather(*workers, return_exceptions=True)
        for fault in results:
            if isinstance(fault, Exception):
                raise fault


def run() -> int:
    """Jobs and ticks until asked to stop."""
    ticks = all_ticks()
    ticking = Ticking(ticks)
    ticking.start()
    log.info("worker: %d ticks, queues %s", len(ticks), ", ".join(q for qs in SLOTS.values() for q in qs))
    try:
        asyncio.run(work())
    finally:
        ticking.stop()
    return 0
