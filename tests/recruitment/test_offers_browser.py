# ruff: noqa: F811
"""Cards, offers and their pages in a real browser: a phone in Hindi, the desk in English, a card without network."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.test_after_placement import choose, unplaced  # noqa: F401 - the world of those not placed
from tests.recruitment.test_offers import move, prepare, world  # noqa: F401 - the world of offers
from tests.tasks.test_browser import chromium, looks_right, open_page  # noqa: F401 - the browser

from toli.org import services as org
from toli.recruitment import queries

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def member_of(application) -> cast.CastMember:
    return cast.CastMember(application.person, "")


def card_path(member) -> str:
    address = queries.my_cards(member.person, now=timezone.now())[0].address
    return "/verify/" + address.split("/verify/")[1]


@pytest.mark.parametrize("language", ["hi", "en"])
def test_my_card_and_what_anybody_sees_of_it_look_right_on_a_small_phone(
    chromium, live_server, chitra, bilal, language
):
    page = open_page(chromium, live_server, chitra, language=language)
    page.goto("/me/card/")
    looks_right(page, f"my-card-{language}")
    page.goto(card_path(chitra))
    assert "बोराणा 1" in page.inner_text("main") if language == "hi" else "Borana 1" in page.inner_text("main")
    looks_right(page, f"verified-{language}")
    org.suspend_now(actor=bilal.actor, ref=chitra.appointment.ref, reason="shared a list", now=timezone.now())
    page.reload()
    looks_right(page, f"suspended-{language}")


def test_a_card_is_checked_in_aeroplane_mode_once_the_page_was_visited(chromium, live_server, chitra):
    page = open_page(chromium, live_server, chitra, language="hi")
    page.goto("/verify/")
    looks_right(page, "verify-page-hi")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    path = card_path(chitra)
    page.context.set_offline(True)
    page.goto(path)
    page.wait_for_selector("[data-state=sealed]:visible")
    assert "बोराणा 1" in page.inner_text("dl")
    page.errors.clear()
    looks_right(page, "verify-offline-hi")
    said, seal = path.removeprefix("/verify/").rstrip("/").split(".")
    page.goto(f"/verify/{said}.{seal[:-8]}AAAAAAAA/")
    page.wait_for_selector("[data-state=forged]:visible")
    # a browser without this seal's method says that it can only check with a network
    page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new Error('NotSupported'))")
    page.goto(path)
    page.wait_for_selector("[data-state=cannot]:visible")


def test_an_applicant_reads_on_a_small_phone_what_became_of_their_place(chromium, live_server, world, unplaced):
    for application, name in ((world.a, "offered"), (unplaced, "asked")):
        page = open_page(chromium, live_server, member_of(application))
        page.goto("/join/status/")
        looks_right(page, f"status-{name}")
    page.get_by_role("button", name="मुझे दूसरे पदों के लिए याद रखें").click()
    page.wait_for_selector(".note-success")
    looks_right(page, "status-kept")


@pytest.mark.parametrize("width", [360, 1400])
def test_the_desk_sees_who_would_still_come_and_what_was_filled_past_the_drive(
    chromium,
    live_server,
    world,
    unplaced,
    bilal,
    ravi,
    tree,
    width,
):
    cast.add_seat(tree.booth, "booth_team", "booth_lead", 7)
    choose(unplaced, "other_seats")
    spare = cast.add_seat(tree.booths[1], "booth_team", "booth_youth", 9)
    org.offer_seat(actor=bilal.actor, seat_ref=spare.ref, person_ref=ravi.person.ref, now=timezone.now())
    page = open_page(chromium, live_server, bilal, language="en", width=width)
    for path, name in (
        ("/desk/applicants/willing/", "willing"), ("/desk/drives/youth/past/", "past"),
        ("/desk/drives/youth/", "board"), (f"/desk/applicants/{unplaced.ref}/", "applicant"),
    ):  # fmt: skip
        page.goto(path)
        looks_right(page, f"{name}-{width}")
