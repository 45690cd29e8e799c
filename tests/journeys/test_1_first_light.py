"""Journey one: join on a phone, be offered a seat and accept, do a task, see an approved slogan; the board knows.

It runs first: the second journey closes a poll and with it Sahara's desk.
"""

import re

import pytest

from tests.journeys.acts import accept, approve, join, release, write_slogan

pytestmark = pytest.mark.browser


def test_from_joining_to_the_board(phone, people, fresh_number):
    name = f"सुनीता {fresh_number[-5:]}"
    assert len(join(phone, fresh_number, name)) == 10
    bilal = people(width=1400, language="en")
    offer_in_three_taps(bilal, name)
    accept(phone)
    title = f"कुएँ गिनें {fresh_number[-5:]}"
    give_a_task(bilal, title)
    do_it(phone, title)
    verify(people(width=1400, language="en"), title)
    slogan = f"गाँव की बात {fresh_number[-5:]}"
    asha, farida = people(width=1400, language="en"), people(width=1400, language="hi")
    jagdish = people(width=1400, language="en")
    write_slogan(asha, slogan)
    approve(farida, "farida", slogan)
    approve(jagdish, "jagdish", slogan)
    release(asha, farida)
    sees_and_shares(phone, slogan)
    board_knows(bilal, title)


def offer_in_three_taps(desk, name: str) -> None:
    desk.enter("bilal")
    page = desk.open("/desk/applicants/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Show").click()
    desk.looks_right()
    page.get_by_role("link", name="Offer a seat").or_(page.get_by_role("link", name=name)).first.click()
    offer = page.locator("form[action$='/offer/']").first
    if offer.locator("[name=reason]").count():  # a seat that a drive promised to its own placement
        offer.locator("[name=reason]").fill("nobody of the drive wished it")
    offer.get_by_role("button", name="Offer this seat").click()
    page.wait_for_load_state()
    assert "has an offer" in desk.text()
    desk.looks_right()


def option(select, words: str) -> str:
    """The value of the first choice whose label holds these words."""
    found = select.locator("option").filter(has_text=words).first
    return found.get_attribute("value")


def give_a_task(desk, title: str) -> None:
    page = desk.open("/desk/tasks/give/")
    where = page.locator("[name=unit]")
    where.select_option(option(where, "Sahara"))
    page.get_by_role("button", name="Show", exact=True).first.click()
    page.wait_for_load_state()
    page.locator("[name=title_hi]").fill(title)
    page.locator("[name=title_en]").fill(title)
    page.locator("[name=measure_hi]").fill("कुएँ")
    page.locator("[name=measure_en]").fill("wells")
    level = page.locator("[name=level]")
    level.select_option(option(level, "Booth"))
    page.locator("[name=proofs][value=number]").check()
    page.locator("[name=target]").fill("600")
    page.get_by_role("button", name="Show the split").click()
    page.wait_for_load_state()
    desk.looks_right()
    desk.shot("task-split")
    page.get_by_role("button", name=re.compile(r"Give it to \d+ teams?")).click()
    page.wait_for_load_state()
    assert title in desk.text()
    desk.looks_right()


def do_it(phone, title: str) -> None:
    page = phone.open("/me/tasks/")
    phone.looks_right()
    page.get_by_role("link", name=title).click()
    page.locator("form[action$='/accept/'] button").click()
    page.wait_for_load_state()
    phone.looks_right()
    page.locator("[name=number]").fill("७")
    phone.shot("hand-in")
    page.locator("form[action$='/hand-in/'] button").click()
    page.wait_for_load_state()
    assert title in phone.text()
    phone.open("/me/tasks/")
    assert title in phone.text()


def verify(desk, title: str) -> None:
    """The lead of the constituency checks what was handed in; nobody verifies their own."""
    desk.enter("gopal")
    page = desk.open("/desk/tasks/exceptions/")
    page.get_by_role("link", name="To verify").click()
    page.wait_for_load_state()
    row = page.locator("tr, article").filter(has_text=title).first
    row.get_by_role("button", name="Verify").click()
    desk.running.wait(lambda: "Verified" in desk.text() or title not in desk.text(), "the work is not verified")
    desk.looks_right()


def sees_and_shares(phone, slogan: str) -> None:
    page = phone.open("/me/")
    phone.running.wait(lambda: slogan in phone.text(), "the slogan does not reach the phone", seconds=60)
    link = page.locator("[data-pulse-whatsapp]").get_attribute("href")
    assert link.startswith("https://wa.me/?text=")
    phone.shot("pulse")
    phone.looks_right()


def board_knows(desk, title: str) -> None:
    desk.open("/desk/board/")
    desk.looks_right()
    desk.shot("board")
