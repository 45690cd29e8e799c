"""Offers of a placement while others act: the last seat goes once, and a worker that dies leaves nothing half done."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from tests import cast
from tests.races.together import _waiting, together
from tests.recruitment.conftest import demo, drive, notice  # noqa: F401 - a drive
from tests.recruitment.placed import Wished, add_applicant, add_place, sign_run
from tests.recruitment.test_offers import move, prepare
from toli.kit.errors import WrongState
from toli.org import services as org
from toli.org.models import Appointment
from toli.recruitment import services
from toli.recruitment.models import PlaceOffer

pytestmark = pytest.mark.django_db(transaction=True)
SEAT = "SELECT 1 FROM org_seat WHERE id = %s FOR UPDATE"


@pytest.fixture
def world(drive, notice, tree):  # noqa: F811
    """One place with one seat, two who want it; the first has it."""
    place = add_place(drive, tree.booths[0], 1)
    people = [add_applicant(drive, notice, tree.booth, score) for score in (900, 800)]
    run = sign_run(drive, [Wished(one, [place]) for one in people], [place])
    found = SimpleNamespace(run=run, place=place, people=people, seat=place.unit.seats.get(role__key="booth_youth"))
    prepare(found)
    return found


def step():
    return services.make_offers(actor=cast.SYSTEM, now=timezone.now())


def test_the_run_and_a_coordinator_offer_the_last_seat_at_once_and_one_gets_it(world, bilal, ravi):
    actor, now = bilal.actor, timezone.now()
    together(
        [step, lambda: org.offer_seat(actor=actor, seat_ref=world.seat.ref, person_ref=ravi.person.ref, now=now)],
        hold=SEAT, params=[world.seat.pk],
    )  # fmt: skip
    assert Appointment.objects.filter(seat=world.seat, state="offered").count() == 1
    move()
    first = PlaceOffer.objects.get(application=world.people[0])
    taken = Appointment.objects.get(seat=world.seat, state="offered").person_id == ravi.person.pk
    assert (first.state, first.reason) == (("void", "seat_taken") if taken else ("offered", ""))


def test_a_yes_meets_the_closing_of_a_withdrawn_place_and_one_of_them_counts(world):
    step()
    world.place.withdrawn_at = timezone.now()
    world.place.save()
    person, now = world.people[0].person, timezone.now()
    actor = cast.CastMember(person, "").actor
    ref = Appointment.objects.get(person=person).ref
    results = together(
        [
            lambda: org.accept_offer(actor=actor, ref=ref, now=now),
            lambda: services.close_lost(actor=cast.SYSTEM, now=now),
        ],
        hold=SEAT, params=[world.seat.pk],
    )  # fmt: skip
    move()
    state = PlaceOffer.objects.get(application=world.people[0]).state
    said_no = isinstance(results[0], WrongState)
    assert state == ("void" if said_no else "accepted")
    assert Appointment.objects.get(ref=ref).state == ("withdrawn" if said_no else "accepted")


def test_a_worker_killed_between_the_seats_and_the_offers_leaves_nothing_and_the_next_one_does_it_once(world):
    died = []

    def doomed():
        try:
            step()
        except Exception as error:
            died.append(error)
        finally:
            connections.close_all()

    before = _waiting(0)
    worker = threading.Thread(target=doomed, daemon=True)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SEAT, [world.seat.pk])
        worker.start()
        while _waiting(before) < 1 and worker.is_alive():
            threading.Event().wait(0.02)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
            )
    worker.join(20)
    assert len(died) == 1
    assert not Appointment.objects.filter(seat=world.seat).exists()
    assert PlaceOffer.objects.get().state == "due"
    for _again in range(2):
        move()
    assert Appointment.objects.filter(seat=world.seat).count() == 1
