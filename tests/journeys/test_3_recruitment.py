"""Journey three: from the poster at the wall to the card in the pocket; who is not placed reads why, appeals, stays.

It lives in Sujangarh, so that the poll which journey two closes in Sahara touches nothing here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.journeys import qr
from tests.journeys.acts import accept, join
from toli.kit.dates import local_day

pytestmark = pytest.mark.browser
PLACE = "Sujangarh"
SURNAMES = ("शर्मा", "मीणा", "जाट", "सैनी", "खान", "गुर्जर", "राठौड़", "माली", "सुथार", "प्रजापत")


def test_from_a_poster_to_a_card_and_from_a_no_to_an_appeal(people, running, fresh_number):
    asha, farida, jagdish = (people(width=1400, language="en") for _n in range(3))
    asha.enter("asha")
    key = f"call-{fresh_number[-6:]}"
    open_call(asha, key)
    seats_before = vacant_on_the_board(asha)
    poster = hang_a_poster(asha, key)
    plan = plan_interviews(asha, key)
    winner, other = (people(width=360, language="hi") for _n in range(2))
    names = [
        f"{given} {SURNAMES[int(fresh_number[-1])]} {SURNAMES[int(fresh_number[-2])]}" for given in ("नीलम", "सोहन")
    ]
    join(winner, fresh_number, names[0], place="सुजानगढ़", at=poster)
    join(other, f"+91108{fresh_number[-7:]}", names[1], place="सुजानगढ़", at=poster)
    give_times(asha, plan)
    for candidate, moves in ((winner, True), (other, False)):
        answer_the_invitation(people(width=360, language="hi"), link_of(candidate), moves=moves)
    a_day_passes(running, key)
    for member, marks in (("bilal", (5, 4)), ("kamla", (4, 3))):
        panel_scores(people(width=360, language="hi"), member, dict(zip(names, marks, strict=True)))
    settle(asha, plan)
    sign(asha, farida, key)
    card = say_yes_and_take_the_card(winner)
    anybody_verifies(people(width=360, language="hi"), card)
    running.wait(lambda: vacant_on_the_board(asha) == seats_before - 1, "the seat is still vacant on the board")
    reads_why_and_appeals(other)
    second_panel_decides(asha, jagdish, farida, key)
    reads_the_answer(other)
    stays_in_one_tap(other, asha)


def press(desk, name: str) -> None:
    """A button of the desk, by its words; the page that comes must look right."""
    desk.page.get_by_role("button", name=name, exact=True).first.click()
    desk.page.wait_for_load_state()
    desk.looks_right()


def choose(desk, name: str, words: str) -> None:
    select = desk.page.locator(f"select[name={name}]").first
    select.select_option(
        select.locator("option").filter(has_text=re.compile(f"^{words}$")).first.get_attribute("value")
    )


def open_call(desk, key: str) -> None:
    """A call to join of its own, with one place to be had and everybody wanting it."""
    page = desk.open("/desk/drives/new/")
    for name, said in (("name_hi", "सुजानगढ़ की टोली"), ("name_en", "The team of Sujangarh"), ("key", key)):
        page.locator(f"[name={name}]").fill(said)
    choose(desk, "scope", PLACE)
    desk.looks_right()
    press(desk, "Open")
    page = desk.open(f"/desk/drives/{key}/places/")
    choose(desk, "unit", PLACE)
    choose(desk, "team", "Constituency team")
    choose(desk, "role", "Constituency team member")
    page.locator("[name=capacity]").fill("1")
    press(desk, "Offer")
    assert "1 place" in desk.text()


def hang_a_poster(desk, key: str) -> str:
    """The address that a camera reads off the poster, as a path."""
    page = desk.open(f"/desk/drives/{key}/")
    page.get_by_role("button", name="Poster with QR").click()
    page.wait_for_load_state()
    desk.looks_right()
    address = qr.read(page.locator("img").screenshot())
    assert address in desk.text(), "who has no camera types it"
    return address


def plan_interviews(desk, key: str) -> str:
    """A round of meetings with one panel of two; the path of the round."""
    page = desk.open(f"/desk/drives/{key}/rounds/")
    today = local_day(datetime.now(UTC))
    for name, said in (
        ("name_hi", "पहली बातचीत"), ("name_en", "First talk"), ("starts_on", today.isoformat()),
        ("ends_on", (today + timedelta(days=20)).isoformat()),
    ):  # fmt: skip
        page.locator(f"[name={name}]").fill(said)
    page.locator("[name=kind]").select_option("meeting")
    for criterion in ("conduct", "local"):
        page.locator(f"[name=criteria][value={criterion}]").check()
    desk.looks_right()
    press(desk, "Add the round")
    plan = page.url
    page.get_by_role("link", name="Set up panels").first.click()
    choose(desk, "level", "Constituency")
    page.locator("[name=languages][value=hi]").check()
    for day in page.locator("[name=weekdays]").all():
        day.check()
    for name, said in (("begins", "10:00"), ("ends", "12:00"), ("place_text", "पंचायत भवन")):
        page.locator(f"[name={name}]").fill(said)
    press(desk, "Set up panels")
    page.locator("th a[href*='/panels/']").first.click()
    for member in ("Bilal", "Kamla"):
        page.locator("[name=q]").fill(member)
        page.get_by_role("button", name="Search").click()
        press(desk, "Put on the panel")
    desk.open(plan)
    press(desk, "Open times")
    return plan


def give_times(desk, plan: str) -> None:
    desk.open(plan)
    press(desk, "Give times now")
    given = lambda: desk.open(plan) and "2 applicants got a time" in desk.text()  # noqa: E731
    desk.running.wait(given, "the worker gives no times")
    desk.looks_right()
    desk.shot("round")


def link_of(candidate) -> str:
    """The link that the SMS holds stands on the candidate's own page too; at night no SMS goes out."""
    page = candidate.open("/join/status/")
    candidate.looks_right()
    return page.locator("a[href^='/i/']").first.get_attribute("href")


