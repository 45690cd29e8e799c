"""The desk's pages: three taps from a gap to an offer; nobody sees what is not theirs."""

import pytest
from django.urls import reverse
from tests import cast

from toli.org.models import Appointment


@pytest.fixture
def vacancy(tree):
    return cast.add_seat(tree.booth, "booth_team", "booth_youth", 1)


def test_a_seat_is_offered_in_three_taps(bilal, ravi, vacancy):
    page = bilal.client.get(reverse("org:seats"))
    address = reverse("org:offer", args=[vacancy.ref])
    assert address in page.text
    choice = bilal.client.get(address)
    assert "Ravi Salvi" in choice.text
    answer = bilal.client.post(address, {"person": str(ravi.person.ref)})
    assert answer.status_code == 302
    assert Appointment.objects.get(seat=vacancy).state == "offered"


@pytest.mark.parametrize("name", ["people", "seats", "units"])
def test_lists_open_for_those_who_may(bilal, name):
    assert bilal.client.get(reverse(f"org:{name}"), follow=True).status_code == 200


def test_the_page_of_a_person_shows_a_masked_number_only(bilal, ravi):
    page = bilal.client.get(reverse("org:person", args=[ravi.person.ref]))
    assert page.status_code == 200
    assert "1000000006" not in page.text.replace(" ", "")


def test_another_district_gets_the_answer_of_what_does_not_exist(dev, ravi, vacancy, tree, watch):
    seen = watch()
    for address in [
        reverse("org:person", args=[ravi.person.ref]),
        reverse("org:offer", args=[vacancy.ref]),
        reverse("org:unit", args=[tree.booth.ref]),
    ]:
        mine, missing = dev.client.get(address), dev.client.get(address[:-13] + "000000000000/")
        assert (mine.status_code, missing.status_code) == (404, 404)
    assert seen.nothing_happened()


@pytest.mark.parametrize("words", ["रवि", "RAVI", "ravi salvi", "साल्वी"])
def test_people_are_found_in_any_spelling(bilal, ravi, words):
    assert "Ravi Salvi" in bilal.client.get(reverse("org:people"), {"q": words}).text


def test_suspending_from_the_page(bilal, chitra):
    answer = bilal.client.post(reverse("org:suspend", args=[chitra.appointment.ref]), {"reason": "shared a list"})
    assert answer.status_code == 302
    chitra.appointment.refresh_from_db()
    assert chitra.appointment.suspended_at is not None


def test_garbage_in_the_address_is_no_error(bilal):
    assert bilal.client.get(reverse("org:seats"), {"unit": "x'--", "page": "zz", "wing": "nope"}).status_code == 200
