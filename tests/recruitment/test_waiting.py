"""The waiting line: order kept, one place for each ticket, nothing recorded, and it ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests import cast
from tests.recruitment.conftest import Applicant

from toli.accounts.models import Usage
from toli.kit.errors import BadInput, NotAllowed, NotFound
from toli.recruitment import middleware, queries, services, waiting
from toli.recruitment.models import WaitingLine, WaitingReading
from toli.recruitment.waiting import Line, Load

QUIET, CROWD = Load(busy=0.2, form_ms=20, forms=4), Load(busy=0.95, form_ms=300, forms=12)
FORM = "/join/youth/form/"


# The rule


def run(line: Line, loads, last: int) -> Line:
    for load in loads:
        line = waiting.next_second(line, load, last=last)
    return line


def test_it_begins_after_some_seconds_over_a_limit_in_a_row_and_not_for_one_slow_visitor():
    assert not run(Line(), [*[CROWD] * 4, QUIET, *[CROWD] * 4], last=5).running
    assert not run(Line(), [Load(busy=0.3, form_ms=9000, forms=0.5)] * 9, last=5).running
    for load in (CROWD, Load(busy=0.1, form_ms=2500, forms=1)):
        begun = run(Line(), [load] * waiting.BEGINS_AFTER, last=5)
        assert (begun.running, begun.upto) == (True, 5)  # tickets of an earlier line are let in
    assert not run(Line(mode="off"), [CROWD] * 9, last=5).running
    assert run(Line(mode="on"), [QUIET], last=5).running


def test_it_lets_in_by_what_the_servers_bear_and_never_stands_still():
    begun = run(Line(), [CROWD] * waiting.BEGINS_AFTER, last=0)
    assert begun.rate == CROWD.forms
    assert run(begun, [CROWD] * 30, last=100_000).rate == waiting.LOWEST_RATE
    slowest = run(begun, [CROWD] * 30, last=100_000)
    assert run(slowest, [CROWD] * 60, last=100_000).upto >= slowest.upto + 60
    fast = run(slowest, [QUIET] * 30, last=100_000)
    assert fast.rate > 25
    assert fast.upto > slowest.upto + 400


def test_it_never_lets_in_more_than_it_gave_out_and_saves_nothing_up():
    begun = replace(run(Line(), [CROWD] * waiting.BEGINS_AFTER, last=10), rate=50.0)
    emptied = run(begun, [QUIET] * 8, last=40)
    assert emptied.upto == 40
    assert waiting.next_second(emptied, QUIET, last=1_000).upto <= 40 + emptied.rate + 2


def test_it_ends_ten_seconds_after_the_last_one_was_let_in_and_not_while_an_officer_wants_it():
    begun = run(Line(), [CROWD] * waiting.BEGINS_AFTER, last=10)
    assert run(begun, [QUIET] * (waiting.ENDS_AFTER), last=10).running
    assert not run(begun, [QUIET] * (waiting.ENDS_AFTER + 1), last=10).running
    assert run(replace(begun, mode="on"), [QUIET] * 60, last=10).running
    assert not run(replace(begun, mode="off"), [CROWD], last=500).running


def test_a_line_of_people_who_all_went_away_is_passed_in_minutes():
    """A hundred thousand dead tickets: nobody comes in, nothing is busy, the line moves faster and faster."""
    begun = run(Line(), [CROWD] * waiting.BEGINS_AFTER, last=0)
    assert not run(begun, [QUIET] * 600, last=100_000).running


@pytest.mark.parametrize(
    ("before", "speed", "seconds", "minutes"),
    [
        (500, 0.0, 300, None),  # nobody was let in yet: nothing is promised
        (500, 5.0, 3, None),  # measured for three seconds only
        (20, 5.0, 60, 0),
        (599, 5.0, 60, 2),
        (600, 5.0, 60, 3),
        (1900, 5.0, 60, 10),
        (100_000, 5.0, 60, 360),
    ],
)
def test_a_time_is_told_by_the_speed_of_now_and_only_when_it_is_known(before, speed, seconds, minutes):
    place = waiting.place_of(1001 + before, upto=1000, speed=speed, seconds=seconds)
    assert (place.before, place.minutes) == (before, minutes)
    assert waiting.SOONEST <= place.look_again <= waiting.LATEST + 4


# The door


@pytest.fixture
def line(drive):
    """A line that an officer turned on, a second old; nobody is let in yet."""
    WaitingLine.objects.create(mode="on")
    services.move_line(actor=cast.SYSTEM)
    let_in(0)
    return WaitingLine.objects.get()


def let_in(upto: int) -> None:
    """As the worker would; it stays fresh however slow this machine is."""
    WaitingLine.objects.update(upto=upto, moved_at=timezone.now() + timedelta(hours=1))


class Visitor:
    """A phone without JavaScript. Each look is made by a web process of its own, which knows nothing of the others."""

    def __init__(self, cookies=None) -> None:
        self.cookies = dict(cookies or {})

    def look(self, address: str = "/join/youth/", **query):
        client = Client(headers={"accept-language": "en"})
        for name, value in self.cookies.items():
            client.cookies[name] = value
        answer = client.get(address, query)
        self.cookies |= {name: morsel.value for name, morsel in client.cookies.items() if morsel.value}
        return answer

    @property
    def ticket(self) -> int:
        return int(self.cookies[middleware.PLACE].split(":")[0])


def waits(answer) -> bool:
    return answer.status_code == 200 and b'http-equiv="refresh"' in answer.content


def test_people_are_let_in_in_the_order_they_came_by_processes_that_agree(line, answers):
    people = [Visitor() for _ in range(6)]
    assert all(waits(one.look()) for one in people)
    assert [one.ticket for one in people] == sorted(one.ticket for one in people)
    let_in(people[2].ticket)
    assert [waits(one.look()) for one in reversed(people)] == [True] * 3 + [False] * 3
    page = people[5].look().content.decode()
    assert '<b class="big num">2</b>' in page
    assert "cannot be said yet" in page
    let_in(people[5].ticket)
    assert not any(waits(one.look(FORM, unit=answers["unit"])) for one in people)


def test_loading_again_and_a_second_tab_neither_lose_a_place_nor_jump_it(line):
    one = Visitor()
    one.look()
    first = one.ticket
    for page in ("/join/youth/", "/join/youth/wishes/", FORM):
        assert waits(one.look(page))
        assert one.ticket == first
    Visitor().look()
    assert queries.last_ticket() == first + 1


@pytest.mark.parametrize(
    "forged", ["1", "1:1abcde:xyz", "0:0:0", "", "\u0967:1:1".encode().decode("latin-1"), "1" * 3000]
)
def test_a_forged_place_is_a_new_place_at_the_end(line, forged):
    honest = Visitor()
    honest.look()
    let_in(honest.ticket)
    for name in (middleware.PLACE, middleware.PASS):
        other = Visitor({name: forged})
        assert waits(other.look())
        assert other.ticket > honest.ticket


def test_a_place_signed_for_something_else_or_too_long_ago_is_no_place(line, monkeypatch):
    honest = Visitor()
    honest.look()
    let_in(honest.ticket)
    assert waits(Visitor({middleware.PASS: honest.cookies[middleware.PLACE]}).look())
    later = signing.time.time() + middleware.PLACE_SECONDS + 5
    monkeypatch.setattr(signing.time, "time", lambda: later)
    late = honest.ticket
    assert waits(honest.look())
    assert honest.ticket > late


def test_one_place_copied_to_a_thousand_tabs_is_one_place(line, answers, monkeypatch):
    """All of them together open what one may, and nobody behind moves forward for it."""
    from toli.accounts import limits

    few = limits.Limit(12, timedelta(minutes=10))
    monkeypatch.setitem(limits.ACTS, "enter", replace(limits.ACTS["enter"], device=few))
    one, behind = Visitor(), Visitor()
    one.look()
    behind.look()
    copies = [Visitor(one.cookies) for _ in range(20)]
    assert all(waits(copy.look()) for copy in copies)
    assert queries.last_ticket() == behind.ticket
    let_in(one.ticket)
    found = [copy.look(FORM, unit=answers["unit"]) for copy in copies]
    assert [page.status_code for page in found] == [200] * 12 + [429] * 8
    assert "opened very often" in found[-1].content.decode()
    assert waits(behind.look())


def test_whoever_has_a_form_a_draft_a_code_or_a_status_page_never_waits(drive, applicant, answers, ravi, tree):
    writing = Visitor()
    assert writing.look(FORM, unit=answers["unit"]).status_code == 200  # before the crowd
    WaitingLine.objects.create(mode="on")
    services.move_line(actor=cast.SYSTEM)
    let_in(0)
    assert waits(Visitor().look())
    assert not waits(writing.look())
    assert not waits(writing.look(FORM, unit=answers["unit"]))
    assert not waits(ravi.client.get("/join/youth/"))
    assert applicant.fill(answers).url == "/login/code/"  # a form that is sent never waits
    assert not waits(applicant.client.get("/join/youth/"))  # a code is on its way
    assert applicant.type_code().status_code == 200
    assert not waits(applicant.client.get(FORM, {"unit": answers["unit"]}))
    stranger = Client()
    for address in ("/join/status/", "/login/", "/", "/join/youth/kiosk/", "/me/", "/verify/"):
        assert not waits(stranger.get(address)), address


def test_a_waiting_page_costs_one_ticket_and_then_nothing_and_nothing_of_anybody_is_written(
    line, watch, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(middleware, "LOOK_EVERY", 3600.0)
    client = Client(headers={"accept-language": "en"})
    with django_assert_num_queries(2):  # what this process says and sees once a second, and the ticket
        assert waits(client.get("/join/youth/"))
    for _n in range(50):
        Visitor().look()
    seen = watch()
    rows = written()
    with django_assert_num_queries(0):
        for _n in range(5):
            assert waits(client.get("/join/youth/"))
    assert written() == rows
    assert seen.nothing_happened()
    assert Usage.objects.count() == 0


def written() -> int:
    """Rows of every table that anything of a visitor could stand in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum((SELECT count(*) FROM accounts_draft) + (SELECT count(*) FROM accounts_device)"
            " + (SELECT count(*) FROM django_session) + (SELECT count(*) FROM accounts_usage)"
            " + (SELECT count(*) FROM audit_record) + (SELECT count(*) FROM recruitment_trace))"
        )
        return int(cursor.fetchone()[0])