def answer_the_invitation(stranger, link: str, *, moves: bool) -> None:
    """The link alone is enough, on any phone, without signing in."""
    page = stranger.open(link)
    stranger.looks_right()
    if not moves:
        page.get_by_role("button", name="मैं आऊँगा").click()
        page.wait_for_load_state()
        return
    before = page.locator(".lead").inner_text()
    page.get_by_text("मुझे दूसरा समय चाहिए").click()
    page.locator("[name=slot]").last.check()
    stranger.looks_right()
    stranger.shot("interview-move")
    page.locator("form[action$='/move/'] button").click()
    page.wait_for_load_state()
    stranger.looks_right()
    assert page.locator(".lead").inner_text() != before


def a_day_passes(running, key: str) -> None:
    """The hour of the interviews comes: what a clock does, and nothing else."""
    with psycopg.connect(f"postgresql://toli_app@/toli?host={running.home}/run") as database:
        moved = database.execute(
            """
            UPDATE recruitment_slot s SET starts_at = now() - interval '5 minutes' - (i.id %% 60) * interval '1 second'
            FROM recruitment_interview i JOIN recruitment_round r ON r.id = i.round_id
            JOIN recruitment_drive d ON d.id = r.drive_id
            WHERE i.slot_id = s.id AND d.key = %s AND i.state = 'confirmed'
            """,
            [key],
        )
        assert moved.rowcount == 2


def panel_scores(member, who: str, marks: dict[str, int]) -> None:
    """One of the panel, on a phone; marks by the name of the person."""
    member.enter(who)
    for name, mark in marks.items():
        page = member.open("/me/interviews/")
        member.looks_right()
        page.get_by_role("link", name=re.compile(name)).click()
        page.wait_for_load_state()
        assert page.get_by_text("पैनल का दूसरा सदस्य:").count() == 0, "the other score is not seen before one's own"
        for criterion in ("conduct", "local"):
            page.locator(f"label:has([name={criterion}][value='{mark}'])").click()
        member.looks_right()
        member.shot("score")
        page.get_by_role("button", name="ये अंक दें").click()
        page.wait_for_load_state()
    member.looks_right()


def settle(desk, plan: str) -> None:
    desk.open(plan)
    desk.page.get_by_role("link", name="Scores and agreement").click()
    press(desk, "Settle the scores now")
    assert "2 applicants have a score" in desk.text()


