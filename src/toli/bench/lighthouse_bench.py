"""Google's Lighthouse on the join page, my day and the board: what a newcomer, a volunteer and a coordinator wait for.

The phone pages are read as Lighthouse's phone (a slow processor on a slow network), the board as its desk computer.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from toli.bench.memory_bench import stack
from toli.cli.setup_command import node
from toli.cli.shots_command import links
from toli.config.bootstrap import find_browser
from toli.config.env import ROOT

FOLDER = ROOT / "bench" / "lighthouse"
PORT = 24300
GOAL = 95
KINDS = ("performance", "accessibility", "best-practices")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


@dataclass(frozen=True)
class Asked:
    name: str
    who: str
    """First name of the demo person; empty for nobody."""
    path: str
    form: str
    goal: bool = True
    """False: read and shown, without a goal."""


PAGES = (
    Asked("join page", "", "/join/rajasthan/", "mobile"),
    Asked("my day", "Chitra", "/me/", "mobile"),
    Asked("board", "Asha", "/desk/board/", "desktop"),
    Asked("board, as a phone", "Asha", "/desk/board/", "mobile", goal=False),
)


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """Scores of 0 to 100 by page; the peer is the goal of 95. `size` is how often each page is read (median)."""
    began, times = time.monotonic(), size or 1
    browser = os.environ.get("TOLI_BROWSER") or find_browser()
    if not browser:
        raise SystemExit("There is no chromium: install it, or name one with TOLI_BROWSER.")
    _install()
    say: Callable[[str], None] = (lambda text: None) if quiet else print
    if running := os.environ.get("TOLI_LIGHTHOUSE_LOG"):  # the saved words of a `toli up` that already runs
        scores = _read_all(Path(running).read_text(), browser, times, say)
    else:
        home = Path(tempfile.mkdtemp(prefix="toli-light-", dir="/tmp"))
        try:
            with stack(home, PORT) as words:
                scores = _read_all(words, browser, times, say)
        finally:
            shutil.rmtree(home, ignore_errors=True)
    lowest = min(scores[page.name][kind] for page in PAGES if page.goal for kind in KINDS[:2])
    return {
        "bench": "lighthouse", "size": times, "seconds": round(time.monotonic() - began, 1), "rate": None,
        "peak_mb": None, "peer": f"goal of {GOAL} on performance and accessibility", "ratio": round(lowest / GOAL, 2),
        "p95_ms": None, "scores": scores,
    }  # fmt: skip


def _install() -> None:
    """The locked Lighthouse, once, in a folder of its own: no page needs it."""
    if (FOLDER / "node_modules" / "lighthouse").is_dir():
        return
    command = [*node(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    env = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    if subprocess.run(command, cwd=FOLDER, env=env, check=False).returncode:
        raise SystemExit("Lighthouse could not be installed; the lines above say why.")


def _read_all(words: str, browser: str, times: int, say: Callable[[str], None]) -> dict[str, dict[str, int]]:
    doors = links(words)
    address = next(iter(doors.values())).split("/demo/enter/")[0]
    say(
        f"  {'':<20}{'':<9}{'performance':>13}{'accessibility':>15}{'practices':>11}   first words, largest, moved, blocked"
    )
    found = {}
    for page in PAGES:
        cookie = _cookie(doors[page.who]) if page.who else "language=hi"
        reports = [_report(f"{address}{page.path}", page.form, cookie, browser) for _n in range(times)]
        reports.sort(key=_performance)
        found[page.name] = _scores(reports[len(reports) // 2])
        say(_line(page, found[page.name], reports[len(reports) // 2]))
    return found


def _cookie(door: str) -> str:
    """The session of a demo person, as a header."""
    jar = CookieJar()
    urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(door, timeout=60).read()
    return "; ".join([*(f"{one.name}={one.value}" for one in jar), "language=hi"])


def _report(url: str, form: str, cookie: str, browser: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="toli-light-") as folder:
        headers, out = Path(folder) / "headers.json", Path(folder) / "report.json"
        headers.write_text(json.dumps({"Cookie": cookie}))
        headers.chmod(0o600)
        command = [
            node()[0], str(FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"), url, "--quiet",
            "--output=json", f"--output-path={out}", f"--extra-headers={headers}", f"--chrome-flags={FLAGS}",
            f"--only-categories={','.join(KINDS)}", *(["--preset=desktop"] if form == "desktop" else []),
        ]  # fmt: skip
        env = {**os.environ, "CHROME_PATH": browser}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode or not out.exists():
            raise SystemExit(f"Lighthouse failed on {url}:\n{done.stderr[-2000:]}")
        return dict(json.loads(out.read_text()))


def _performance(report: dict[str, Any]) -> float:
    return float(report["categories"]["performance"]["score"] or 0)


def _scores(report: dict[str, Any]) -> dict[str, int]:
    return {kind: round((report["categories"][kind]["score"] or 0) * 100) for kind in KINDS}


def _line(page: Asked, scores: dict[str, int], report: dict[str, Any]) -> str:
    audits = report["audits"]
    keys = ("first-contentful-paint", "largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time")
    moments = ", ".join(str(audits[key].get("displayValue", "–")).replace("\xa0", " ") for key in keys)
    columns = f"{scores['performance']:>13}{scores['accessibility']:>15}{scores['best-practices']:>11}"
    return f"  {page.name:<20}{page.form:<9}{columns}   {moments}"
