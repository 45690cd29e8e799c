"""A small campaign in a home of its own, made once; tests take copies and run real processes on them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.launcher.running import Running, clean_env, processes_of

from toli.config import mould, postgres
from toli.kit.secrets import create_keyring

ROOT = Path(__file__).resolve().parents[2]
PICTURE = b"\xff\xd8\xff\xe0 a picture that is kept by its owner alone"


def environment(home: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return clean_env(TOLI_HOME=str(home), PYTHONPATH=path, **more)


def toli(home: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    """One command as an operator runs it."""
    return subprocess.run(
        [sys.executable, "-m", "toli.cli", *map(str, words)],
        env=environment(home, **env), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="tc", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def seed(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A home with a campaign in it, stopped, and what the seeding made."""
    home = folder / "seed"
    mould.pour(home)
    server = postgres.Server(home, safe=False)
    server.start()
    create_keyring(home / "keys.json")
    address = server.url(user=postgres.OWNER)
    try:
        done = toli(home, "migrate", OWNER_DATABASE_URL=address)
        assert done.returncode == 0, done.stderr
        made = subprocess.run(
            [sys.executable, "-m", "tests.config.seeding"],
            env=environment(home, DATABASE_URL=address, DJANGO_SETTINGS_MODULE="toli.config.settings"),
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
    finally:
        server.stop()
    upload = home / "files" / "tasks" / "ab" / "cdef.jpg"
    upload.parent.mkdir(parents=True, mode=0o700)
    upload.write_bytes(PICTURE)
    upload.chmod(0o600)
    return home, json.loads(made.stdout.splitlines()[-1])


@pytest.fixture
def made(seed) -> dict[str, Any]:
    return seed[1]


@pytest.fixture
def home(seed, folder: Path) -> Iterator[Path]:
    """A copy of the seeded home; whatever still works in it afterwards is ended."""
    path = Path(tempfile.mkdtemp(prefix="h", dir=folder))
    shutil.copytree(seed[0], path, dirs_exist_ok=True)
    path.chmod(0o700)
    yield path
    end_all(path)
    shutil.rmtree(path, ignore_errors=True)


def end_all(home: Path) -> None:
    for pid in processes_of(home):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def empty(folder: Path) -> Iterator[Path]:
    """A home that does not exist yet."""
    path = Path(tempfile.mkdtemp(prefix="e", dir=folder)) / "home"
    yield path
    end_all(path)
    shutil.rmtree(path.parent, ignore_errors=True)


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Starts launchers and makes sure that none outlives the test."""
    started: list[Running] = []

    def begin(home: Path, **env: str) -> Running:
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        started.append(Running(home, PYTHONPATH=path, **env))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.process.wait(15)
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
