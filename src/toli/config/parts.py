"""The parts of a running Toli: which commands they are, how one is started, watched, restarted and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from toli.config import children
from toli.config.postgres import Server, ServerBusy

QUICK_SECONDS = 20.0
LONGEST_PAUSE = 15.0


class Part(Protocol):
    """Something that runs, may crash, and is started again."""

    name: str

    @property
    def pid(self) -> int: ...
    def start(self) -> None: ...
    def crashed(self) -> str | None:
        """Why it is not running ("signal 9"), None while it runs."""

    def ask_to_stop(self) -> None: ...
    def is_stopped(self) -> bool: ...
    def force(self) -> None: ...


@dataclass
class Command:
    """One `toli` command as a child with its own process group and log file."""

    name: str
    arguments: list[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def start(self) -> None:
        self.force()
        with open(self.log, "ab") as log:
            self.process = children.start([sys.executable, "-m", "toli.cli", *self.arguments], env=self.env, output=log)

    def crashed(self) -> str | None:
        status = self.process.poll() if self.process else None
        if status is None:
            return None
        return f"signal {-status}" if status < 0 else f"status {status}"

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def is_stopped(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def force(self) -> None:
        """End the whole group: a leader that was killed leaves its own children to us."""
        if self.process:
            children.end_group(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Database:
    """The embedded server as a part."""

    server: Server
    name: str = "database"

    @property
    def pid(self) -> int:
        return self.server.process.pid if self.server.process else 0

    def start(self) -> None:
        deadline = time.monotonic() + QUICK_SECONDS
        while True:
            try:
                return self.server.start()
            except ServerBusy:  # the processes of a killed server take a moment to end
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def crashed(self) -> str | None:
        process = self.server.process
        status = process.poll() if process else 1
        if status is None:
            return None
        return f"signal {-status}" if status < 0 else f"status {status}"

    def ask_to_stop(self) -> None:
        if self.server.process and self.server.process.poll() is None:
            self.server.process.send_signal(signal.SIGINT)

    def is_stopped(self) -> bool:
        return self.server.process is None or self.server.process.poll() is not None

    def force(self) -> None:
        self.server.stop(0.1)


@dataclass
class Watched:
    """A part and how often it fell lately."""

    part: Part
    falls: list[float] = field(default_factory=list)
    start_again_at: float | None = None

    def fell(self, now: float) -> float:
        """Note a fall; the seconds to wait before the next start: none, then longer when it keeps falling."""
        self.falls = [at for at in self.falls if now - at < 60.0] + [now]
        pause = 0.0 if len(self.falls) < 3 else min(LONGEST_PAUSE, 2.0 ** (len(self.falls) - 2))
        self.start_again_at = now + pause
        return pause


def end(parts: list[Part], seconds: float) -> list[str]:
    """Ask all to stop, wait, then use force. The names of those that had to be forced."""
    for part in parts:
        part.ask_to_stop()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not all(part.is_stopped() for part in parts):
        time.sleep(0.05)
    stubborn = [part.name for part in parts if not part.is_stopped()]
    for part in parts:
        part.force()
    return stubborn


def environment(**changes: str) -> dict[str, str]:
    """Our own environment with changes, for a child."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", **changes}
