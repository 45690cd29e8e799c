"""Journey one: join on a phone in Hindi, be offered a seat and accept, do a task, see an approved slogan; the board knows."""

import re

import pytest

pytestmark = pytest.mark.browser


def join(phone, number: str, name: str, place: str = "सहाड़ा") -> str:
    """Fill the public form, prove the number with the code from the SMS server's inbox; the receipt."""
    page = phone.open("/join/rajasthan/")
    page.fill("#q", place)
    page.get_by_role("button", name="खोजें").click()
    phone.looks_right()
    page.locator("ul.list a").first.click()
    page.get_by_label("आपका नाम").fill(name)
    page.get_by_label("आपका मोबाइल नंबर").fill(number)
    page.get_by_label("जन्म का साल").fill("1999")
    for tick in page.locator("input[name^=purpose_]").all():
        assert not tick.is_checked(), "no purpose is ticked beforehand"
        tick.check()
    page.locator("[name=declared]").check()
    phone.looks_right()
    before = len(phone.running.inbox(number))
    page.locator("form.form button.button").last.click()
    page.locator("[name=code]").fill(phone.running.code_for(number, seen=before))
    phone.looks_right()
    page.locator("form.form button").first.click()
    page.wait_for_load_state()
    receipt = phone.running.wait(lambda: re.search(r"\b(\d[\d ]{8,14}\d)\b", phone.text()), "no receipt is shown")
    phone.shot("joined")
    return re.sub(r"\D", "", receipt[1])


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
    page.get_by_role("button", name="Offer this seat").first.click()
    page.wait_for_load_state()
    assert "has an offer" in desk.text()
    desk.looks_right()


def accept(phone) -> None:
    page = phone.open("/me/")
    phone.looks_right()
    phone.shot("offer")
    page.get_by_role("button", name="हाँ, करूँगा").or_(page.get_by_role("button", name=re.compile("^हाँ"))).first.click()
    page.wait_for_load_state()


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


def write_slogan(desk, slogan: str, matter: str = "appeal") -> None:
    desk.enter("asha")
    page = desk.open("/desk/content/new/")
    page.locator("[name=text_hi]").fill(slogan)
    page.locator("[name=text_en]").fill(f"The village speaks {slogan[-5:]}")
    page.locator("[name=source_hi]").fill("प्रकाशक: राज्य टीम, जयपुर")
    page.locator("[name=source_en]").fill("Published by the state team, Jaipur")
    page.locator("[name=kind]").select_option("slogan")
    choice = page.locator("select[name=matter]")
    choice.select_option(matter) if choice.count() else page.locator(f"[name=matter][value={matter}]").check()
    desk.looks_right()
    page.locator("form.form button.button").last.click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Send for approval").click()
    page.wait_for_load_state()
    assert page.get_by_role("button", name="Approve").count() == 0, "nobody approves their own"
    desk.looks_right()


def approve(desk, who: str, slogan: str) -> None:
    desk.enter(who)
    page = desk.open("/desk/content/")
    page.get_by_role("link", name=re.compile(slogan[-5:])).first.click()
    page.locator("form[action$='/approve/'] button").click()
    page.wait_for_load_state()
    desk.looks_right()


def release(asha, farida) -> None:
    """Audience and time are planned by one person and approved by another."""
    asha.page.reload()
    asha.page.get_by_role("link", name="Publish").click()
    asha.page.locator("[name=quota]").fill("24")
    asha.page.locator("form.form button.button").last.click()
    asha.page.wait_for_load_state()
    assert asha.page.locator("form[action$='/approve/']").count() == 0, "nobody approves their own plan"
    farida.open(asha.page.url)
    farida.page.locator("form[action$='/approve/'] button").click()
    farida.page.wait_for_load_state()
    farida.looks_right()


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
