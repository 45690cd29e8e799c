"""Real launchers for the tests of this folder, each with a home and ports of its own."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.launcher.running import Running, processes_of, within

from toli.config import mould
from toli.kit.secrets import create_keyring


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder with a short path, as sockets need it."""
    path = Path(tempfile.mkdtemp(prefix="tl", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def new_home(folder: Path) -> Callable[..., Path]:
    """Makes homes that were migrated before, as after a first start."""

    def make(place: Path | None = None) -> Path:
        home = place or Path(tempfile.mkdtemp(prefix="h", dir=folder))
        mould.pour(home)
        create_keyring(home / "keys.json")
        home.chmod(0o700)
        return home

    return make


@pytest.fixture
def home(new_home: Callable[..., Path]) -> Iterator[Path]:
    path = new_home()
    yield path
    for pid in processes_of(path):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def kept_up(new_home: Callable[..., Path]) -> Iterator[Running]:
    """One launcher for all tests of a file that leave it running; it ends with Ctrl-C, and nothing of it stays."""
    running = Running(new_home()).ready()
    yield running
    assert running.interrupt() < within(10)
    assert running.process.returncode == 0
    assert processes_of(running.home) == {}


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Running]]:
    """Starts launchers and makes sure that none outlives the test."""
    all_of_them: list[Running] = []

    def begin(home: Path, **more: object) -> Running:
        all_of_them.append(Running(home, **more))  # type: ignore[arg-type]
        return all_of_them[-1]

    yield begin
    for running in all_of_them:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