def sign(asha, farida, key: str) -> None:
    """Computed, signed by one, and by another; nobody signs twice."""
    page = asha.open(f"/desk/drives/{key}/placement/")
    asha.looks_right()
    press(asha, "Compute the placement")
    press(asha, "Sign this placement")
    assert page.get_by_role("button", name="Sign this placement").count() == 0
    farida.enter("farida")
    farida.open(page.url)
    press(farida, "Sign this placement")
    assert "Signed by two" in farida.text()
    farida.shot("run")
    asha.open(f"/desk/drives/{key}/placement/")
    asha.looks_right()


def say_yes_and_take_the_card(phone) -> str:
    """The worker brings the offer; a yes makes the seat, the seat makes the card. What a camera reads off it."""
    there = lambda: phone.open("/me/") and phone.page.locator("form[action$='/accept/']").count()  # noqa: E731
    phone.running.wait(there, "the place is not offered")
    accept(phone)
    page = phone.open("/me/card/")
    phone.looks_right()
    phone.shot("card")
    return qr.read(page.locator("svg.qr").screenshot())


def anybody_verifies(stranger, card: str) -> None:
    page = stranger.open(card)
    stranger.looks_right()
    stranger.shot("verified")
    assert "मान्य: यह व्यक्ति अभी इस पद पर है" in stranger.text()
    assert "नीलम" not in stranger.text(), "initials, never a name"
    page.goto(card[:-9] + "AAAAAAAA/")
    assert "मान्य: यह व्यक्ति अभी इस पद पर है" not in stranger.text()


def vacant_on_the_board(desk) -> int:
    """Seats of the constituency that nobody holds: the board's own two figures."""
    page = desk.open(f"/desk/board/?level=constituency&q={PLACE}")
    page.locator("a[href^='/desk/board/']").filter(has_text=PLACE).first.click()
    page.wait_for_load_state()
    held, seats = re.search(r"Accepted\s+[A-D]\s+([\d,]+) / ([\d,]+)", desk.text()).groups()
    return int(seats.replace(",", "")) - int(held.replace(",", ""))


def reads_why_and_appeals(phone) -> None:
    page = phone.open("/join/status/")
    page.get_by_role("link", name="यह जगह क्यों, या क्यों नहीं").click()
    page.wait_for_load_state()
    phone.looks_right()
    phone.shot("why")
    said = phone.text()
    assert "आख़िर में चुने गए" in said, "the cut-off"
    assert "अंक और होते" in said, "what would have changed it"
    page.locator("[name=words]").fill("मुझसे मेरे मोहल्ले के बारे में कुछ पूछा ही नहीं गया।")
    page.get_by_role("button", name="मेरी आपत्ति भेजें").click()
    page.wait_for_load_state()
    phone.looks_right()


def second_panel_decides(asha, jagdish, farida, key: str) -> None:
    """Two who did not score; the second one sees what the first said and makes it a decision."""
    jagdish.enter("jagdish")
    for desk in (jagdish, farida):
        page = desk.open(f"/desk/drives/{key}/appeals/")
        desk.looks_right()
        page.locator("tbody th a").first.click()
        page.locator("[name=upholds][value=yes]").check()
        page.locator("[name=score]").fill("75")
        page.locator("[name=reason]").fill("स्थानीय सवाल सचमुच नहीं पूछे गए।")
        press(desk, "Say so")


def reads_the_answer(phone) -> None:
    page = phone.open("/join/status/")
    page.get_by_role("link", name="यह जगह क्यों, या क्यों नहीं").click()
    page.wait_for_load_state()
    phone.looks_right()
    phone.shot("appeal-answered")
    assert "स्थानीय सवाल सचमुच नहीं पूछे गए।" in phone.text()


def stays_in_one_tap(phone, desk) -> None:
    page = phone.open("/join/status/")
    page.get_by_role("button", name="मुझे दूसरे पदों के लिए याद रखें").click()
    page.wait_for_load_state()
    phone.looks_right()
    desk.open("/desk/applicants/willing/")
    desk.looks_right()
    assert "सोहन" in desk.text()
