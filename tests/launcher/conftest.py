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


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder with a short path, as sockets need it."""
    path = Path(tempfile.mkdtemp(prefix="tl", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(folder: Path) -> Path:
    """A home that was started and stopped once; tests take copies of it."""
    home = folder / "seed"
    running = Running(home).ready()
    assert running.interrupt() < within(10)
    return home


@pytest.fixture
def home(migrated: Path, folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="h", dir=folder))
    shutil.copytree(migrated, path, dirs_exist_ok=True)
    path.chmod(0o700)
    yield path
    for pid in processes_of(path):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


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