def test_the_line_begins_and_ends_by_itself_and_each_is_recorded_once(drive, watch):
    seen = watch()
    services.report_and_look(process="one", load=CROWD)
    services.report_and_look(process="two", load=CROWD)
    WaitingReading.objects.update(at=timezone.now() + timedelta(hours=1))  # fresh, however slow this machine is
    moved = [services.move_line(actor=cast.SYSTEM) for _second in range(7)]
    assert moved == [False] * 4 + [True] * 3
    assert seen.verbs() == ["recruitment.line_began"]
    WaitingReading.objects.all().delete()  # nobody comes any more
    assert [services.move_line(actor=cast.SYSTEM) for _second in range(14)][-1] is False
    assert seen.verbs() == ["recruitment.line_began", "recruitment.line_ended"]
    at = WaitingLine.objects.get().moved_at
    services.move_line(actor=cast.SYSTEM)
    assert WaitingLine.objects.get().moved_at == at  # a quiet second writes nothing


def test_a_line_that_nobody_moves_any_more_lets_everybody_in(line):
    assert waits(Visitor().look())
    WaitingLine.objects.update(moved_at=timezone.now() - timedelta(seconds=waiting.STALE_SECONDS + 1))
    assert not waits(Visitor().look())


def test_a_process_knows_how_busy_its_threads_are_also_while_they_work():
    """Of four threads one works from 1 to 3 and one from 2 on: four of sixteen seconds by 4, and again by 8."""
    hours = iter([0.0, 1.0, 2.0, 3.0, 4.0, 8.0])
    meter = middleware.Meter(threads=4, clock=lambda: next(hours))
    first = meter.begin()
    meter.begin()
    meter.end(first, form=True)
    assert meter.take() == Load(busy=4 / 16, form_ms=2000, forms=1 / 4)
    assert meter.take() == Load(busy=4 / 16, form_ms=0, forms=0)


