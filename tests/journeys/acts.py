"""Acts that several journeys share, each as a person does it on the screen."""

import re


def join(phone, number: str, name: str, place: str = "सहाड़ा", at: str = "/join/rajasthan/") -> str:
    """Fill the public form, prove the number with the code from the SMS server's inbox; the receipt."""
    page = phone.open(at)
    page.fill("#q", place)
    page.get_by_role("button", name="खोजें").click()
    phone.looks_right()
    page.locator("ul.list a").first.click()
    page.wait_for_load_state()
    if "/wishes/" in page.url:
        phone.looks_right()
        page.locator("ul.list a").first.click()
        page.locator("ol.wishes").wait_for()
        page.locator("a.button.wide").first.click()
    page.get_by_label("आपका नाम").fill(name)
    page.get_by_label("आपका मोबाइल नंबर").fill(number)
    page.get_by_label("जन्म का साल").fill("1999")
    for tick in page.locator("input[name^=purpose_]").all():
        assert not tick.is_checked(), "no purpose is ticked beforehand"
        tick.check()
    for choice in page.locator("select[required]").all():
        choice.select_option(index=1)
    for choice in page.locator("input[type=radio][required]").all()[:1]:
        choice.check()
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


def accept(phone) -> None:
    page = phone.open("/me/")
    phone.looks_right()
    phone.shot("offer")
    page.get_by_role("button", name="हाँ, करूँगा").or_(page.get_by_role("button", name=re.compile("^हाँ"))).first.click()
    page.wait_for_load_state()


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
    for point in page.locator("[name=point]").all():  # by-elections are on: the code of conduct is read point by point
        point.check()
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
