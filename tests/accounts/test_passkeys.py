"""A passkey in a real browser, with an authenticator of the browser's own: set up, shown at the door, removed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from tests.accounts.conftest import digits
from tests.conftest import absent

from toli.accounts import services
from toli.accounts.models import LoginCode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page(monkeypatch, live_server):
    """A phone in Hindi whose lock opens passkeys."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = os.environ.get("TOLI_BROWSER") or shutil.which("chromium")
    if path is None:
        absent("browser", "no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        context = browser.new_context(
            base_url=live_server.url.replace("127.0.0.1", "localhost"), viewport={"width": 360, "height": 800}
        )
        context.add_cookies([{"name": "language", "value": "hi", "domain": "localhost", "path": "/"}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        yield page
        browser.close()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def come_in(page, number: str) -> None:
    page.goto("/login/?other=1")
    page.fill("[name=phone]", number)
    page.click("main form button")
    page.wait_for_selector("[name=code]")
    page.fill("[name=code]", digits(LoginCode.objects.latest("id").ref))
    page.click("main form button")


def test_a_passkey_is_set_up_asked_at_the_door_and_removed(page):
    services.create_deployment(is_demo=True, now=timezone.now())
    come_in(page, "1000000601")
    page.wait_for_url("**/login/pin/new/")
    page.goto("/me/security/")
    shot(page, "security-hi")
    page.goto("/me/security/app/")
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 0, "the picture is drawn"
    shot(page, "app-hi")
    page.goto("/me/security/passkey/")
    page.fill("[name=name]", "मेरा फ़ोन")
    shot(page, "passkey-hi")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/me/security/codes/")
    shot(page, "codes-hi")
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    page.goto("/me/security/")
    assert "मेरा फ़ोन" in page.inner_text("main")
    shot(page, "security-with-passkey-hi")
    page.goto("/login/finish/")
    page.click("main form button")
    come_in(page, "1000000601")
    page.wait_for_url("**/login/second/ask/")
    shot(page, "proof-hi")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/login/pin/new/")
    page.goto("/me/security/")
    page.click("main a:text-is('हटाएँ')")
    page.click("main form button")
    page.wait_for_url("**/me/security/")
    assert not Authenticator.objects.exists(), "the recovery codes go with the last proof"
