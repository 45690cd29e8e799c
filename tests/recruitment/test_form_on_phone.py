"""The join form on a weak network: what a phone keeps of it, what it never keeps, and a form that changed meanwhile."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.conftest import NUMBER
from tests.tasks.test_browser import chromium, looks_right  # noqa: F401 - the fixture

from toli.accounts.models import Draft, LoginCode
from toli.consent.services import publish_notice
from toli.kit import secrets
from toli.recruitment import questions, services
from toli.recruitment.models import Application

QUESTION = [
    {"key": "why", "kind": "text", "names": {"hi": "क्यों?", "en": "Why?"}, "required": True},
    {"key": "cv", "kind": "file", "names": {"hi": "कागज़", "en": "Paper"}, "required": False},
]


def form_page(client, answers):
    return client.get("/join/youth/form/", {"unit": answers["unit"]})


def test_the_copy_is_of_the_empty_form_and_nobody_signed_in_and_no_shared_phone_has_one(
    drive, applicant, answers, ravi, bilal
):
    page = form_page(applicant.client, answers)
    assert page["Toli-Keep-Form"] == "1"
    assert "Toli-Keep-Form" not in form_page(ravi.client, answers)
    assert "data-draft=" not in form_page(ravi.client, answers).content.decode()
    assert "Toli-Keep-Form" not in applicant.fill(answers | {"name": ""})
    bilal.client.get("/join/youth/kiosk/")
    shared = form_page(bilal.client, answers)
    assert "Toli-Keep-Form" not in shared
    assert "data-kiosk" in shared.content.decode()
    script = applicant.client.get("/join/worker.js")
    assert script["Content-Type"].startswith("text/javascript")


def test_what_is_sensitive_and_every_yes_is_never_kept_on_a_phone(drive, applicant, answers):
    services.save_questions(actor=cast.SYSTEM, key="youth", asked=questions.read(QUESTION), now=timezone.now())
    page = form_page(applicant.client, answers).content.decode()
    kept = re.search(r'data-draft="([^"]*)"', page)[1].split()
    assert kept == ["name", "place_text", "skills", "q_why"]


def test_a_form_that_changed_meanwhile_says_so_once_and_loses_nothing(drive, applicant, answers):
    services.save_questions(actor=cast.SYSTEM, key="youth", asked=questions.read(QUESTION), now=timezone.now())
    old = applicant.fill(answers | {"seen": "0"})
    page = old.content.decode()
    assert old.status_code == 422
    assert "changed since you opened it" in page
    assert answers["name"] in page
    assert 'name="seen" value="1"' in page
    assert Draft.objects.count() == 0
    assert applicant.fill(answers | {"seen": "1", "q_why": "because"}).status_code == 302


def test_a_notice_that_changed_meanwhile_is_agreed_to_anew(drive, applicant, answers, notice):
    newer = publish_notice(
        actor=cast.SYSTEM, texts=notice.texts, items=notice.items, purposes=notice.purposes, contact=notice.contact,
        now=timezone.now(),
    )  # fmt: skip
    page = applicant.fill(answers).content.decode()
    assert "changed since you opened it" in page
    assert answers["name"] in page
    assert str(newer.ref) in page
    assert "checked" not in "".join(re.findall(r'<input[^>]*name="(?:purpose_\w+|declared)"[^>]*>', page))
    assert Draft.objects.count() == 0
    assert applicant.fill(answers | {"notice": str(newer.ref)}).status_code == 302


# In a browser


def browser(chromium, live_server, *, storage: bool = True):  # noqa: F811
    context = chromium.new_context(viewport={"width": 360, "height": 800}, base_url=live_server.url)
    context.add_cookies([{"name": "language", "value": "hi", "url": live_server.url}])
    if not storage:
        context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }})")
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page


def open_form(page, answers) -> None:
    page.goto(f"/join/youth/form/?unit={answers['unit']}")


def copy_kept(page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.open('toli-form-page').then(c => c.keys()).then(k => k.length > 0)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def give_the_rest(page) -> None:
    page.fill("[name=phone]", NUMBER)
    page.fill("[name=birth_year]", "1998")
    for name in ("purpose_organise", "declared"):
        page.check(f"[name={name}]")


def send(page) -> None:
    page.locator("form[data-draft] .form-acts button").click()


def text_on_phone(page):
    return page.evaluate("localStorage.getItem('toli-form')")


def type_code(page) -> None:
    code = LoginCode.objects.latest("id")
    page.fill("[name=code]", secrets.decrypt(code.code_cipher, code.key_version, context="code"))
    page.locator("main button").first.click()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_was_sent_without_a_network_goes_by_itself_when_it_is_back_and_is_one_application(
    chromium,  # noqa: F811
    live_server,
    drive,
    answers,
):
    page = browser(chromium, live_server)
    open_form(page, answers)
    copy_kept(page)
    page.fill("[name=name]", "नीलम शर्मा")
    page.locator("details:has([name=place_text]) summary").click()
    page.fill("[name=place_text]", "वार्ड 3")
    page.context.set_offline(True)
    give_the_rest(page)
    send(page)
    assert "अभी नहीं भेजा गया" in page.locator("[data-says=waiting]").inner_text()
    looks_right(page, "form-not-sent")
    kept = text_on_phone(page)
    assert "नीलम" in kept
    assert not re.search(f"{NUMBER}|1998|purpose|declared|gender", kept)
    assert Draft.objects.count() == 0
    page.context.set_offline(False)
    page.wait_for_url("**/login/code/")
    assert text_on_phone(page) is None
    type_code(page)
    page.wait_for_url("**/join/status/")
    assert (Application.objects.count(), Draft.objects.count()) == (1, 1)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_network_dies_the_tab_is_closed_and_the_text_is_there_again(
    chromium,  # noqa: F811
    live_server,
    drive,
    answers,
):
    page = browser(chromium, live_server)
    open_form(page, answers)
    copy_kept(page)
    page.fill("[name=name]", "नीलम शर्मा")
    context = page.context
    context.set_offline(True)
    page.close()
    page = context.new_page()
    page.errors = []
    open_form(page, answers)
    assert page.input_value("[name=name]") == "नीलम शर्मा"
    assert page.input_value("[name=phone]") == ""
    give_the_rest(page)
    send(page)
    page.locator("[data-says=unsent]").wait_for()  # the page without a network: nothing went out, the text is kept
    assert Draft.objects.count() == 0
    context.set_offline(False)
    assert page.input_value("[name=name]") == "नीलम शर्मा"
    give_the_rest(page)
    send(page)
    page.wait_for_url("**/login/code/")
    assert Draft.objects.count() == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_erase_takes_all_of_it_and_a_browser_that_keeps_nothing_sends_all_the_same(
    chromium,  # noqa: F811
    live_server,
    drive,
    answers,
):
    page = browser(chromium, live_server)
    open_form(page, answers)
    page.fill("[name=name]", "नीलम शर्मा")
    assert "इसी फ़ोन" in page.locator("[data-says=kept]").inner_text()
    looks_right(page, "form-kept")
    page.locator("[data-draft-erase]").click()
    assert text_on_phone(page) is None
    assert page.input_value("[name=name]") == ""
    open_form(page, answers)
    assert page.input_value("[name=name]") == ""
    page = browser(chromium, live_server, storage=False)
    open_form(page, answers)
    page.fill("[name=name]", "नीलम शर्मा")
    assert page.locator("[data-says=refused]").is_visible()
    give_the_rest(page)
    send(page)
    page.wait_for_url("**/login/code/")
    assert page.errors == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_shared_phone_keeps_nothing_of_one_for_the_next(chromium, live_server, drive, answers):  # noqa: F811
    page = browser(chromium, live_server)
    open_form(page, answers)
    copy_kept(page)
    page.fill("[name=name]", "नीलम शर्मा")
    page.goto("/join/youth/kiosk/")
    open_form(page, answers)
    assert page.input_value("[name=name]") == ""
    page.fill("[name=name]", "सीता")
    assert text_on_phone(page) is None
    open_form(page, answers)
    assert page.input_value("[name=name]") == ""
