"""The small demo: whole, lawful and with figures that follow from its facts."""

import pytest
from django.utils import timezone

from toli.accounts.queries import is_demo
from toli.demo.load import load
from toli.demo.sizes import SIZES
from toli.org.models import Appointment, Membership, Seat, Unit
from toli.org.services.counts import drift
from toli.people.models import ContactPoint, Person

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


def test_every_named_person_has_a_login_link_and_the_seat_they_are_there_to_show(demo):
    from toli.demo.cast import CAST
    from toli.demo.introduce import introductions

    text = introductions("http://localhost:8000/")
    assert text.count("/demo/enter/") == len(CAST)
    for role in CAST:
        seats = Appointment.objects.filter(person_id=demo.people[role.key].id, state="accepted")
        assert seats.count() == (1 if role.team else 0)
