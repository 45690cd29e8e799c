"""One real launcher, watched from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 180.0


def within(seconds: float) -> float:
    """The seconds this may take here: as said on an idle machine, longer on one that is busy with other things."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def clean_env(**changes: str) -> dict[str, str]:
    """The environment of somebody who just opened a terminal."""
    ours = ("TOLI_", "DATABASE_URL", "OWNER_DATABASE_URL", "PORT", "DJANGO_", "PYTEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | changes


def three_free_ports() -> int:
    """The first of three neighbours nobody listens on."""
    for base in range(20000 + os.getpid() % 500 * 20, 32000, 3):
        try:
            for offset in range(3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", base + offset))
        except OSError:
            continue
        return base
    raise AssertionError("no free ports")


def wait_for(what: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "this did not come to pass in time"
        time.sleep(0.05)


def processes_of(home: Path) -> dict[int, str]:
    """Every process that has this home in its environment or works in it, with its command line."""
    found = {}
    mark = f"TOLI_HOME={home}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            there = os.readlink(entry / "cwd")
            ours = mark in (entry / "environ").read_bytes().split(b"\0") or there.startswith(f"{home}/")
        except OSError:
            continue
        if ours and words[0]:
            found[int(entry.name)] = b" ".join(words).decode(errors="replace").strip()
    return found


class Running:
    """One `toli up` and what it says."""

    def __init__(self, home: Path, port: int | None = None, **env: str) -> None:
        self.home = home
        self.port = port or three_free_ports()
        self.words = home.parent / f"{home.name}.words"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "toli.cli", "up", "--demo", "none", "--port", str(self.port), "--home", str(home)],
            env=clean_env(TOLI_HOME=str(home), **env),
            stdout=self.words.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def said(self) -> str:
        return self.words.read_text()

    def ready(self) -> Running:
        wait_for(lambda: "Toli is ready" in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said
        return self

    def ended(self) -> int:
        return self.process.wait(PATIENCE)

    def interrupt(self) -> float:
        """Ctrl-C; the seconds until it had ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.ended()
        return time.monotonic() - began

    def part(self, word: str) -> int:
        """The process id of the leader of a part."""
        leaders = [pid for pid, line in processes_of(self.home).items() if self._leads(pid, line, word)]
        return min(leaders) if leaders else 0

    def _leads(self, pid: int, line: str, word: str) -> bool:
        wanted = "bin/postgres -D" if word == "database" else f"toli.cli {word}"
        return wanted in line and self._parent(pid) == self.process.pid

    @staticmethod
    def _parent(pid: int) -> int:
        try:
            return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            return 0
