"""A whole running Toli for the journeys: `toli up` in a home of its own, and real Chromium on it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import absent

CHROMIUM = os.environ.get("TOLI_BROWSER") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 240.0
SHOTS = Path(__file__).parents[2] / "test-results" / "journeys"


@dataclass
class Running:
    """One `toli up`: its address, its home, and the login link of each named person of the demo."""

    url: str
    home: Path
    port: int
    process: subprocess.Popen[str] | None
    links: dict[str, str] = field(default_factory=dict)

    @property
    def sms(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"

    def inbox(self, number: str) -> list[str]:
        """The texts that reached a number, newest last, as the local SMS server holds them."""
        import json

        with urllib.request.urlopen(f"{self.sms}/inbox?format=json&to=%2B{number.lstrip('+')}", timeout=10) as answer:
            return [message["text"] for message in json.load(answer)["messages"]]

    def code_for(self, number: str, *, seen: int = 0) -> str:
        """The login code that arrives at a number after `seen` earlier texts."""
        texts = self.wait(lambda: (t := self.inbox(number))[seen:] and t, f"no code reached {number}")
        return re.search(r"\b(\d{6})\b", texts[-1])[1]

    def toli(self, *words: str) -> str:
        """What a console command prints, run on this home as an operator would. Fails when the command does."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("TOLI_", "DATABASE_URL", "PYTEST"))}
        environment |= {"TOLI_HOME": str(self.home), "PORT": str(self.port)}
        done = subprocess.run(
            [sys.executable, "-m", "toli.cli", *words], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def wait(self, what, complaint: str, seconds: float = 30.0):
        """The first true answer of `what`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := what():
                return found
            time.sleep(0.1)
        raise AssertionError(complaint)


def _three_free_ports() -> int:
    for port in range(20000 + os.getpid() % 20000, 60000, 7):
        held = []
        try:
            for offset in range(3):
                probe = socket.socket()
                held.append(probe)
                probe.bind(("127.0.0.1", port + offset))
            return port
        except OSError:
            continue
        finally:
            for probe in held:
                probe.close()
    raise AssertionError("no three free ports")


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """Toli with the small demo, started as a person starts it.

    JOURNEY_LOG names the saved output of a `toli up` that already runs: quicker while writing a journey.
    """
    if saved := os.environ.get("JOURNEY_LOG"):
        lines = Path(saved).read_text().splitlines(keepends=True)
        url, links = _read_introduction(iter(lines))
        home = Path(re.search(r"Logs: (\S+)/log", "".join(lines))[1])
        yield Running(url, home, int(url.rpartition(":")[2]), None, links)
        return
    home = Path(tempfile.mkdtemp(prefix="toli-journey-"))
    port = _three_free_ports()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TOLI_", "DATABASE_URL", "PYTEST"))}
    environment |= {"TOLI_HOME": str(home), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "toli.cli", "up"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        url, links = _read_introduction(process.stdout)
        yield Running(url, home, port, process, links)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        finally:
            shutil.rmtree(home, ignore_errors=True)


def _read_introduction(lines: Iterator[str]) -> tuple[str, dict[str, str]]:
    """The address and the links, from what `toli up` prints."""
    said, url, links, name = [], "", {}, ""
    deadline = time.monotonic() + START_SECONDS
    for line in lines:
        said.append(line)
        if found := re.search(r"ready at (http\S+)", line):
            url = found[1].rstrip("/")
        elif "/demo/enter/" in line:
            links[name] = line.strip()
        elif ":" in line:
            name = line.split()[0].lower()
        if "Stop: Ctrl-C" in line:
            return url, links
        if time.monotonic() > deadline:
            break
    raise AssertionError("toli up did not get ready:\n" + "".join(said[-30:]))


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        absent("browser", "no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Person:
    """Somebody at a browser of their own; console errors and failed pages are kept."""

    def __init__(self, browser, running: Running, *, width: int, language: str, scripts: bool = True) -> None:
        self.running = running
        height = 740 if width < 600 else 900
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="hi-IN" if language == "hi" else "en-IN",
            java_script_enabled=scripts, has_touch=width < 600, is_mobile=width < 600,
        )  # fmt: skip
        self.context.add_cookies([{"name": "language", "value": language, "url": running.url}])
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("response", lambda r: self.errors.append(f"{r.status} {r.url}") if r.status >= 500 else None)

    def open(self, path: str):
        self.page.goto(path if path.startswith("http") else self.running.url + path)
        return self.page

    def enter(self, name: str):
        """Through the demo's ready link."""
        return self.open(self.running.links[name])

    def text(self) -> str:
        return unescape(self.page.locator("body").inner_text())

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)

    def looks_right(self) -> None:
        """No console error, nothing wider than the screen, axe finds nothing serious."""
        assert self.errors == [], self.errors
        width = self.page.viewport_size["width"]
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width + 1, f"wider than {width}"
        assert serious(self.page) == []


AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def serious(page) -> list[str]:
    """What axe calls serious or critical on this page."""
    page.evaluate(AXE.read_text())  # not a script tag: the page's policy forbids those, rightly
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {v['nodes'][0]['target']} {v['nodes'][0]['html'][:120]}"
        for v in result["violations"]
        if v["impact"] in ("serious", "critical")
    ]


@pytest.fixture
def people(browser, running):
    """Makes persons at browsers; all are closed at the end."""
    made: list[Person] = []

    def make(*, width: int = 1400, language: str = "en", scripts: bool = True) -> Person:
        made.append(Person(browser, running, width=width, language=language, scripts=scripts))
        return made[-1]

    yield make
    for person in made:
        person.context.close()


@pytest.fixture
def phone(people) -> Person:
    """A volunteer's phone: 360 pixels, Hindi."""
    return people(width=360, language="hi")


@pytest.fixture
def desk(people) -> Person:
    """A coordinator's desk: 1400 pixels, English."""
    return people(width=1400, language="en")


@pytest.fixture
def fresh_number() -> str:
    """A number nobody in the demo has; of the range that cannot ring."""
    return f"+91109{int(time.time() * 10) % 10_000_000:07d}"
