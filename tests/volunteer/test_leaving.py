"""Being forgotten: use stops in the same moment, and what the law keeps lies locked."""

from __future__ import annotations

from tests.volunteer.conftest import agree

from toli.consent import queries as consent
from toli.org import queries as org
from toli.org.models import Appointment
from toli.people.models import Person


def test_erasure_ends_every_use_at_once(chitra, notice, asha):
    agree(chitra, notice, "organise", "sms")
    browser = chitra.client
    answer = browser.post("/me/data/erase/")
    assert answer.status_code == 200
    person = Person.objects.get(pk=chitra.person.pk)
    assert person.state == Person.State.SEALED
    assert (person.purge_after - person.sealed_at).days == 365
    assert not any(mine.given for mine in consent.my_consents(person.pk))
    assert Appointment.objects.get(pk=chitra.appointment.pk).state == Appointment.State.ENDED
    assert not org.search_people(asha.actor, "Chitra").exists()
    assert org.home_unit_of(person) is None


def test_after_erasure_every_phone_is_signed_out(chitra, notice):
    other_phone = chitra.browser(second_factor=False)
    assert other_phone.get("/me/").status_code == 200
    chitra.client.post("/me/data/erase/")
    assert other_phone.get("/me/").status_code == 302
    assert chitra.client.get("/me/").status_code == 302


def test_asking_is_recorded_without_a_name(chitra, notice, watch):
    seen = watch()
    chitra.client.post("/me/data/erase/")
    assert "volunteer.erasure_asked" in seen.verbs()
    assert "people.sealed" in seen.verbs()


def test_looking_at_the_page_erases_nothing(chitra, notice, watch):
    seen = watch()
    assert chitra.client.get("/me/data/erase/").status_code == 200
    assert seen.nothing_happened()


def test_withdrawing_organise_on_my_page_frees_the_seat(chitra, notice):
    agree(chitra, notice, "organise")
    chitra.client.post("/me/consents/organise/withdraw/", {"next": "/me/data/"})
    assert Appointment.objects.get(pk=chitra.appointment.pk).state == Appointment.State.ENDED
