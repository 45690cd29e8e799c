from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.volunteer.conftest import agree

from toli.org.models import Appointment

PAGES = ["/me/", "/me/seat/", "/me/data/", "/me/data/correct/", "/me/data/download/", "/me/data/erase/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_every_page_opens_for_whoever_has_joined(ravi, notice, path, language):
    answer = ravi.browser(second_factor=False, language=language).get(path)
    assert answer.status_code == 200, answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_of_mine_without_signing_in(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=%2Fme%2F")


def test_an_offer_is_accepted_from_the_day_without_javascript(ravi, offered, notice):
    agree(ravi, notice, "organise")
    page = ravi.client.get("/me/").content.decode()
    action = re.search(r'action="(/me/seat/[^"]+/accept/)"', page)[1]
    answer = ravi.client.post(action, follow=True)
    assert answer.status_code == 200
    offered.refresh_from_db()
    assert offered.state == Appointment.State.ACCEPTED


def test_an_offer_is_declined(ravi, offered):
    ravi.client.post(f"/me/seat/{offered.ref}/decline/")
    offered.refresh_from_db()
    assert offered.state == Appointment.State.DECLINED


def test_an_offer_to_somebody_else_does_not_exist_for_me(dev, offered, watch):
    seen = watch()
    for act in ("accept", "decline", "leave", "claim", "not-me"):
        assert dev.client.post(f"/me/seat/{offered.ref}/{act}/").status_code == 404
    offered.refresh_from_db()
    assert offered.state == Appointment.State.OFFERED
    assert seen.nothing_happened()


def test_a_seat_can_be_left(chitra):
    chitra.client.post(f"/me/seat/{chitra.appointment.ref}/leave/")
    chitra.appointment.refresh_from_db()
    assert chitra.appointment.state == Appointment.State.ENDED


def test_my_number_stands_masked_on_my_page(ravi, notice):
    page = ravi.client.get("/me/data/").content.decode()
    assert "•••••••006" in page
    assert "1000000006" not in page


def test_my_file_holds_what_the_page_shows(ravi, notice):
    kept = ravi.client.get("/me/data/download/").json()
    assert kept["person"]["name"] == "Ravi Salvi"
    assert kept["home"]["en"] == "Borana 1"


def test_a_name_is_corrected_and_a_child_refused(ravi, notice):
    form = {"name": "रवि साल्वी", "birth_year": "1991", "contact_preference": "app"}
    assert ravi.client.post("/me/data/correct/", form).status_code == 302
    ravi.person.refresh_from_db()
    assert (ravi.person.name, ravi.person.contact_preference) == ("रवि साल्वी", "app")
    answer = ravi.client.post("/me/data/correct/", {**form, "birth_year": "2015"})
    assert answer.status_code == 422
    ravi.person.refresh_from_db()
    assert ravi.person.birth_year == 1991


def test_a_first_visit_costs_less_than_150_kb(ravi, notice, settings):
    """Everything my day loads, compressed as it is served."""
    import gzip

    from django.contrib.staticfiles import finders

    page = ravi.browser(second_factor=False, language="hi").get("/me/").content
    files = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page.decode()))
    assert files
    sizes = [len(gzip.compress(Path(finders.find(file)).read_bytes())) for file in files]
    total = len(gzip.compress(page)) + sum(sizes)
    assert total < 150_000


def test_my_page_says_which_seat_opened_my_number_and_why(ravi, bilal, notice):
    from toli.people import queries as people

    people.open_number(actor=bilal.actor, person=ravi.person, reason="meeting on Sunday")
    page = ravi.browser(second_factor=False, language="en").get("/me/data/").content.decode()
    assert "District coordinator, Bhilwara" in page
    assert "meeting on Sunday" in page
    assert "Bilal" not in page


def test_who_took_back_working_in_a_team_does_not_slip_in_by_an_old_offer(ravi, offered, watch):
    seen = watch()
    answer = ravi.client.post(f"/me/seat/{offered.ref}/accept/")
    assert answer.status_code == 403
    offered.refresh_from_db()
    assert offered.state == Appointment.State.OFFERED
    assert seen.nothing_happened()
