"""The worker: jobs inside the transaction of their cause, ticks once at a time, dead workers' jobs come back."""

from __future__ import annotations

import asyncio
import threading

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from toli.config import background, ticking, timetable
from toli.kit.ticks import Tick

SEEN: list[str] = []


@app.task(name="tests.inner")
def inner() -> None:
    SEEN.append("inner")


@app.task(name="tests.outer")
def outer(fails: bool) -> None:
    with transaction.atomic():
        inner.defer()
        SEEN.append("outer")
        if fails:
            raise RuntimeError("the cause is rolled back")


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    SEEN.clear()
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def run_all() -> None:
    asyncio.run(background.work_until_empty())


def test_a_job_deferred_inside_a_job_follows_it():
    outer.defer(fails=False)
    run_all()
    assert SEEN == ["outer", "inner"]


def test_a_job_deferred_inside_a_job_that_fails_is_gone_with_it():
    outer.defer(fails=True)
    run_all()
    assert SEEN == ["outer"]
    assert not ProcrastinateJob.objects.filter(task_name="tests.inner").exists()


def test_jobs_of_a_dead_worker_go_back_to_their_queue():
    outer.defer(fails=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])
    assert timetable.return_jobs_of_dead_workers() == 1
    run_all()
    assert SEEN == ["outer", "inner"]


def test_jobs_of_a_living_worker_stay_with_it():
    outer.defer(fails=False)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [cursor.fetchone()[0]])
    assert timetable.return_jobs_of_dead_workers() == 0


def test_codes_have_a_slot_of_their_own():
    mine = [name for name, queues in background.SLOTS.items() if "codes" in queues]
    assert mine == ["codes"]
    assert background.SLOTS["codes"] == ["codes"]


def test_a_tick_runs_once_at_a_time_whoever_runs_it():
    inside, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        inside.set()
        assert may_end.wait(10)

    tick = Tick("tests.slow", seconds=1.0, run=slow)

    def run_in_thread() -> None:
        ticking.run_once(tick)
        connection.close()

    thread = threading.Thread(target=run_in_thread)
    thread.start()
    assert inside.wait(10)
    assert ticking.run_once(tick) is False
    may_end.set()
    thread.join()
    assert ticking.run_once(tick) is True


def test_a_tick_that_fails_is_tried_again_and_stops_when_asked():
    tries: list[int] = []
    done = threading.Event()

    def fails_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("for once")
        done.set()

    runner = ticking.Ticking([Tick("tests.fails_once", seconds=0.01, run=fails_once)])
    runner.start()
    assert done.wait(10)
    runner.stop()


def test_every_tick_of_every_room_has_a_name_of_its_own():
    names = [tick.name for tick in ticking.all_ticks()]
    assert len(names) == len(set(names))
    assert "config.return_jobs" in names