# The officers


def test_who_runs_recruitment_for_all_sets_the_line_and_nobody_else(drive, asha, bilal, meera, watch):
    seen = watch()
    given = {"mode": "on", "most_busy": 70, "slowest_ms": 900}
    for member, error in ((bilal, NotFound), (meera, NotFound)):
        with pytest.raises((error, NotAllowed)):
            services.switch_line(actor=member.actor, **given)
    for wrong in ({"mode": "x"}, {"most_busy": 5}, {"slowest_ms": 0}):
        with pytest.raises(BadInput):
            services.switch_line(actor=asha.actor, **(given | wrong))
    assert seen.nothing_happened()
    assert asha.client.post("/desk/waiting-line/", given).status_code == 302
    row = WaitingLine.objects.get()
    assert (row.mode, row.most_busy, row.slowest_ms) == ("on", 70, 900)
    assert seen.verbs() == ["recruitment.line_switched"]
    services.switch_line(actor=asha.actor, **given)
    assert seen.verbs() == ["recruitment.line_switched"]
    page = asha.client.get("/desk/waiting-line/").content.decode()
    assert "Nobody waits" in page
    assert asha.client.post("/desk/waiting-line/", given | {"most_busy": "many"}).status_code == 422
    assert Applicant().client.get("/desk/waiting-line/").status_code == 302
