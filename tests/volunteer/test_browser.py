"""My day on a 360 pixel phone in Hindi, with and without JavaScript."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.utils import timezone
from tests.volunteer.conftest import agree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


def phone(chromium, live_server, member=None, *, scripts: bool = True):
    """A page of a small phone, signed in as a member of the cast."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=scripts, base_url=live_server.url, locale="hi-IN"
    )
    cookies = {"language": "hi"}
    if member is not None:
        cookies["toli"] = member.browser(second_factor=False).cookies["toli"].value
    context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    return page


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def accessible(page) -> None:
    """axe finds nothing serious."""
    if not AXE.exists():
        return
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.impact, v.id, v.nodes[0].html]))")
    assert [row for row in found if row[0] in ("serious", "critical")] == []


def narrow(page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_from_the_offer_to_the_seat_without_scripts(chromium, live_server, ravi, offered, notice):
    agree(ravi, notice, "organise")
    page = phone(chromium, live_server, ravi, scripts=False)
    page.goto("/me/")
    shot(page, "day-offer")
    page.get_by_role("button", name="हाँ, मंज़ूर है").click()
    page.wait_for_url("**/me/seat/")
    shot(page, "seat")
    assert "आप टीम में हैं" in page.content()


def test_my_pages_fit_a_small_phone_and_count_their_bytes(chromium, live_server, chitra, notice):
    agree(chitra, notice, "organise", "sms")
    page = phone(chromium, live_server, chitra)
    for name in ("", "seat/", "data/", "data/correct/", "data/erase/"):
        page.goto(f"/me/{name}")
        narrow(page)
        accessible(page)
        shot(page, f"me-{name.strip('/').replace('/', '-') or 'day'}")
    page.goto("/me/")
    page.wait_for_function("document.querySelector('[data-meter]').textContent.includes('एमबी')")
    assert [e for e in page.errors if "ERR_CONNECTION_REFUSED" not in e] == [], "no pulse process runs in this test"


def test_from_the_number_to_joining(chromium, live_server, db, tree, notice):
    from toli.accounts import services

    services.create_deployment(is_demo=True, now=timezone.now())
    page = phone(chromium, live_server, scripts=False)
    page.goto("/me/data/")
    shot(page, "login-phone")
    page.get_by_label("आपका मोबाइल नंबर").fill("१०००० ०००५६")
    page.get_by_role("button", name="कोड भेजें").click()
    shot(page, "login-code")
    page.locator("input[name=code]").fill(page.locator("#demo-code").inner_text())
    page.get_by_role("button", name="आगे बढ़ें").click()
    page.wait_for_url("**/login/pin/new/")
    shot(page, "login-new-pin")
    page.locator("input[name=pin]").fill("2580")
    page.get_by_role("button", name="यही PIN रखें").click()
    page.wait_for_url("**/me/welcome/")
    narrow(page)
    shot(page, "welcome")
    page.get_by_role("textbox", name="आपका नाम").fill("कमला बाई")
    page.get_by_label("आपके जन्म का साल").fill("१९८८")
    page.locator("input[value=organise]").check()
    page.get_by_role("button", name="जुड़ें").click()
    page.wait_for_url("**/me/seat/")
    shot(page, "seat-none")
    page.goto("/login/finish/")
    page.locator("main form button").click()
    page.goto("/login/")
    page.wait_for_url("**/login/pin/")
    shot(page, "login-pin")
    page.locator("input[name=pin]").fill("2580")
    page.get_by_role("button", name="खोलें").click()
    page.wait_for_url("**/me/")
    assert "नमस्ते, कमला" in page.content()


def test_the_login_pages_are_accessible(chromium, live_server, db):
    from toli.accounts import services

    services.create_deployment(is_demo=True, now=timezone.now())
    page = phone(chromium, live_server)
    for kiosk in (False, True):
        page.goto("/login/kiosk/" if kiosk else "/login/")
        accessible(page)
        narrow(page)
        shot(page, f"login-phone-{'kiosk' if kiosk else 'own'}")
    page.get_by_role("link", name="मैं पहले से साथी हूँ: अंदर आएँ").click()
    page.wait_for_url("**/login/")
    accessible(page)
    narrow(page)
    page.locator("input[name=phone]").fill("1000000057")
    page.locator("main form button").click()
    page.wait_for_url("**/login/code/")
    accessible(page)
    page.locator("input[name=code]").fill("12345")
    page.locator("main form.form button").click()
    accessible(page)
    narrow(page)
    shot(page, "login-code-wrong")
    page.locator("input[name=code]").fill(page.locator("#demo-code").inner_text())
    page.locator("main form.form button").click()
    page.wait_for_url("**/me/welcome/")
    accessible(page)
    shot(page, "welcome-kiosk")
    page.get_by_role("button", name="काम पूरा: यहाँ मेरा कुछ न छोड़ें").click()
    accessible(page)
    assert [c for c in page.context.cookies() if c["name"] == "toli_device"] == []
