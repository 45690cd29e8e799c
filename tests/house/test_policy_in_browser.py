"""Every page of the table in a real browser: nothing on it is stopped by the Content-Security-Policy."""

from __future__ import annotations

import os
import shutil
from urllib.parse import urlencode

import pytest
from django.test import override_settings
from django.urls import reverse
from tests.conftest import absent
from tests.house import world
from tests.house.urls import ROWS, Row

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WATCH = """
window.stopped = [];
addEventListener('securitypolicyviolation', (e) => stopped.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
"""
WRITTEN = '<p style="color:red" onclick="window.ran=1">x</p>'


@pytest.fixture
def chromium(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = os.environ.get("TOLI_BROWSER") or shutil.which("chromium")
    if path is None:
        absent("browser", "no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def page_of(chromium, live_server, w, who: str):
    """A page signed in as `who` that notes what the policy stopped."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1200, "height": 800})
    if who != "anonymous":
        session = world.browser(w, who).cookies["toli"].value
        context.add_cookies([{"name": "toli", "value": session, "url": live_server.url}])
    context.add_init_script(WATCH)
    return context.new_page()


def stopped_on(page, address: str) -> list[str]:
    """What the policy stopped while the page was opened and its details unfolded; files are not pages."""
    try:
        answer = page.goto(address, wait_until="load", timeout=20_000)
    except Exception as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return []
        raise
    if answer is None or not answer.header_value("content-type").startswith("text/html"):
        return []  # the frame a browser draws around a picture is its own
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    return page.evaluate("window.stopped || []")


def address_of(w, row: Row) -> str:
    query = row.query(w)
    return reverse(row.name, args=row.args(w)) + (f"?{urlencode(query, doseq=True)}" if query else "")


def test_nothing_on_any_page_is_stopped_by_the_policy(chromium, live_server, tmp_path):
    seen, wrong = 0, []
    with override_settings(MEDIA_ROOT=tmp_path, **world.GATEWAY):
        w, pages = world.plant(), {}
        for row in ROWS:
            who = row.may.split()[0]
            if row.post is not None or row.name in ("accounts:kiosk", "recruitment:kiosk", "recruitment:send"):
                continue
            page = pages.get(who) or pages.setdefault(who, page_of(chromium, live_server, w, who))
            wrong += [(row.name, words) for words in stopped_on(page, address_of(w, row))]
            seen += 1
    assert wrong == []
    assert seen > 50


def test_what_the_policy_stops_would_be_seen(chromium, live_server, tree):
    page = page_of(chromium, live_server, None, "anonymous")
    assert stopped_on(page, "/login/") == []
    page.evaluate("(html) => document.body.insertAdjacentHTML('beforeend', html)", WRITTEN)
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran=1'}))")
    assert len(page.evaluate("window.stopped")) >= 2
    assert page.evaluate("window.ran") is None
