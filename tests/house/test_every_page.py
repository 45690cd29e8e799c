"""Every page of the URL table in a real browser, in Hindi, as the most different members of the cast who may open it.

One from the desk, one volunteer, and whoever is not signed in; at 1400 and at 360 pixels: nothing serious for axe,
nothing in the console, no scrolling sideways on the phone. Pages that are alike but for their words are looked at by
axe once; a whole run takes about a minute on a quiet machine.
"""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Error, sync_playwright
from tests.conftest import absent
from tests.house import world
from tests.house.urls import CAST, ROWS, Row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WIDTHS = ((1400, 900), (360, 740))
SERIOUS = """
axe.run(document, {resultTypes: ['violations'], iframes: false}).then(found => found.violations
  .filter(one => ['serious', 'critical'].includes(one.impact))
  .map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(' | ')}`))
"""
# What a page is made of without its words: tags, classes, roles and states.
BUILD = """
[...document.querySelectorAll('body *')].map(e => [e.tagName, e.className.baseVal ?? e.className, e.type,
  e.getAttribute('role'), e.hasAttribute('aria-label'), e.hasAttribute('aria-current'), e.hasAttribute('open')
].join()).join('\\n')
"""


@pytest.fixture
def chromium(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = os.environ.get("TOLI_BROWSER") or shutil.which("chromium")
    if path is None:
        absent("browser", "no chromium on this machine")
    if not AXE.exists():
        absent("browser", "axe-core is not installed: make setup")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def w(transactional_db, tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path, **world.GATEWAY):
        yield world.plant()


UNLIKE = (("asha", "bilal", "meera", "dev"), ("chitra", "ravi"), ("anonymous",))
"""Desk, volunteers, nobody: the first of each who may opens a page."""


def lookers(row: Row) -> set[str]:
    """Those who open a row of the table: one of each kind, those with the fullest page first."""
    may = row.may.split()
    return {next(who for who in kind if who in may) for kind in UNLIKE if set(kind) & set(may)}


def pages_of(who: str) -> list[Row]:
    """Rows of the table that this person opens by a plain address."""
    return [r for r in ROWS if not r.post and r.expected == 200 and who in lookers(r)]


def address(row: Row, w) -> str:
    query = row.query(w)
    return reverse(row.name, args=row.args(w)) + (f"?{urlencode(query, doseq=True)}" if query else "")


class Eyes:
    """One person at a browser; what is wrong with each page they open."""

    def __init__(self, chromium, live_server, w, who: str, seen: set[str]) -> None:
        self.who, self.seen, self.faults, self.looked = who, seen, [], 0
        self.context = chromium.new_context(base_url=live_server.url, locale="hi-IN")
        cookies = {"language": "hi"}
        if who != "anonymous":
            cookies["toli"] = world.browser(w, who).cookies["toli"].value
        self.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.note(str(error)))
        self.page.on("console", self.hear)
        self.page.on("dialog", lambda dialog: dialog.dismiss())

    def note(self, what: str, width: int = 0) -> None:
        self.faults.append(f"{self.who} {self.at} {width or ''}: {what}")

    def hear(self, said: ConsoleMessage) -> None:
        """Complaints of the console; the pulse is a process of its own and does not run here.

        A browser asks for /favicon.ico beside a part of a page and complains later; `look` asks each page for its icon.
        """
        place = str(said.location.get("url", ""))
        if said.type == "error" and not place.startswith(settings.PULSE_URL) and not place.endswith("/favicon.ico"):
            self.note(f"{said.text} {place}")

    def look(self, path: str) -> None:
        self.at, before = path, len(self.faults)
        self.page.set_viewport_size({"width": WIDTHS[0][0], "height": WIDTHS[0][1]})
        try:
            answer = self.page.goto(path, wait_until="load")
        except Error as error:
            if "Download is starting" in str(error):
                return
            raise
        # A picture, a text, a PDF in the browser's own viewer, a part of a page: not a page of ours.
        if "html" not in answer.headers.get("content-type", "") or self.page.evaluate("document.doctype === null"):
            del self.faults[before:]
            return
        if answer.status != 200:
            self.note(f"answers {answer.status}")
        if not self.page.locator("link[rel=icon]").count():
            self.note("names no icon")
        if self.page.locator("[data-map]").count():
            self.page.wait_for_selector("[data-map][data-drawn]")
        build = sha256(self.page.evaluate(BUILD).encode()).hexdigest()
        for width, height in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": height})
            reach = self.page.evaluate("document.documentElement.scrollWidth")
            if reach > width + 1:
                self.note(f"{reach} pixels wide", width)
            if f"{build} {width}" not in self.seen:
                self.seen.add(f"{build} {width}")
                self.listen(width)

    def listen(self, width: int) -> None:
        self.looked += 1
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text() + ";0")
        for fault in self.page.evaluate(SERIOUS):
            self.note(fault, width)


def test_every_page_anybody_may_open_is_fit_for_everybody(chromium, live_server, w):
    faults, seen, opened = [], set(), 0
    for who in CAST:
        eyes = Eyes(chromium, live_server, w, who, seen)
        for row in pages_of(who):
            eyes.look(address(row, w))
            opened += 1
        print(
            f"{who}: {opened} pages opened, {len(seen)} looked at, {len(eyes.faults)} faults", *eyes.faults, sep="\n  "
        )
        faults += eyes.faults
        eyes.context.close()
    assert not faults, f"{len(faults)} faults on {opened} pages:\n" + "\n".join(dict.fromkeys(faults))
    assert set(CAST) == {who for kind in UNLIKE for who in kind}
    pages = [row for row in ROWS if not row.post and row.expected == 200]
    assert all(lookers(row) for row in pages)
    assert opened >= len(pages) > 100
