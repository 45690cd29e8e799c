"""A clock that is set back by an hour or ahead by a day, and put right again: the law's side holds throughout."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from toli.config import clock, ticking
from toli.elections import queries
from toli.elections.gate import PULSE, Subject, may_publish
from toli.elections.queries import windows
from toli.elections.windows_sql import windows_from_rows
from toli.kit.steady import ACCEPTED_AFTER, SteadyClock
from toli.kit.ticks import Tick

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENCE = (NOON, NOON + 2 * DAY)
APPEAL = Subject(kind="appeal", hash="h")
UNIT = 7


class Machine:
    """A clock on the wall that anybody may set, and real time."""

    def __init__(self, now: datetime = NOON) -> None:
        self.real, self.wrong = now, timedelta(0)
        self.clock = SteadyClock(wall=lambda: self.wall.timestamp(), steady=lambda: self.real.timestamp() - 5_000)

    @property
    def wall(self) -> datetime:
        return self.real + self.wrong


@pytest.fixture
def machine(monkeypatch):
    made = Machine()
    for module in (windows, ticking, clock):
        monkeypatch.setattr(module, "CLOCK", made.clock)
    return made


def may_go_out(machine: Machine) -> bool:
    """What the gate says of an appeal at the hour this machine believes it is."""
    row = (UNIT, *SILENCE, True, "silence", "", "", {})
    windows = windows_from_rows([row], loaded_at=machine.wall, doubt=machine.clock.doubt())
    return may_publish(APPEAL, UNIT, PULSE, machine.wall, windows=windows).allowed


@pytest.mark.parametrize("wrong", [-HOUR, DAY, timedelta(minutes=-20), timedelta(minutes=40), timedelta(seconds=-90)])
def test_no_appeal_goes_out_in_real_silence_whatever_the_clock_was_set_to(machine, wrong):
    """Hour by hour from before the silence until after it; the clock is wrong for 50 minutes around each instant."""
    for minutes in range(-180, 52 * 60, 37):
        machine = Machine(NOON + timedelta(minutes=minutes))
        machine.wrong = wrong
        machine.clock.jump()
        for _ in range(5):
            machine.real += timedelta(minutes=10)
            if SILENCE[0] <= machine.real < SILENCE[1]:
                assert not may_go_out(machine), (wrong, machine.real)
        machine.wrong = timedelta(0)
        assert not machine.clock.doubt()
        assert may_go_out(machine) is not (SILENCE[0] <= machine.real < SILENCE[1])


def test_a_clock_that_is_steered_or_slept_is_no_jump(machine):
    for _ in range(100):
        machine.wrong += timedelta(milliseconds=400)
        machine.real += timedelta(minutes=10)
        assert not machine.clock.doubt()


def test_a_clock_that_stays_as_it_was_set_is_believed_after_an_hour(machine):
    machine.wrong = DAY
    assert machine.clock.jump() == DAY
    machine.real += ACCEPTED_AFTER - timedelta(seconds=1)
    assert machine.clock.doubt() == DAY
    machine.real += timedelta(seconds=2)
    assert not machine.clock.doubt()
    assert machine.clock.jump() == timedelta(0)


def test_while_in_doubt_nothing_is_ended_or_erased_by_the_hour_and_records_are_still_sealed(machine, db):
    ran: list[str] = []
    names = [
        "people.purge_due",
        "org.lapse_offers",
        "elections.close_polls",
        "audit.seal",
        "broadcasts.build_documents",
    ]
    ticks = [Tick(name, seconds=1, run=lambda name=name: ran.append(name)) for name in names]
    machine.wrong = DAY
    done = [ticking.run_safely(tick, loud=False) for tick in ticks]
    assert (done, ran) == ([False, False, False, True, True], names[3:])
    machine.wrong = timedelta(0)
    assert all(ticking.run_safely(tick, loud=False) for tick in ticks)
    assert sorted(ran) == sorted([*names, *names[3:]])


def test_every_tick_that_goes_on_exists():
    assert {tick.name for tick in ticking.all_ticks()} >= ticking.WHATEVER_THE_CLOCK


def test_the_gate_of_the_pages_widens_its_windows_by_the_doubt(machine, db, monkeypatch):
    plain = queries.load_windows(now=machine.wall)
    machine.wrong = -HOUR
    wide = queries.load_windows(now=machine.wall)
    assert wide.version != plain.version, "documents are built anew"
    machine.wrong = timedelta(0)
    assert queries.load_windows(now=machine.wall).version == plain.version


def test_a_set_clock_is_said_once_on_the_board_and_in_the_log_and_again_when_it_is_right(machine, tree, watch, caplog):
    seen, looking = watch(), clock.Watch(machine.clock)
    with caplog.at_level(logging.WARNING, "toli.clock"):
        assert looking.look(apart=timedelta(0)) == clock.FINE
        machine.wrong = -HOUR
        assert [looking.look(apart=timedelta(0)) for _ in range(3)] == [clock.SET] * 3
        machine.wrong = timedelta(0)
        looking.look(apart=timedelta(0))
        looking.look(apart=timedelta(seconds=-9))
    assert seen.verbs() == [clock.SET, clock.FINE, clock.APART]
    assert "-3600 s" in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unit_path, data->>'seconds' FROM audit_record WHERE verb = %s", [clock.SET])
        assert cursor.fetchall() == [(tree.state.path, "-3600")]


def test_here_and_now_the_clocks_agree(db):
    assert abs(clock.apart_from_database()) < timedelta(seconds=2)


def test_the_pulse_ends_no_document_later_because_the_database_was_set_back(monkeypatch):
    from toli.broadcasts.pulse import hub as module
    from toli.broadcasts.pulse.limits import Limits
    from toli.broadcasts.pulse.page import Document
    from toli.broadcasts.pulse.receipts import Inbox

    now = [1000.0]
    monkeypatch.setattr(module, "clock", lambda: now[0])
    hub = module.Hub(key=b"k", inbox=Inbox(rows=9, per_reader=1), limits=Limits())
    hub.set_clock(50_000.0, asked_at=1000.0, answered_at=1000.0)
    hub.put(Document("s", 1, b"{}", b"t", 50_010.0 - hub.offset))
    hub.set_clock(50_000.0 - 3600, asked_at=1000.0, answered_at=1000.0)
    assert hub.pages["s"].freshen(1009.0)
    assert not hub.pages["s"].freshen(1011.0)
    hub.set_clock(50_000.0 + 86_400, asked_at=1000.0, answered_at=1000.0)
    assert not hub.pages["s"].freshen(1001.0), "set ahead, it ends at once"
