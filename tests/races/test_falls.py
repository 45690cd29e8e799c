"""The database restarted under load, and parts killed at random moments: each act is taken once or refused clearly."""

from __future__ import annotations

import random
import signal
import threading
import time
from typing import Any

import pytest

from tests.launcher.running import wait_for, within
from tests.races.applicants import Phone, hand_in, join, picture
from tests.races.stack import Stack

HANDS = 5


class Crowd:
    """All joiners and all workers of the seed, a few at a time; what each was told."""

    def __init__(self, stack: Stack, made: dict[str, Any]) -> None:
        self.stack, self.made = stack, made
        self.stopped = threading.Event()
        self.receipts: dict[int, str] = {}
        self.refs: dict[str, str] = {}
        self.phones: list[Phone] = []
        self._acts = [*self._joins(), *self._hand_ins()]
        random.Random(1).shuffle(self._acts)
        self._left = list(self._acts)
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(HANDS)]

    def _joins(self):
        for person in self.made["joiners"]:
            yield lambda phone, p=person: self._joined(phone, p), person["cookie"]

    def _hand_ins(self):
        for number, person in enumerate(self.made["workers"]):
            yield lambda phone, n=number, p=person: self._handed_in(phone, n, p), person["cookie"]

    def _joined(self, phone: Phone, person: dict[str, Any]) -> None:
        if receipt := join(phone, person["draft"]):
            self.receipts[person["holder"]] = receipt

    def _handed_in(self, phone: Phone, number: int, person: dict[str, Any]) -> None:
        if ref := hand_in(phone, person["share"], picture(number)):
            self.refs[person["share"]] = ref

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._left:
                    return
                act, cookie = self._left.pop()
            phone = Phone(self.stack.origin, cookie, self.stopped)
            self.phones.append(phone)
            act(phone)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def is_done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def finish(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_done and time.monotonic() < deadline:
            time.sleep(0.1)
        self.stopped.set()
        for thread in self._threads:
            thread.join(30)

    @property
    def pages(self) -> dict[int, int]:
        total: dict[int, int] = {}
        for phone in self.phones:
            for status, count in phone.pages.items():
                total[status] = total.get(status, 0) + count
        return total


def everything_once(crowd: Crowd) -> None:
    """Compare by id what people were told with what is kept: nothing lost, nothing doubled."""
    stack, made = crowd.stack, crowd.made
    assert sorted(crowd.receipts) == sorted(person["holder"] for person in made["joiners"])
    kept = dict(
        stack.rows(
            "SELECT p.holder_id, a.receipt FROM recruitment_application a JOIN people_person p ON p.id = a.person_id"
        )
    )
    assert kept == crowd.receipts
    for table, each in (
        ("people_person p", 1),
        ("people_person p JOIN people_contactpoint c ON c.person_id = p.id", 1),
        ("people_person p JOIN consent_consentevent e ON e.person_id = p.id", 2),
        ("people_person p JOIN org_membership m ON m.person_id = p.id", 1),
        ("people_person p JOIN audit_record r ON r.actor_person_id = p.id AND r.verb = 'recruitment.applied'", 1),
        ("people_person p JOIN audit_record r ON r.target_ref = p.ref AND r.verb = 'people.joined'", 1),
    ):
        counted = stack.rows(
            f"SELECT p.holder_id, count(*) FROM {table} WHERE p.holder_id = ANY(%s) GROUP BY 1", list(crowd.receipts)
        )
        assert dict(counted) == dict.fromkeys(crowd.receipts, each), table
    assert len(crowd.refs) == len(made["workers"])
    handed = stack.rows(
        "SELECT a.ref::text, h.ref::text FROM tasks_handin h JOIN tasks_assignment a ON a.id = h.assignment_id"
    )
    assert sorted(handed) == sorted(crowd.refs.items())
    records = stack.rows("SELECT target_ref::text FROM audit_record WHERE verb = 'tasks.handed_in'")
    assert sorted(ref for (ref,) in records) == sorted(crowd.refs)
    assert set(crowd.pages) <= {200, 302, 503}, crowd.pages


WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


def is_followed(stack: Stack) -> bool:
    """True when all of the chain was handed to its jobs. The other row of the table names a release, no position."""
    at = stack.ask("SELECT position FROM audit_flow_cursor WHERE name = 'flows'")
    return bool(at == stack.ask("SELECT max(position) FROM audit_link"))


def chain_is_whole(stack: Stack) -> None:
    from tests.config.conftest import toli

    wait_for(stack.seals)
    done = toli(stack.home, "check-audit", DATABASE_URL=stack.address())
    assert done.returncode == 0, done.stderr
    assert stack.ask("SELECT count(*) - count(DISTINCT record_id) FROM audit_link") == 0


@pytest.mark.slow
def test_the_database_restarted_under_load_loses_nothing_and_doubles_nothing(stack, made):
    running = stack("web", "worker", "pulse")
    crowd = Crowd(running, made)
    crowd.start()
    dice = random.Random(2021)
    restarts = 0
    while not crowd.is_done and restarts < 6:
        time.sleep(dice.uniform(0.4, 1.2))
        running.restart_database(dice.choice([signal.SIGKILL, signal.SIGINT]))
        restarts += 1
    assert restarts >= 3
    began = time.monotonic()
    for name in running.parts:
        wait_for(lambda name=name: running.is_well(name))
    assert time.monotonic() - began < within(20), "all parts work again within seconds"
    crowd.finish(90)
    everything_once(crowd)
    chain_is_whole(running)


@pytest.mark.slow
def test_twenty_kills_of_web_worker_and_pulse_lose_nothing_and_double_nothing(stack, made):
    running = stack("web", "worker", "pulse")
    crowd = Crowd(running, made)
    crowd.start()
    killed: dict[str, int] = {}
    for seed in range(20):
        dice = random.Random(seed)
        time.sleep(dice.uniform(0.05, 0.9))
        name = dice.choice(["web", "web", "worker", "pulse"])
        running.kill(name)
        killed[name] = killed.get(name, 0) + 1
    assert set(killed) == {"web", "worker", "pulse"}
    crowd.finish(90)
    everything_once(crowd)
    chain_is_whole(running)
    wait_for(lambda: is_followed(running) and not running.ask(WAITING))
    assert running.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 0
