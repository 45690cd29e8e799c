"""The desk of polls, seen and used by those whose charge it is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import cast

from toli.elections import queries
from toli.elections.models import Poll, PollVersion

FORM = {
    "day": "2031-04-17",
    "opens": "07:00",
    "closes": "16:00",
    "status": "scheduled",
    "notification": "notification 2/2031",
}


@pytest.fixture
def second(tree):
    return cast.cast_member("Sunita Verma", "+911000000021", tree.state, "state_team", "state_member")


def test_the_list_shows_the_polls_of_my_charge(asha, bilal, dev, meera, sahara, vallabhnagar):
    for member, seen, unseen in (
        (asha, "Sahara", ""),
        (bilal, "Sahara", "Vallabhnagar"),
        (dev, "Vallabhnagar", "Sahara"),
    ):
        text = member.client.get("/desk/elections/").content.decode()
        assert seen in text
        assert not unseen or unseen not in text
    assert "Silence begins in" in meera.client.get("/desk/elections/").content.decode()


def test_the_list_is_hindi_too(asha, sahara):
    text = asha.browser(second_factor=True, language="hi").get("/desk/elections/").content.decode()
    assert "में मौन अवधि शुरू होगी" in text


def test_strangers_and_volunteers_without_the_right_see_no_desk(client, ravi, sahara):
    assert ravi.client.get("/desk/elections/").status_code == 404
    assert client.get("/desk/elections/").status_code in (302, 404)


def test_a_poll_of_another_district_does_not_exist(dev, sahara, watch):
    seen = watch()
    assert dev.client.get(f"/desk/elections/polls/{sahara.ref}/").status_code == 404
    assert dev.client.post(f"/desk/elections/polls/{sahara.ref}/correct/", FORM).status_code == 404
    assert seen.nothing_happened()


def test_two_people_correct_a_row_by_the_pages(asha, second, sahara):
    assert asha.client.get(f"/desk/elections/polls/{sahara.ref}/").status_code == 200
    assert asha.client.post(f"/desk/elections/polls/{sahara.ref}/correct/", FORM).status_code == 302
    version = PollVersion.objects.get(state="proposed")
    assert asha.client.post(f"/desk/elections/corrections/{version.ref}/confirm/").status_code == 403
    assert "put it in force" in second.client.get(f"/desk/polls/change/{version.ref}/").content.decode()
    assert second.client.post(f"/desk/elections/corrections/{version.ref}/confirm/").status_code == 302
    assert queries.live_version(sahara).pk == version.pk


@pytest.mark.parametrize(
    "bad",
    [{"day": "soon"}, {"closes": "evening"}, {"closes": "06:00"}, {"notification": ""}, {"status": "x"}, {"day": ""},
     {"closes": "18:00"}],
)  # fmt: skip
def test_a_form_that_cannot_be_used_comes_back_with_a_sentence(asha, sahara, bad, watch):
    seen = watch()
    page = asha.client.post(f"/desk/elections/polls/{sahara.ref}/correct/", {**FORM, **bad})
    assert page.status_code == 422
    assert PollVersion.objects.count() == 1
    assert seen.nothing_happened()


def test_a_schedule_is_looked_at_first_and_brought_in_when_asked(asha, tree):
    def post(**more):
        file = SimpleUploadedFile(
            "s.csv", b"constituency,date,close\nSahara,2031-04-17,18:00\nNagarpur,2031-04-17,18:00\n"
        )
        return asha.client.post("/desk/elections/import/", {"file": file, "election": "E", **more})

    assert "Nothing was written" in post().content.decode()
    assert Poll.objects.count() == 0
    page = post(write="on").content.decode()
    assert "1 polls are in force" in page
    assert "there is no constituency Nagarpur" in page
    assert Poll.objects.get().constituency == tree.sahara


@pytest.mark.parametrize("raw", [b"\x00\x01", b"a,b\n1,2\n", b"=cmd|' /C calc'!A0,constituency\n1,2\n"])
def test_a_file_that_is_no_schedule_gets_a_sentence_and_no_fault(asha, raw, watch):
    seen = watch()
    page = asha.client.post("/desk/elections/import/", {"file": SimpleUploadedFile("s.csv", raw), "write": "on"})
    assert page.status_code in (200, 422)
    assert seen.nothing_happened()


def test_bringing_in_needs_the_right_and_the_second_proof(asha, bilal, tree, watch):
    seen = watch()
    file = SimpleUploadedFile("s.csv", b"constituency,date,close\nSahara,2031-04-17,18:00\n")
    assert bilal.client.get("/desk/elections/import/").status_code == 404
    page = asha.browser(second_factor=False).post("/desk/elections/import/", {"file": file, "write": "on"})
    assert page.status_code in (302, 403)
    assert Poll.objects.count() == 0
    assert seen.nothing_happened()


# The calendar, an election's dates, rules, clocks


def text_of(member, address, language="en"):
    return member.browser(second_factor=True, language=language).get(address).content.decode()


def test_the_calendar_shows_months_hours_what_is_not_confirmed_and_who_says_so(asha, sahara, vallabhnagar):
    said = text_of(asha, "/desk/elections/calendar/")
    for words in ("Apr 2031", "Sahara", "Vallabhnagar", "07:00 – 18:00", "no hour published", "notification 1/2031",
                  "1 row is not confirmed", "Code of conduct from", "No exit-poll window is notified"):  # fmt: skip
        assert words in said
    assert "चुनाव कैलेंडर" in text_of(asha, "/desk/elections/calendar/", "hi")
    assert "Sahara" not in text_of(asha, "/desk/elections/calendar/?past=1")


def test_the_calendar_says_which_rule_is_switched_off_and_by_whose_advice(asha, second, sahara):
    from django.utils import timezone

    from toli.elections import services
    from toli.elections.models import RuleSwitch

    now = timezone.now()
    switch = services.propose_switch(
        actor=asha.actor, rule="unhoured", off=True, reason="advice of counsel of 9 April", now=now
    )
    services.confirm_switch(actor=second.actor, ref=switch.ref, now=now)
    assert "Switched off in this deployment" not in text_of(asha, "/desk/elections/calendar/")
    assert "then off" in text_of(asha, "/desk/elections/rules/")
    RuleSwitch.objects.update(holds_from=now)
    assert "Switched off in this deployment" in text_of(asha, "/desk/elections/calendar/")
    assert "advice of counsel of 9 April" in text_of(asha, "/desk/elections/rules/")


def test_the_clock_of_a_constituency_is_words_made_on_the_server(asha, dev, tree, sahara):
    said = text_of(asha, f"/desk/elections/clock/{tree.sahara.ref}/")
    assert "Silence begins in" in said
    assert "The poll opens in" in said
    assert "every 30s" in said
    assert "में मौन अवधि शुरू होगी" in text_of(asha, f"/desk/elections/clock/{tree.sahara.ref}/", "hi")
    assert text_of(asha, f"/desk/elections/clock/{tree.bhilwara.ref}/").strip() == ""
    assert dev.client.get(f"/desk/elections/clock/{tree.sahara.ref}/").status_code == 404
    assert "Silence begins in" in text_of(asha, f"/desk/elections/clock/?constituency={tree.sahara.ref}")
    for odd in ("", "x", "00000000-0000-0000-0000-000000000000"):
        assert text_of(asha, f"/desk/elections/clock/?constituency={odd}") == ""


def test_the_board_and_the_content_form_show_the_clock(asha, tree, sahara):
    assert "Silence begins in" in text_of(asha, f"/desk/board/{tree.sahara.ref}/")
    assert "Silence begins in" not in text_of(asha, f"/desk/board/{tree.bhilwara.ref}/")
    assert "/desk/elections/clock/" in text_of(asha, "/desk/content/new/")


@pytest.mark.parametrize("bad", [{"day": ""}, {"day": "2031-04-17"}, {"closes": "06:00"}, {"notification": ""}])
def test_a_second_poll_that_cannot_be_comes_back_with_a_sentence(asha, sahara, bad, watch):
    seen = watch()
    form = {"day": "2031-04-20", "opens": "07:00", "closes": "18:00", "notification": "notification 5/2031"}
    assert asha.client.post(f"/desk/elections/polls/{sahara.ref}/again/", {**form, **bad}).status_code == 422
    assert Poll.objects.count() == 1
    assert seen.nothing_happened()


def test_dates_that_cannot_be_come_back_with_a_sentence(asha, election, sahara, watch):
    seen = watch()
    address = f"/desk/elections/of/{election.ref}/dates/"
    for form in ({"announced": "soon"}, {"counting_on": "2031-04-01", "notification": "notification 5"}, {}):
        assert asha.client.post(address, form).status_code == 422
    assert seen.nothing_happened()
