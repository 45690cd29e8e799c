"""What the worker runs by the clock is safe at any time, twice, and with nothing to do."""

from __future__ import annotations

import pytest

from toli.config.ticking import all_ticks
from toli.tasks import jobs


@pytest.mark.parametrize("tick", jobs.TICKS, ids=lambda tick: tick.name)
def test_a_tick_runs_twice_with_work_and_without(tick, db):
    for _time in range(2):
        tick.run()


def test_a_tick_runs_twice_beside_open_work(handed_in, given, watch):
    seen = watch()
    for tick in [*jobs.TICKS, *jobs.TICKS]:
        tick.run()
    assert seen.nothing_happened()


def test_the_worker_knows_every_tick():
    assert {tick.name for tick in jobs.TICKS} <= {tick.name for tick in all_ticks()}


@pytest.mark.parametrize("job", [jobs.add_up_parents, jobs.add_up_withdrawn, jobs.release_open_work])
def test_a_job_with_records_that_say_nothing_of_tasks_does_nothing(job, db, watch):
    seen = watch()
    assert job.func(record_ids=[]) == job.func(record_ids=[999_999]) == 0
    assert seen.nothing_happened()
