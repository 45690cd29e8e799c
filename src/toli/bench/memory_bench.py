"""What the whole stack holds in memory: `toli up` on the small demo, read after a few pages were asked for."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GOAL_MB = 1024
PAGES = 60
PATIENCE = 300.0
PARTS = {
    "postgres": "database",
    "toli.cli web": "web",
    "toli.cli pulse": "pulse",
    "toli.cli worker": "worker",
    "toli.cli sms-server": "SMS server of the demo",
    " up": "supervisor",
}


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """Megabytes of proportional set size: shared pages are counted once, divided among those that share them."""
    began = time.monotonic()
    home = Path(tempfile.mkdtemp(prefix="toli-mem-", dir="/tmp"))
    try:
        with stack(home, 23700) as words:
            ask_for_pages(words)
            time.sleep(5)
            found = read(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    total = sum(found.values())
    if not quiet:
        for part, mb in sorted(found.items(), key=lambda one: -one[1]):
            print(f"  {part:<24} {mb:6.0f} MB")
        print(f"  {'together':<24} {total:6.0f} MB")
    return {
        "bench": "memory",
        "size": 2000,
        "seconds": round(time.monotonic() - began, 1),
        "rate": None,
        "peak_mb": round(total),
        "peer": f"goal of {GOAL_MB} MB",
        "ratio": round(GOAL_MB / total, 2),
        "p95_ms": None,
        "parts_mb": {part: round(mb) for part, mb in found.items()},
    }


@contextmanager
def stack(home: Path, port: int) -> Iterator[str]:
    """A running demo; what it printed."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TOLI_", "DATABASE_URL", "PORT"))}
    words = home.with_suffix(".words")
    with words.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "toli.cli", "up", "--port", str(port), "--home", str(home)],
            env=env | {"TOLI_HOME": str(home)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_ready(process, words)
        yield words.read_text()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
        words.unlink()


def wait_until_ready(process: subprocess.Popen[bytes], words: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while "Stop: Ctrl-C" not in words.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The demo did not start:\n{words.read_text()}")
        time.sleep(0.2)


def ask_for_pages(words: str) -> None:
    """Open every demo person's start page a few times, each in a session of its own."""
    links = re.findall(r"http://\S+/demo/enter/\S+", words)
    for nth in range(PAGES):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        try:
            opener.open(links[nth % len(links)], timeout=30).read()
        except urllib.error.HTTPError:
            continue


def read(home: Path) -> dict[str, float]:
    """Megabytes by part, of every process that has this home in its environment or works in it."""
    found: dict[str, float] = defaultdict(float)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid() and belongs(entry, home):
            found[part_of(entry)] += pss_mb(entry)
    return found


def belongs(process: Path, home: Path) -> bool:
    try:
        marked = f"TOLI_HOME={home}".encode() in (process / "environ").read_bytes().split(b"\0")
        return marked or os.readlink(process / "cwd").startswith(f"{home}/")
    except OSError:
        return False


def part_of(process: Path) -> str:
    words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return next((name for mark, name in PARTS.items() if mark in words), "other")


def pss_mb(process: Path) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
