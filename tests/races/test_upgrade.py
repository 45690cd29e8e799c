"""A worker of the older release beside the newer data and the newer worker: nothing lost, nothing failed for good."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.config.conftest import ROOT, toli
from tests.launcher.running import wait_for
from tests.races.stack import Stack

JOB = "recruitment.mark_placed"


@pytest.fixture
def older_release(folder) -> Path:
    """This code as it may have been before one job and what calls it were added."""
    place = folder / "older"
    shutil.copytree(
        ROOT / "src" / "toli", place / "toli", ignore=shutil.ignore_patterns("__pycache__", "static", "vendor")
    )
    jobs, flows = place / "toli" / "recruitment" / "jobs.py", place / "toli" / "flows.py"
    jobs.write_text(jobs.read_text().replace(f'name="{JOB}"', 'name="recruitment.before_that"'))
    flows.write_text(re.sub(r"recruitment\.mark_placed,? ?", "", flows.read_text()))
    return place


def test_an_older_worker_passes_nothing_over_and_fails_nothing(home, older_release):
    running = Stack(home, "worker", pythonpath=f"{older_release}:{ROOT}")
    try:
        migrated = toli(home, "migrate", OWNER_DATABASE_URL=running.address())
        assert migrated.returncode == 0, migrated.stderr
        running.ask_nothing("ALTER TABLE org_delta ADD COLUMN of_the_newer_release text")
        running.ask_nothing(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
            f""" VALUES ('default', '{JOB}', '{{"record_ids": []}}')"""
        )
        before = running.ask("SELECT position FROM audit_flow_cursor WHERE name = 'flows'") or 0
        running.ask_nothing("INSERT INTO audit_record (verb) VALUES ('org.accepted')")
        running.ask_nothing(
            "INSERT INTO org_delta (unit_id, wing_id, metric, day, n)"
            " SELECT id, 0, 'tests', DATE '1970-01-01', 1 FROM org_unit ORDER BY id LIMIT 1"
        )
        wait_for(running.seals)
        wait_for(lambda: running.ask("SELECT count(*) FROM org_count WHERE metric = 'tests'") > 0)
        wait_for(lambda: f"job {JOB} belongs to a newer release" in running.words("worker"))
        assert running.rows("SELECT status, attempts > 0 FROM procrastinate_jobs WHERE task_name = %s", JOB) == [
            ("todo", True)
        ]
        after = running.ask("SELECT position FROM audit_flow_cursor WHERE name = 'flows'") or 0
        assert after == before, "what only the newer release knows how to follow waits for it"
        with_newer(running, home)
    finally:
        running.end()


def with_newer(running: Stack, home: Path) -> None:
    """The newer worker beside the older follows what waited; when the older is ended, no job is left."""
    running.add("newer", ["worker"], f"{ROOT / 'src'}:{ROOT}")
    wait_for(
        lambda: (
            running.ask("SELECT position FROM audit_flow_cursor WHERE name = 'flows'")
            == running.ask("SELECT max(position) FROM audit_link")
        )
    )
    running.take_away("worker")
    wait_for(lambda: running.ask("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'failed'") == 0)
    assert running.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 0
