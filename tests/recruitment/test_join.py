"""A person joins from any phone, without JavaScript."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from tests.accounts.test_pages import SPELLINGS
from tests.recruitment.conftest import NUMBER, Applicant

from toli.accounts.models import Draft, Login, LoginCode
from toli.consent.models import ConsentEvent
from toli.kit.ids import parse_receipt
from toli.org import queries as org
from toli.org import services as org_services
from toli.org.models import Membership
from toli.people import queries as people
from toli.people.models import ContactPoint, Person
from toli.recruitment import services
from toli.recruitment.models import Application


def test_a_form_becomes_person_application_consents_and_records_at_once(drive, applicant, answers, tree, watch):
    seen = watch()
    found = applicant.apply(answers)
    person = found.person
    assert (person.name, person.birth_year, person.contact_preference) == ("नीलम शर्मा", 1998, "women")
    assert people.masked_number(person) == "•••••••042"
    assert people.is_verified(person, now=timezone.now())
    assert (found.state, found.unit, found.skills) == ("submitted", tree.booth, ["writing", "design"])
    assert parse_receipt(found.receipt) == found.receipt
    given = ConsentEvent.objects.filter(person=person).order_by("id")
    assert [(event.purpose, event.given, event.channel) for event in given] == [
        ("organise", True, "web"),
        ("sms", True, "web"),
    ]
    assert all(event.session_digest and event.actor_person_id == person.pk for event in given)
    assert org.home_unit_of(person) == tree.booth
    assert set(seen.verbs()) >= {"people.joined", "consent.given", "recruitment.applied"}
    assert Draft.objects.get().payload_cipher is None


def test_the_record_names_the_person_and_the_unit_and_holds_no_personal_value(drive, applicant, answers, tree):
    from toli.audit.models import Record

    found = applicant.apply(answers)
    records = Record.objects.filter(actor_person_id=found.person_id).order_by("id")
    assert [record.verb for record in records] == ["people.joined", "consent.given", "recruitment.applied"]
    assert records[2].target_ref == found.ref
    assert records[2].unit_path == tree.booth.path
    text = str([(r.labels, r.data) for r in records])
    assert not re.search("नीलम|1998|042", text)


def test_the_form_is_kept_before_the_code_is_asked(drive, applicant, answers):
    assert applicant.fill(answers).url == "/login/code/"
    assert Draft.objects.get().used_at is None
    assert LoginCode.objects.count() == 1
    assert not Person.objects.filter(name="नीलम शर्मा").exists()


def test_the_receipt_is_shown_in_groups(drive, applicant, answers):
    found = applicant.apply(answers)
    page = applicant.client.get("/join/status/").content.decode()
    assert f"{found.receipt[:3]} {found.receipt[3:6]} {found.receipt[6:]}" in page


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_ten_spellings_of_a_number_are_one_person(drive, applicant, answers, spelling):
    applicant.apply(answers)
    Applicant().apply(answers | {"phone": spelling})
    assert Application.objects.count() == 1
    assert ContactPoint.objects.filter(index=people.number_index("+91" + NUMBER)).count() == 1


def test_pressing_twice_writes_once(drive, applicant, answers, watch):
    applicant.apply(answers)
    draft = Draft.objects.get()
    seen = watch()
    again = applicant.client.get(f"/join/youth/send/?draft={draft.ref}")
    assert again.status_code == 302
    assert seen.nothing_happened()
    assert (Application.objects.count(), Person.objects.count()) == (1, 1)


def test_a_second_form_of_the_same_person_changes_the_one_application(drive, applicant, answers, tree):
    first = applicant.apply(answers)
    second = Applicant().apply(answers | {"unit": str(tree.booths[1].ref), "name": "Other Name"})
    assert first.pk == second.pk
    assert first.receipt == second.receipt
    assert second.unit == tree.booths[1]
    assert second.person.name == "नीलम शर्मा"
    assert Membership.objects.filter(person=second.person).count() == 1


def test_somebody_signed_in_is_asked_no_number_and_no_code(drive, ravi, answers):
    del answers["phone"]
    page = ravi.client.get(f"/join/youth/form/?unit={answers['unit']}").content.decode()
    assert 'name="phone"' not in page
    codes = LoginCode.objects.count()
    for name in ("name", "birth_year", "gender", "contact_preference", "place_text"):
        del answers[name]
    answer = ravi.client.post("/join/youth/form/", answers, follow=True)
    assert answer.redirect_chain[-1][0] == "/join/status/"
    assert LoginCode.objects.count() == codes
    assert Application.objects.get().person == ravi.person
    ravi.person.refresh_from_db()
    assert (ravi.person.name, ravi.person.birth_year) == ("Ravi Salvi", 1990)


def test_a_draft_is_of_no_use_to_another_number(drive, applicant, answers, ravi):
    applicant.fill(answers)
    draft = Draft.objects.get()
    assert ravi.client.get(f"/join/youth/send/?draft={draft.ref}").status_code == 404
    assert Application.objects.count() == 0
    assert Draft.objects.get().used_at is None


UNDER_AGE = str(timezone.localdate().year - 16)


def test_under_eighteen_is_refused_kindly_and_nothing_is_kept(drive, applicant, answers, watch):
    seen = watch()
    answer = applicant.fill(answers | {"birth_year": UNDER_AGE})
    assert answer.status_code == 422
    assert "18" in answer.content.decode()
    assert (Draft.objects.count(), LoginCode.objects.count(), Person.objects.count()) == (0, 0, 0)
    assert Login.objects.count() == 0
    assert seen.nothing_happened()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "क" * 300),
        ("name", ""),
        ("name", "\u200b \x00"),
        ("birth_year", "१९९८ में"),
        ("birth_year", "99999"),
        ("birth_year", ""),
        ("phone", "12345"),
        ("phone", "+1 212 555 0100"),
        ("unit", "01a2004e-63e4-7c31-93dc-ad9d17f9d377"),
        ("unit", "../../etc"),
        ("unit", ""),
        ("notice", "x"),
        ("skills", ["flying"]),
        ("gender", "x" * 500),
        ("declared", ""),
        ("purpose_organise", ""),
    ],
)
def test_wrong_answers_come_back_with_a_sentence_and_what_was_typed(drive, applicant, answers, field, value, watch):
    seen = watch()
    answer = applicant.fill(answers | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="note note-error"' in page
    if field != "name":
        assert "नीलम शर्मा" in page
    assert (Draft.objects.count(), LoginCode.objects.count()) == (0, 0)
    assert seen.nothing_happened()


@pytest.mark.parametrize("name", ["caste", "जाति", "aadhaar_no", "dharm", "bank_account", "kis_party", "बीमारी"])
def test_a_forbidden_field_is_refused_by_its_name_and_its_value_goes_nowhere(drive, applicant, answers, name):
    answer = applicant.fill(answers | {name: "value-of-nobody"})
    assert answer.status_code == 422
    assert "value-of-nobody" not in answer.content.decode()
    assert Draft.objects.count() == 0


def test_no_purpose_is_ticked_beforehand(drive, applicant, answers):
    page = applicant.client.get(f"/join/youth/form/?unit={answers['unit']}").content.decode()
    ticks = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page)
    assert len(ticks) >= 6
    assert not [tick for tick in ticks if "checked" in tick]


def test_the_notice_stands_on_the_form_with_its_contact(drive, applicant, answers, notice):
    page = applicant.client.get(f"/join/youth/form/?unit={answers['unit']}").content.decode()
    assert notice.texts["en"]["title"] in page
    assert notice.contact["address"] in page


def test_a_notice_that_changed_meanwhile_is_read_again(drive, applicant, answers, notice, watch):
    from tests import cast

    from toli.consent.services import publish_notice

    applicant.fill(answers)
    publish_notice(
        actor=cast.SYSTEM, texts=notice.texts, items=notice.items, purposes=notice.purposes, contact=notice.contact,
        now=timezone.now(),
    )  # fmt: skip
    page = applicant.type_code()
    assert page.status_code == 409
    assert Application.objects.count() == 0
    assert Draft.objects.get().used_at is None


def test_a_closed_drive_takes_nothing(drive, applicant, answers):
    from tests import cast

    services.close_drive(actor=cast.SYSTEM, key="youth", now=timezone.now())
    assert applicant.client.get("/join/youth/").status_code == 200
    assert applicant.client.get(f"/join/youth/form/?unit={answers['unit']}").status_code == 409
    assert applicant.client.get("/join/nowhere/").status_code == 404
    assert Application.objects.count() == 0


@pytest.mark.parametrize("words", ["बोराणा", "borana", "Boranaa", "वोराणा 1", "BORANA 2"])
def test_a_place_is_found_in_any_spelling(drive, applicant, words):
    page = applicant.client.get("/join/youth/", {"q": words})
    found = "form/?unit=" in page.content.decode()
    assert page.status_code == 200
    assert found or words.startswith("व")


def test_a_place_is_found_by_pin_code_and_by_an_old_name(drive, applicant, tree):
    from tests import cast

    ward = org_services.create_unit(
        actor=cast.SYSTEM, level=tree.booth.level, names={"hi": "वार्ड 7", "en": "Ward 7"}, parent=tree.raipur,
        aliases=["पुराना रायपुर"], attrs={"pin_codes": ["311803"]},
    )  # fmt: skip
    for words in ("311803", "३११८०३", "purana raipur", "Ward 7", "वार्ड ७"):
        assert str(ward.ref) in applicant.client.get("/join/youth/", {"q": words}).content.decode(), words


@pytest.mark.parametrize("words", ["borana bhilwara", "बोराणा, सहाड़ा", "Sahada borana 2"])
def test_a_place_is_found_with_what_it_lies_in(drive, applicant, words):
    assert "form/?unit=" in applicant.client.get("/join/youth/", {"q": words}).content.decode()
    assert "form/?unit=" not in applicant.client.get("/join/youth/", {"q": "borana udaipur"}).content.decode()


@pytest.mark.parametrize("words", ["\x00", "'; drop table", "क" * 5000, "🙂", "%%%", "   "])
def test_a_strange_search_finds_nothing_and_breaks_nothing(drive, applicant, words):
    assert applicant.client.get("/join/youth/", {"q": words}).status_code == 200


def test_the_way_down_by_links_ends_at_a_booth_or_earlier(drive, applicant, tree, answers):
    page = applicant.client.get("/join/youth/").content.decode()
    for unit in (tree.bhilwara, tree.sahara, tree.raipur):
        assert f"?under={unit.ref}" in page
        page = applicant.client.get("/join/youth/", {"under": str(unit.ref)}).content.decode()
        assert f"form/?unit={unit.ref}" in page
    assert f"form/?unit={tree.booth.ref}" in page
    found = applicant.apply(answers | {"unit": str(tree.raipur.ref)})
    assert found.unit == tree.raipur


def test_a_panchayat_leads_to_the_unit_that_holds_its_booths(drive, applicant, answers, tree):
    found = applicant.apply(answers | {"unit": str(tree.panchayat.ref)})
    assert (found.unit, found.place) == (tree.raipur, tree.panchayat)


def test_a_place_outside_the_drive_does_not_exist(tree, notice, demo, applicant, answers):
    from tests import cast

    now = timezone.now()
    services.open_drive(
        actor=cast.SYSTEM,
        key="bhilwara",
        names={"hi": "भीलवाड़ा"},
        scope=tree.bhilwara,
        opens_at=now - timedelta(days=1),
    )
    assert applicant.client.get("/join/bhilwara/", {"under": str(tree.udaipur.ref)}).status_code == 404
    assert applicant.fill(answers | {"unit": str(tree.far_booth.ref)}, key="bhilwara").status_code == 422
    assert "form/?unit=" not in applicant.client.get("/join/bhilwara/", {"q": "kanod"}).content.decode()


def test_the_status_is_reached_with_number_and_code(drive, applicant, answers):
    found = applicant.apply(answers)
    stranger = Applicant()
    assert found.receipt[:3] not in stranger.client.get("/join/status/").content.decode()
    assert stranger.client.post("/join/status/", {"phone": NUMBER}).url == "/login/code/"
    stranger.type_code()
    assert found.receipt[6:] in stranger.client.get("/join/status/").content.decode()


def test_an_application_is_taken_back_with_one_tap_and_can_be_made_again(drive, applicant, answers, watch):
    found = applicant.apply(answers)
    seen = watch()
    assert applicant.client.post(f"/join/status/{found.ref}/withdraw/").url == "/join/status/"
    found.refresh_from_db()
    assert found.state == "withdrawn"
    assert seen.verbs() == ["recruitment.withdrawn"]
    applicant.client.post(f"/join/status/{found.ref}/withdraw/")
    assert seen.verbs() == ["recruitment.withdrawn"]
    assert Applicant().apply(answers).state == "submitted"


def test_nobody_takes_back_the_application_of_another(drive, applicant, answers, ravi, watch):
    found = applicant.apply(answers)
    client = ravi.client
    seen = watch()
    assert client.post(f"/join/status/{found.ref}/withdraw/").status_code == 404
    found.refresh_from_db()
    assert found.state == "submitted"
    assert seen.nothing_happened()


def test_on_a_shared_device_the_code_is_the_persons_and_nothing_stays(drive, bilal, answers):
    helper = Applicant()
    helper.client = bilal.client
    assert helper.client.get("/join/youth/kiosk/").url == "/join/youth/"
    assert "holder_id" not in helper.client.session
    found = helper.apply(answers)
    assert {event.channel for event in ConsentEvent.objects.filter(person=found.person)} == {"kiosk"}
    page = helper.client.get("/join/status/")
    assert page["Cache-Control"] == "no-store"
    assert "/login/finish/" in page.content.decode()
    assert "Clear-Site-Data" in helper.client.post("/login/finish/").headers
    assert helper.client.get("/join/status/").content.decode().count(found.receipt[6:]) == 0


def test_the_first_visit_is_light(drive, applicant, answers):
    """Every file of both pages, compressed: under 50 kB."""
    pages = [applicant.client.get(url).content for url in ("/join/youth/", f"/join/youth/form/?unit={answers['unit']}")]
    names = {n.split("#")[0] for page in pages for n in re.findall(r'(?:src|href)="/static/([^"]+)"', page.decode())}
    files = [finders.find(name) for name in names]
    assert all(files), names
    total = sum(len(gzip.compress(data)) for data in [*pages, *(Path(name).read_bytes() for name in files)])
    print(f"\njoin page, first visit: {total} bytes compressed")
    assert total < 50_000
    assert not re.search(rb"<script(?![^>]*src)|\son\w+=", b"".join(pages))
