"""The small demo: whole, lawful and with figures that follow from its facts."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Count as Number
from django.db.models import F
from django.test import Client
from django.utils import timezone

from toli.accounts.queries import is_demo
from toli.audit import services as audit
from toli.audit.queries import check_chain
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
from toli.recruitment import services as recruitment
from toli.recruitment.models import (
    Appeal,
    Application,
    CallAttempt,
    CallBack,
    Cluster,
    Correction,
    Interview,
    PanelMember,
    PlacementRun,
    PlaceOffer,
    RoundScore,
    Scorecard,
)
from toli.recruitment.queries import false_shares, panels_of_member
from toli.tasks.models import Assignment
from toli.tasks.queries import FACTS as TASK_FACTS
from toli.tasks.queries import STANDING as TASK_FIGURES
from toli.warroom.queries import board

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Loaded once, in a transaction of its own; each test takes back what it did in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(size=SIZES["small"], now=timezone.now(), say=lambda line: None)
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db):
    return loaded


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


def test_reach_of_the_last_days_is_what_phones_told(demo):
    state = Unit.objects.get(level__key="state")
    days = [local_day(demo.now) - timedelta(days=ago) for ago in range(3)]  # 28 hours, before dawn, are three days
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


def test_the_drive_is_in_full_swing(demo):
    """Two rounds; times that were held, moved, declined and missed; two scores each, and scorers' hands corrected."""
    over, running = demo.drive.rounds.order_by("number")
    assert demo.drive.closes_at > demo.now
    assert over.settled_at is not None
    assert running.settled_at is None
    states = Counter(Interview.objects.filter(round=over).values_list("state", flat=True))
    assert set(states) == {"held", "moved", "declined", "no_show"}
    ahead = Interview.objects.filter(round=running, slot__starts_at__gt=demo.now)
    assert {"confirmed", "proposed"} <= set(ahead.values_list("state", flat=True))
    assert not ahead.filter(state="held").exists()
    assert not ahead.filter(state__in=["confirmed", "proposed"], code=None).exists()
    cards = Scorecard.objects.filter(interview__round=over).values("interview").annotate(n=Number("id"))
    assert set(cards.values_list("n", flat=True)) == {2}
    assert not Scorecard.objects.exclude(
        scorer__in=PanelMember.objects.values("person"), interview__slot__starts_at__lte=demo.now
    ).exists()
    offsets = Correction.objects.filter(round=over).values_list("offset", flat=True)
    assert min(offsets) < -500 < 500 < max(offsets), "a harsh panel and a mild one"
    assert all(row.cards and row.raw_mean for row in Correction.objects.filter(round=over))
    assert (
        Application.objects.filter(drive=demo.drive).exclude(score=None).count()
        == RoundScore.objects.filter(round=over).count()
    )
    assert panels_of_member(demo.actors["gopal"]), "the interviewer's day has somebody to show it"


def test_one_false_entry_in_ten_of_a_district_is_flagged_by_the_call_backs_and_no_other_district(demo):
    districts = list(Unit.objects.filter(level__key="district"))
    shares = false_shares(demo.drive, districts)
    flagged = [unit.names["en"] for unit in districts if unit.pk in shares and shares[unit.pk].flagged]
    assert flagged == ["Udaipur"]
    entries = Application.objects.filter(ref__in=demo.floods.false)
    udaipur = next(unit for unit in districts if unit.names["en"] == "Udaipur")
    whole = Application.objects.filter(drive=demo.drive, unit__path__startswith=udaipur.path)
    assert entries.count() == whole.filter(ref__in=demo.floods.false).count()
    assert 0.07 < entries.count() / whole.count() < 0.12
    reasons = Counter(Cluster.objects.values_list("reason", "state"))
    assert reasons[("device", "cleared")] == reasons[("device", "open")] == reasons[("speed", "open")] == 1
    fast = Cluster.objects.get(reason="speed")
    assert entries.count() == fast.members.filter(application__in=entries).count()
    assert CallBack.objects.filter(state="due", outcome="").exists(), "somebody is still to be called"
    assert not CallAttempt.objects.filter(said_at__gt=demo.now).exists()


def test_an_earlier_drive_went_all_the_way(demo):
    run = PlacementRun.objects.get(kind="real")
    assert run.drive.closes_at < demo.now
    assert run.state == "signed"
    assert run.signed_a_id != run.signed_b_id
    assert PlacementRun.objects.filter(kind="what_if", drive=run.drive).count() == 1
    recruitment.check_again(actor=demo.actors["asha"], ref=run.ref)
    offers = Counter(PlaceOffer.objects.filter(run=run).values_list("origin", "state"))
    assert offers[("run", "declined")] == offers[("run", "lapsed")] == 1
    assert offers[("wait_list", "accepted")] == 2, "the wait-list moved twice"
    assert Appeal.objects.get().state == "upheld"
    assert offers[("appeal", "accepted")] == 1
    seated = PlaceOffer.objects.filter(run=run, state="accepted")
    assert seated.count() == Application.objects.filter(drive=run.drive, state="placed").count()
    held = Appointment.objects.filter(ref__in=seated.values("appointment_ref"), state="accepted")
    assert held.count() == seated.count()
    assert not Application.objects.filter(drive=demo.drive, person__in=held.values("person")).exists()
    assert recruitment.move_offers(actor=demo.actor, now=demo.now) == 0, "nothing is left half done"


def test_the_chain_of_records_over_the_whole_demo_verifies(demo):
    while audit.seal():
        pass
    found = check_chain()
    assert found.is_whole
    assert found.checked > 150
    assert not found.unsealed
