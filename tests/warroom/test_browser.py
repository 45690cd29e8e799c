"""The board in a real browser: a phone in Hindi, a big screen in English, and the pieces every page is made of."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests import cast
from tests.conftest import absent

from toli.org import services as org_services
from toli.warroom import services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture
def chromium(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = os.environ.get("TOLI_BROWSER") or shutil.which("chromium")
    if path is None:
        absent("browser", "no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def sheet(chromium, live_server, member=None, *, language, width):
    """A page that remembers what its console complained of."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=live_server.url)
    cookies = {"language": language}
    if member is not None:
        cookies["toli"] = member.browser(second_factor=False).cookies["toli"].value
    context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    return page


def faults(page) -> list[str]:
    """Sideways scrolling, complaints of the console, and what axe calls serious or critical."""
    found = list(page.errors)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append("scrolls sideways")
    if AXE.exists():
        page.evaluate(AXE.read_text() + ";0")
        found += page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations"
            ".filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes[0].html))"
        )
    return found


@pytest.fixture
def campaign(asha, bilal, chitra, tree):
    """A team with people, a shift, a note, a flag."""
    now = timezone.now()
    for number in range(1, 4):
        person = cast.add_person(f"Member{number} Rao", f"+91100000008{number}", home=tree.sahara)
        seat = cast.add_seat(tree.sahara, "constituency_team", "constituency_member", number)
        if number < 3:
            cast.put_on_seat(person, seat)
    services.make_roster(
        actor=bilal.actor, unit_ref=tree.sahara.ref, team_kind_key="constituency_team",
        start=now - timedelta(hours=1), watches=2, now=now,
    )  # fmt: skip
    services.raise_flag(actor=bilal.actor, unit_ref=tree.sahara.ref, kind="people", text="दो लोग कम", now=now)
    services.hand_over(actor=bilal.actor, unit_ref=tree.sahara.ref, text="सब ठीक", now=now)
    services.count_duty(now=now)
    org_services.fold_counts()
    return tree


@pytest.mark.parametrize(("language", "width"), [("hi", 360), ("en", 1400)])
def test_every_page_of_the_war_room_looks_right(chromium, live_server, bilal, campaign, language, width):
    page = sheet(chromium, live_server, bilal, language=language, width=width)
    ref = campaign.sahara.ref
    for path in (
        "board/",
        "board/?show=bars",
        "board/?show=tiles",
        "board/?show=map",
        "polls/",
        "short/",
        f"shifts/{ref}/",
    ):
        page.goto(f"/desk/{path}")
        page.wait_for_load_state("networkidle")
        assert faults(page) == [], path


@pytest.mark.parametrize(("shell", "width"), [("desk", 360), ("desk", 1400), ("volunteer", 360), ("public", 360)])
def test_every_component_looks_right(chromium, live_server, shell, width):
    page = sheet(chromium, live_server, language="hi", width=width)
    page.goto(f"/ui/gallery/?shell={shell}")
    assert faults(page) == []


def test_a_coordinator_goes_down_to_the_booth_and_copies_the_text(chromium, live_server, bilal, campaign):
    page = sheet(chromium, live_server, bilal, language="hi", width=360)
    page.goto("/desk/board/")
    for name in ("सहाड़ा", "रायपुर", "बोराणा 1"):
        page.get_by_role("link", name=name, exact=True).last.click()
        page.wait_for_selector(f"h1:has-text('{name}')")
    assert "बूथ प्रभारी 1" in page.inner_text("main")
    page.get_by_role("button", name="कॉपी करें").click()
    page.wait_for_function("document.querySelector('[data-copy-said]').textContent !== ''")
    assert "बोराणा 1" in page.input_value("#board-text")
    page.locator(".figure-accepted summary").click()
    assert "ख़ुद हाँ की" in page.inner_text(".figure-accepted .figure-meaning")
    page.keyboard.press("Escape")
    assert not page.locator(".figure-accepted details[open]").count()


def test_the_language_is_switched_where_one_is_and_the_menu_opens_without_a_script(
    chromium, live_server, bilal, campaign
):
    page = sheet(chromium, live_server, bilal, language="hi", width=360)
    page.goto("/desk/short/")
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("h1:has-text('Gaps')")
    page.get_by_role("link", name="More").click()
    assert page.locator("#menu").is_visible()
    page.get_by_role("link", name="Close the menu").click()
    page.locator("#menu").wait_for(state="hidden")
