"""The day sheet of an interviewer on a phone without a network: who, when, where, and the way to each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment import interviews as on
from tests.volunteer.conftest import chromium  # noqa: F401 - the browser
from tests.volunteer.test_browser import accessible, narrow, phone, shot
from tests.volunteer.test_offline import until_kept, worker_ready

from toli.recruitment import services
from toli.recruitment.models import Interview, Slot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def begun(drive, notice, tree, bilal, chitra) -> list[Interview]:
    """Three of today, the first has begun."""
    stage = on.plant(drive, notice, tree.raipur, [bilal, chitra])
    found = [stage.interview(person) for person in stage.people]
    for n, interview in enumerate(found):
        at = timezone.now() + timedelta(minutes=20 * n - 2)
        Slot.objects.filter(pk=interview.slot_id).update(starts_at=at)
    return found


def test_the_day_sheet_and_each_interview_open_in_aeroplane_mode_in_hindi(
    chromium, live_server, chitra, begun  # noqa: F811
):  # fmt: skip
    page = phone(chromium, live_server, chitra)
    page.goto("/me/interviews/")
    worker_ready(page)
    page.reload()
    first = f"/me/interviews/{begun[0].ref}/"
    until_kept(page, "/me/interviews/", first)
    page.context.set_offline(True)
    page.goto("/me/interviews/")
    text = page.inner_text("main")
    assert page.locator(".as-of").is_visible()
    assert "अभी नेटवर्क नहीं है" in page.locator(".as-of").inner_text()
    for n in range(3):
        assert f"Neelam {n}" in text
    assert "Panchayat Bhawan" in text
    narrow(page)
    shot(page, "interviews-offline")
    page.locator("main ul.list a").first.click()
    page.wait_for_url(f"**{first}")
    assert "Neelam 0" in page.inner_text("h1")
    narrow(page)
    accessible(page)
    shot(page, "interview-offline")
    # a score is not sent without a network: it says so, and going back what was chosen is still there
    page.locator("label:has(input[name=conduct][value='4'])").click()
    page.locator("label:has(input[name=local][value='3'])").click()
    page.get_by_role("button", name="ये अंक दें").click()
    page.wait_for_function("document.querySelector('h1').innerText.includes('नेटवर्क')")
    page.context.set_offline(False)
    page.go_back()
    assert page.locator("input[name=conduct][value='4']").is_checked()
    page.get_by_role("button", name="ये अंक दें").click()
    page.wait_for_url("**/me/interviews/")
    assert begun[0].scorecards.get().total == 7000


def test_who_leaves_the_panel_keeps_none_of_its_people_on_the_phone(
    chromium, live_server, chitra, begun  # noqa: F811
):  # fmt: skip
    page = phone(chromium, live_server, chitra)
    page.goto("/me/interviews/")
    worker_ready(page)
    page.reload()
    address = f"/me/interviews/{begun[0].ref}/"
    until_kept(page, "/me/interviews/", address)
    services.remove_member(
        actor=cast.SYSTEM, panel_ref=begun[0].slot.panel.ref, person_ref=chitra.person.ref, now=timezone.now()
    )
    page.goto("/me/interviews/")
    page.goto(address)
    page.context.set_offline(True)
    for path in ("/me/interviews/", address):
        page.goto(path)
        assert "Neelam" not in page.content()
