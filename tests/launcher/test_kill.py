"""kill -9 at random moments: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time

import psycopg
from tests.launcher.running import clean_env, wait_for, within

from toli.config import postgres

RECORDS = 400
KILLS = 4
WRITE = "INSERT INTO audit_record (verb, request_id) VALUES ('tests.happened', %s)"


def test_records_written_while_the_worker_is_killed_are_each_sealed_once_and_the_chain_is_whole(home, start):
    running = start(home).ready()
    address = postgres.url(postgres.socket_folder(home))
    ended = threading.Event()

    def write() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            for nth in range(RECORDS):
                connection.execute(WRITE, [f"nth-{nth}"])
                time.sleep(0.01)
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    dice = random.Random(2021)
    for _ in range(KILLS):
        time.sleep(dice.uniform(0.2, 1.0))
        wait_for(lambda: running.part("worker"))
        os.kill(running.part("worker"), signal.SIGKILL)
    writer.join()
    with psycopg.connect(address, autocommit=True) as connection:

        def sealed() -> int:
            return connection.execute(
                "SELECT count(*) FROM audit_link l JOIN audit_record r ON r.id = l.record_id"
                " WHERE r.verb = 'tests.happened'"
            ).fetchone()[0]

        wait_for(lambda: sealed() >= RECORDS)
        assert sealed() == RECORDS
        positions = connection.execute("SELECT count(*), max(position), min(position) FROM audit_link").fetchone()
        assert positions[0] == positions[1] - positions[2] + 1
        wait_for(
            lambda: (
                connection.execute("SELECT position FROM audit_flow_cursor WHERE name = 'flows'").fetchone()
                == (positions[1],)
            )
        )
    said = subprocess.run(
        [sys.executable, "-m", "toli.cli", "check-audit"],
        env=clean_env(TOLI_HOME=str(home)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "whole" in said.stdout
    assert running.interrupt() < within(10)


def test_rows_committed_before_the_database_is_killed_are_there_after(home, start):
    running = start(home).ready()
    address = postgres.url(postgres.socket_folder(home))
    with psycopg.connect(address, autocommit=True) as connection:
        for nth in range(50):
            connection.execute(WRITE, [f"kept-{nth}"])
        os.kill(running.part("database"), signal.SIGKILL)
    wait_for(lambda: "database stopped (signal 9); starting it again" in running.said)

    def kept() -> int:
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                return connection.execute(
                    "SELECT count(DISTINCT request_id) FROM audit_record WHERE request_id LIKE 'kept-%'"
                ).fetchone()[0]
        except psycopg.OperationalError:
            return -1

    wait_for(lambda: kept() >= 0)
    assert kept() == 50
    running.interrupt()
