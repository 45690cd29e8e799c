"""Every page of tasks answers to whom it should and to nobody else, in both languages, with htmx and without."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.tasks.conftest import Unchanged, picture, share_of

from toli.kit.ids import uuid7
from toli.tasks.models import Assignment, BulkAct, Task, TaskTemplate

GIVE = "/desk/tasks/give/"


def page(member, url, language="en", **data):
    return member.browser(second_factor=True, language=language).get(url, data)


def post(member, url, htmx=False, **data):
    headers = {"HX-Request": "true"} if htmx else {}
    return member.browser(second_factor=True).post(url, data, headers=headers)


def desk_urls(task, share) -> list[str]:
    return [
        "/desk/tasks/", GIVE, "/desk/tasks/exceptions/", f"/desk/tasks/{task.ref}/",
        f"/desk/tasks/{task.ref}/?at={share.parent.ref}", f"/desk/tasks/shares/{share.ref}/",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_desk_pages_open_for_a_coordinator(bilal, handed_in, task, language):
    for url in desk_urls(task, handed_in):
        answer = page(bilal, url, language)
        assert answer.status_code == 200, url
        assert (task.title[language] in answer.text) or url == GIVE


def test_another_district_gets_the_answer_of_what_does_not_exist(dev, bilal, handed_in, task, watch):
    """Dev has a share of the task, so its page is his too; the share and its block are not."""
    nothing = f"/desk/tasks/shares/{uuid7()}/"
    stood, seen = Unchanged(handed_in), watch()
    for url in (f"/desk/tasks/shares/{handed_in.ref}/", f"/desk/tasks/{task.ref}/?at={handed_in.parent.ref}"):
        assert page(bilal, url).status_code == 200
        assert page(dev, url).status_code == page(dev, nothing).status_code == 404
    for act in ("verify", "return", "remind", "withdraw", "hand-in"):
        for htmx in (True, False):
            assert post(dev, f"/desk/tasks/shares/{handed_in.ref}/{act}/", htmx, reason="x").status_code == 404
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_who_may_only_look_sees_pages_without_acts_and_cannot_act(meera, handed_in, task, watch):
    stood, seen = Unchanged(handed_in), watch()
    text = page(meera, f"/desk/tasks/shares/{handed_in.ref}/").text
    assert "/verify/" not in text
    assert "/withdraw/" not in text
    assert page(meera, GIVE).status_code == 404
    for act in ("verify", "return", "remind", "withdraw"):
        assert post(meera, f"/desk/tasks/shares/{handed_in.ref}/{act}/", reason="x").status_code == 403
    assert post(meera, f"/desk/tasks/{task.ref}/withdraw/", reason="x").status_code == 403
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_nobody_gets_in_without_a_login(client, handed_in, task, watch):
    seen = watch()
    for url in [*desk_urls(task, handed_in), "/me/tasks/", f"/me/tasks/{handed_in.ref}/"]:
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].startswith("/login/")) == (302, True), url
    for act in ("verify", "return", "remind"):
        assert client.post(f"/desk/tasks/shares/{handed_in.ref}/{act}/").status_code == 302
    assert seen.nothing_happened()


def test_htmx_gets_the_changed_line_and_others_the_page(bilal, handed_in):
    url = f"/desk/tasks/shares/{handed_in.ref}/return/"
    line = post(bilal, url, htmx=True, reason="धुंधली", list="exceptions")
    assert (line.status_code, line.text.strip()[:3], "Returned" in line.text) == (200, "<tr", True)
    assert "<html" not in line.text
    back = post(bilal, f"/desk/tasks/shares/{handed_in.ref}/remind/")
    assert (back.status_code, back["Location"]) == (302, f"/desk/tasks/shares/{handed_in.ref}/")


def test_a_refusal_to_htmx_is_a_fragment_with_its_sentence(bilal, given, watch):
    seen = watch()
    answer = post(bilal, f"/desk/tasks/shares/{given.ref}/verify/", htmx=True)
    assert answer.status_code == 409
    assert "not waiting to be verified" in answer.text
    assert "<html" not in answer.text
    assert seen.nothing_happened()


def form_of(tree, **more) -> dict[str, object]:
    return {
        "ref": str(uuid7()), "title_hi": "घर-घर जाएँ", "level": str(tree.booth.level_id), "kind": "internal",
        "proofs": ["number"], "target": "६०", "due_at": "2099-01-01T20:00", **more,
    }  # fmt: skip


def test_the_split_is_shown_before_anything_is_given(asha, booths, tree, watch, settings):
    seen = watch()
    answer = post(asha, GIVE, **form_of(tree, due_at="2026-12-01T20:00"), preview="1")
    assert answer.status_code == 200
    assert "Give it to 4 teams" in answer.text
    assert not Task.objects.exists()
    assert seen.nothing_happened()


def test_giving_twice_by_the_same_page_gives_once_and_keeps_a_template(asha, booths, tree, now):
    from datetime import timedelta

    data = form_of(tree, due_at=(now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"), keep="on")
    first, second = (post(asha, GIVE, **data, give="1") for _press in range(2))
    assert first.status_code == second.status_code == 302
    assert Task.objects.count() == 1
    template = TaskTemplate.objects.get()
    assert template.per_share == 15
    again = page(asha, GIVE, template=template.ref)
    assert "घर-घर जाएँ" in again.text
    assert post(asha, f"{GIVE}?template={template.ref}", retire="1").status_code == 302
    assert "घर-घर जाएँ" not in page(asha, GIVE).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title_hi": ""}, "title_hi_error"),
        ({"target": "बहुत"}, "target_error"),
        ({"target": "0"}, "target_error"),
        ({"due_at": "2001-01-01T10:00"}, "due_at_error"),
        ({"due_at": "कल"}, "due_at_error"),
        ({"level": "999999"}, "level_error"),
        ({"kind": "advert"}, "kind_error"),
        ({"ref": "not-a-ref"}, "note-error"),
        ({"title_hi": "फ़ोन 10000 00123"}, "note-error"),
    ],
)
def test_bad_input_keeps_what_was_written_and_gives_nothing(asha, booths, tree, wrong, says, watch, now):
    from datetime import timedelta

    seen = watch()
    due = (now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    answer = post(asha, GIVE, **form_of(tree, **{"due_at": due, "measure_hi": "ख़ास घर", **wrong}), give="1")
    assert answer.status_code == 422
    assert says in answer.text
    assert "ख़ास घर" in answer.text
    assert not Task.objects.exists()
    assert seen.nothing_happened()


def test_a_unit_that_is_not_mine_is_no_place_to_give(bilal, booths, tree, watch):
    seen = watch()
    assert page(bilal, GIVE, unit=tree.udaipur.ref).status_code == 404
    assert post(bilal, f"{GIVE}?unit={tree.udaipur.ref}", **form_of(tree), give="1").status_code == 404
    assert seen.nothing_happened()


def test_many_lines_are_verified_and_undone_from_the_page(bilal, handed_in, given):
    data = {"ref": str(uuid7()), "refs": [str(handed_in.ref)], "act": "verify"}
    answer = post(bilal, "/desk/tasks/exceptions/bulk/", **data)
    assert answer["Location"] == "/desk/tasks/exceptions/"
    assert Assignment.objects.get(pk=handed_in.pk).state == "verified"
    act = BulkAct.objects.get()
    assert f"/undo/{act.ref}/" in page(bilal, "/desk/tasks/exceptions/").text
    post(bilal, f"/desk/tasks/exceptions/undo/{act.ref}/")
    assert Assignment.objects.get(pk=handed_in.pk).state == "handed_in"
    assert "Undone for 1 line." in page(bilal, "/desk/tasks/exceptions/").text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"act": "verify"},
        {"act": "explode", "refs": ["{ref}"]},
        {"act": "verify", "refs": ["nonsense"]},
        {"act": "return", "refs": ["{ref}"], "reason": ""},
        {"act": "verify", "refs": ["{ref}"], "ref": "nonsense"},
    ],
)
def test_a_broken_bulk_form_changes_nothing_and_says_so(bilal, handed_in, data, watch):
    sent = {"ref": str(uuid7()), **data}
    if "refs" in sent:
        sent["refs"] = [ref.format(ref=handed_in.ref) for ref in sent["refs"]]
    stood, seen = Unchanged(handed_in), watch()
    answer = bilal.client.post("/desk/tasks/exceptions/bulk/", sent, follow=True)
    assert "note-error" in answer.text
    assert stood.unchanged()
    assert seen.nothing_happened()


def test_a_volunteer_does_everything_without_javascript(salma, given):
    assert "Visit homes" in page(salma, "/me/tasks/").text
    post(salma, f"/me/tasks/{given.ref}/accept/")
    text = page(salma, f"/me/tasks/{given.ref}/").text
    ref = text.split('name="ref" value="')[1][:36]
    for _press in range(2):
        answer = post(salma, f"/me/tasks/{given.ref}/hand-in/", ref=ref, number="१८")
        assert answer.status_code == 302
    share = Assignment.objects.select_related("hand_in").get(pk=given.pk)
    assert (share.state, share.hand_in.number, share.hand_ins.count()) == ("handed_in", 18, 1)


def test_a_file_that_is_no_photo_is_named_on_the_form(asha, salma, booths, tree, watch):
    from django.utils import timezone
    from tests.tasks.conftest import give

    from toli.tasks import services

    share = share_of(give(asha.actor, tree.booth, proofs=["photo"], target=1), tree.booth)
    services.accept_assignment(actor=salma.actor, ref=share.ref, now=timezone.now())
    stood, seen = Unchanged(share), watch()
    for body in (b"<svg/>", b"", picture()[:300]):
        file = SimpleUploadedFile("photo.jpg", body, content_type="image/jpeg")
        answer = post(salma, f"/me/tasks/{share.ref}/hand-in/", ref=str(uuid7()), photo=file)
        assert answer.status_code == 422
        assert "photo_error" in answer.text
    assert stood.unchanged()
    assert seen.nothing_happened()
    good = SimpleUploadedFile("photo.svg", io.BytesIO(picture()).read(), content_type="text/html")
    assert post(salma, f"/me/tasks/{share.ref}/hand-in/", ref=str(uuid7()), photo=good).status_code == 302


def test_a_task_of_another_team_is_no_page_of_mine(salma, task, tree, watch):
    there = share_of(task, tree.far_booth)
    seen = watch()
    assert page(salma, f"/me/tasks/{there.ref}/").status_code == 404
    assert post(salma, f"/me/tasks/{there.ref}/accept/").status_code == 404
    assert post(salma, f"/me/tasks/{there.ref}/hand-in/", ref=str(uuid7()), number="3").status_code == 404
    assert seen.nothing_happened()


def test_on_behalf_from_the_page_names_the_person(chitra, salma, given):
    url = f"/desk/tasks/shares/{given.ref}/"
    assert "Salma" in page(chitra, url).text
    answer = post(chitra, f"{url}hand-in/", ref=str(uuid7()), person=str(salma.person.ref), number="7")
    assert answer.status_code == 302
    share = Assignment.objects.select_related("hand_in").get(pk=given.pk)
    assert (share.hand_in.person_id, share.hand_in.typed_by_id) == (salma.person.pk, chitra.person.pk)
    assert "somebody else must verify it" in page(chitra, url).text


def test_the_list_is_found_by_words_state_and_kind(asha, task):
    url = "/desk/tasks/"
    assert "Visit homes" in page(asha, url, q="HOMES").text
    assert "Visit homes" in page(asha, url, q="घर").text
    for nothing in ({"q": "रैली"}, {"state": "done"}, {"kind": "appeal"}):
        assert "Visit homes" not in page(asha, url, **nothing).text
    assert page(asha, url, state="nonsense", page="9999").status_code == 200
