"""Journey two: the 21 of a by-election, their shifts, silence seat by seat; the poll closes and access is gone."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.acts import accept, approve, join, release, write_slogan

pytestmark = pytest.mark.browser
IST = ZoneInfo("Asia/Kolkata")


def test_a_by_election_from_the_first_seat_to_the_last_hour(people, running, fresh_number, tmp_path):
    asha, farida, bilal = (people(width=1400, language="en") for _n in range(3))
    asha.enter("asha")
    four_seats(asha)
    applicant = people(width=360, language="hi")
    name = f"सरिता {fresh_number[-5:]}"
    join(applicant, fresh_number, name)
    offer_a_place_in_the_21(bilal, name)
    accept(applicant)
    holder = people(width=360, language="hi")
    claim_a_named_seat(holder, running, f"+91108{fresh_number[-7:]}", tmp_path)
    roster(asha, people(width=1400, language="en"))
    appeal, inner = f"वोट {fresh_number[-5:]}", f"बैठक {fresh_number[-5:]}"
    publish(asha, farida, appeal, "appeal", people)
    publish(asha, farida, inner, "internal", people)
    near, far = applicant, people(width=360, language="hi")
    far.enter("chitra")
    sees(near, appeal)
    move_poll(asha, farida, closes=datetime.now(IST) + timedelta(hours=47))
    silent(near, appeal, inner)
    assert "silence" in by_election_row(asha, "Sahara").lower()
    assert "silence in" in by_election_row(asha, "Rajsamand").lower(), "the other seats are not silent yet"
    gopal = people(width=1400, language="en")
    gopal.enter("gopal")
    assert gopal.open("/desk/board/").locator("h1").inner_text().startswith("Sahara")
    move_poll(asha, farida, closes=datetime.now(IST) - timedelta(minutes=1))
    access_is_gone(gopal, near)


def four_seats(desk) -> None:
    desk.open("/desk/polls/")
    desk.looks_right()
    rows = desk.page.locator("table tbody tr")
    assert rows.count() == 4
    for row in rows.all():
        assert "/ 21" in row.inner_text().replace("\n", " ")


def by_election_row(desk, seat: str) -> str:
    desk.open("/desk/polls/")
    return desk.page.locator("table tbody tr").filter(has_text=seat).inner_text()


def offer_a_place_in_the_21(desk, name: str) -> None:
    """From the list of gaps: the unit's vacant seat, then the person."""
    desk.enter("bilal")
    page = desk.open("/desk/seats/?q=Sahara")
    row = page.locator("tbody tr").filter(has_text="Constituency").first
    row.get_by_role("link", name="Offer").click()
    page.get_by_label("Name, in any spelling").fill(name)
    page.get_by_role("button", name="Show").click()
    page.wait_for_load_state()
    page.locator("tbody tr").filter(has_text=name).get_by_role("button", name="Offer").click()
    page.wait_for_load_state()
    assert "offer is on its way" in desk.text()
    desk.looks_right()


def claim_a_named_seat(phone, running, number: str, folder) -> None:
    """A sheet names somebody; they join with that number, are asked, and say yes."""
    sheet = folder / "holders.csv"
    sheet.write_text(f"name,phone,post,unit code\nMohan,{number},Constituency team member,eci:S20/179\n")
    assert "1" in running.toli("import", "holders", str(sheet))
    join(phone, number, f"मोहन {number[-5:]}")
    page = phone.open("/me/")
    phone.looks_right()
    page.locator("form[action$='/claim/'] button").click()
    page.wait_for_load_state()
    phone.open("/me/seat/")
    assert "सहाड़ा" in phone.text()


def roster(asha, gopal) -> None:
    """The lead takes a shift and leaves a note; the state sees both."""
    gopal.enter("gopal")
    page = gopal.open("/desk/shifts/")
    gopal.looks_right()
    page.get_by_text("I take a shift").click()
    page.locator("form[action$='/take/'] button").last.click()
    page.wait_for_load_state()
    page.get_by_text("Write a hand-over note").click()
    page.locator("form[action$='/hand-over/'] textarea").fill("बूथ 7 की सूची पूरी, बूथ 9 बाकी।")
    page.locator("form[action$='/hand-over/'] button").last.click()
    page.wait_for_load_state()
    gopal.looks_right()
    asha.running.wait(lambda: "बूथ 7 की सूची" in by_election_row(asha, "Sahara"), "the note is not seen")


def publish(asha, farida, text: str, matter: str, people) -> None:
    """Written by one, approved by two, its audience planned by one and approved by another."""
    write_slogan(asha, text, matter=matter)
    approve(farida, "farida", text)
    approve(people(width=1400, language="en"), "jagdish", text)
    release(asha, farida)


def sees(phone, text: str) -> None:
    phone.open("/me/pulse/")
    phone.running.wait(lambda: phone.open("/me/pulse/") and text in phone.text(), f"{text} does not come", seconds=60)


def silent(phone, appeal: str, inner: str) -> None:
    """The stream stops the appeal and passes what is internal."""
    gone = lambda: phone.open("/me/pulse/") and appeal not in phone.text() and inner in phone.text()  # noqa: E731
    phone.running.wait(gone, "silence does not stop the appeal, or stops too much", seconds=60)


def move_poll(asha, farida, *, closes: datetime) -> None:
    """One person proposes what a notification says, another confirms: the only way the law's hours change."""
    page = asha.open("/desk/elections/")
    page.get_by_role("link", name="Sahara").click()
    page.wait_for_load_state()
    page.get_by_text("A notification says otherwise").click()
    form = page.locator("form[action$='/correct/']")
    form.locator("[name=day]").fill(closes.date().isoformat())
    form.locator("[name=opens]").fill("00:00")
    form.locator("[name=closes]").fill(closes.strftime("%H:%M"))
    form.locator("[name=notification]").fill(f"Notification {closes:%d%m%H%M}")
    form.locator("button").last.click()
    page.wait_for_load_state()
    assert page.locator("form[action$='/confirm/']").count() == 0, "nobody confirms their own"
    asha.looks_right()
    farida.open(page.url)
    farida.page.get_by_role("link", name="See what it holds and frees").click()
    farida.page.wait_for_load_state()
    farida.looks_right()
    farida.page.locator("form[action$='/confirm/'] button").click()
    farida.page.wait_for_load_state()
    farida.looks_right()


def access_is_gone(lead, member) -> None:
    """The minute the poll closes the seats are over: no desk for the lead, no place in the 21 for the member."""
    over = lambda: lead.page.goto(lead.running.url + "/desk/board/").status == 404  # noqa: E731
    lead.running.wait(over, "the lead still has the desk", seconds=60)
    member.open("/me/seat/")
    assert not re.search("विधानसभा टीम सदस्य", member.text())
