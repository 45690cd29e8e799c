"""The small demo: whole, lawful and with figures that follow from its facts."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from toli.accounts.queries import is_demo
from toli.broadcasts.models import Sighting
from toli.demo.load import load
from toli.demo.sizes import SIZES
from toli.elections.models import PollVersion
from toli.kit.dates import local, local_day
from toli.kit.phone import is_demo as is_demo_number
from toli.kit.secrets import decrypt
from toli.org import services as org
from toli.org.models import Appointment, Count, Membership, NamedHolder, Seat, Snapshot, SnapshotSlot, Unit
from toli.org.services.counts import drift
from toli.people.models import ContactPoint, Person
from toli.people.queries import CONTACT_CONTEXT
from toli.tasks.models import Assignment
from toli.tasks.queries import FACTS as TASK_FACTS
from toli.tasks.queries import STANDING as TASK_FIGURES
from toli.warroom.queries import board

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    return load(size=SIZES["small"], now=timezone.now(), say=lambda line: None)


def test_the_small_demo_is_whole_and_every_roll_up_follows_from_its_facts(demo):
    assert is_demo()
    levels = {key: Unit.objects.filter(level__key=key).count() for key in ("district", "constituency", "parliament")}
    assert levels == {"district": 33, "constituency": 200, "parliament": 25}
    assert Person.objects.count() == 2000
    assert ContactPoint.objects.values("index").distinct().count() == 2000
    assert Membership.objects.filter(valid_to=None).count() == 2000
    assert Seat.objects.filter(team_kind__key="constituency_team").count() == 4 * 21
    assert Appointment.objects.filter(state="accepted").count() > 1200
    assert drift(now=demo.now) == []
    assert drift(now=demo.now, facts=TASK_FACTS, standing=TASK_FIGURES, daily=()) == []


def test_every_named_person_has_a_login_link_and_the_seat_they_are_there_to_show(demo):
    from toli.demo.cast import CAST
    from toli.demo.introduce import introductions

    text = introductions("http://localhost:8000/")
    assert text.count("/demo/enter/") == len(CAST)
    for role in CAST:
        seats = Appointment.objects.filter(person_id=demo.people[role.key].id, state="accepted")
        assert seats.count() == (1 if role.team else 0)


def test_every_task_has_shares_at_every_stage_and_its_levels_add_up(demo):
    states = set(Assignment.objects.filter(is_work=True).values_list("state", flat=True))
    assert states == {"given", "accepted", "handed_in", "verified", "returned"}
    for top in Assignment.objects.filter(parent=None):
        work = Assignment.objects.filter(task=top.task, is_work=True)
        assert top.teams == work.exclude(state="withdrawn").count()
        assert top.teams_done == work.filter(state="verified").count()
    assert not Assignment.objects.filter(verified_by__isnull=False, verified_by=F("accepted_by")).exists()


def test_the_four_seats_vote_in_nine_days_and_close_at_different_hours(demo):
    versions = PollVersion.objects.filter(state="live").select_related("poll")
    assert sorted(version.closes[0].hour for version in versions) == [15, 16, 17, 18]
    assert {(version.poll_on - local_day(demo.now)).days for version in versions} == {9}


def test_named_seats_are_named_or_invited_and_never_filled(demo):
    states = Counter(NamedHolder.objects.values_list("state", flat=True))
    assert states["invited"] == 4
    assert states["named"] >= 2
    held = Appointment.objects.filter(state__in=["accepted", "offered"]).values("seat_id")
    assert not NamedHolder.objects.filter(seat_id__in=held).exists()


def test_the_start_page_of_every_named_person_opens(demo):
    from toli.accounts.door import demo_path
    from toli.demo.cast import CAST

    for role in CAST:
        holder = Person.objects.get(pk=demo.people[role.key].id).holder
        browser = Client(headers={"accept-language": "hi"})
        answer = browser.get(demo_path(holder, second_factor=role.second_factor, next_url=role.start), follow=True)
        if answer.request["PATH_INFO"].startswith("/demo/"):
            answer = browser.post(answer.request["PATH_INFO"], follow=True)
        assert answer.status_code == 200, role.key
        assert answer.request["PATH_INFO"] == role.start, role.key


def test_no_number_could_ring_a_real_phone(demo):
    points = ContactPoint.objects.all()
    assert all(is_demo_number(decrypt(p.cipher, p.key_version, context=CONTACT_CONTEXT)) for p in points[:200])


def test_reach_of_today_is_what_phones_told(demo):
    state = Unit.objects.get(level__key="state")
    days = [local_day(demo.now), local_day(demo.now) - timedelta(days=1)]
    phones = Sighting.objects.filter(kind="phone").count()
    assert phones == sum(
        Count.objects.filter(unit_id=state.pk, metric="reach", day__in=days).values_list("n", flat=True)
    )
    assert phones > 500


# What a state knew of itself at a moment, from the facts alone.
THEN = """
SELECT (SELECT count(*) FROM org_appointment WHERE state = 'accepted' AND accepted_at <= %(at)s),
       (SELECT count(*) FROM org_membership WHERE valid_from <= %(at)s),
       (SELECT count(*) FROM tasks_assignment WHERE is_work AND state = 'verified' AND verified_at <= %(at)s),
       (SELECT count(*) FROM tasks_assignment a JOIN tasks_task t ON t.id = a.task_id
        WHERE a.is_work AND a.state <> 'withdrawn' AND t.given_at <= %(at)s),
       (SELECT count(*) FROM warroom_shift WHERE starts_at <= %(at)s AND ends_at > %(at)s)
"""
COMPARED = ("accepted", "members", "tasks_done", "tasks_given", "on_duty")


def test_the_board_was_kept_on_each_of_the_last_days_with_what_the_facts_say_of_that_hour(demo):
    """And the board says at the first start what changed since it was last kept."""
    state = Unit.objects.get(level__key="state")
    kept = list(SnapshotSlot.objects.order_by("at"))
    assert 13 <= len(kept) <= 14
    assert {local(slot.at).hour for slot in kept} == {8, 20}
    assert not any(slot.is_late for slot in kept)
    grown = []
    for slot in kept:
        figures = Snapshot.objects.get(slot=slot, unit_id=state.pk, wing_id=0).figures
        with connection.cursor() as cursor:
            cursor.execute(THEN, {"at": slot.at})
            assert [figures.get(name, 0) for name in COMPARED] == list(cursor.fetchone()), slot.at
        grown.append(figures["accepted"])
    assert grown == sorted(grown)
    assert grown[0] < grown[-1]
    check_sums_of(kept[0])
    assert org.take_due_snapshot(now=demo.now) == 0, "the worker goes on from here"
    assert board(actor=demo.actors["asha"], unit=state, now=demo.now).before_at == kept[-1].at


def check_sums_of(slot):
    """Every unit of a kept board is the sum of what lay below it."""
    figures = {row.unit_id: row.figures for row in Snapshot.objects.filter(slot=slot, wing_id=0)}
    held = Appointment.objects.filter(state="accepted", accepted_at__lte=slot.at)
    seats = Counter(held.values_list("seat__unit__path", flat=True))
    for unit in Unit.objects.exclude(path="").filter(level__key__in=["district", "constituency", "block"]):
        within = sum(n for path, n in seats.items() if path.startswith(unit.path))
        assert figures.get(unit.pk, {}).get("accepted", 0) == within, str(unit)
