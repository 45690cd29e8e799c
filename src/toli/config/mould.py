"""A database folder that was migrated once; tests pour copies of it instead of migrating again."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toli.config import parts, postgres

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "toli"
FOLDER = ROOT / "build" / "mould"
SHAPES = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "config/grants.py", "config/postgres.py")


def pour(home: Path) -> None:
    """Give `home` a migrated database, owned by whoever may run it. Migrates when no mould fits this code."""
    with _lock():
        if not _fits():
            _cast()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(FOLDER / "postgres", home / "postgres")
    for path in (FOLDER / "postgres", *(FOLDER / "postgres").rglob("*")):
        facts = path.stat()
        os.chown(home / path.relative_to(FOLDER), facts.st_uid, facts.st_gid)


@contextmanager
def _lock() -> Iterator[None]:
    FOLDER.parent.mkdir(exist_ok=True)
    with open(FOLDER.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def shape() -> str:
    """A digest of all that decides how a migrated database looks."""
    paths = sorted(path for pattern in SHAPES for path in PACKAGE.glob(pattern))
    found = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    for path in paths:
        found.update(f"{path}\0".encode() + path.read_bytes())
    return found.hexdigest()


def _fits() -> bool:
    stamp = FOLDER / "shape"
    return stamp.exists() and stamp.read_text() == shape()


def _cast() -> None:
    """Migrate a new database as an operator does. Raises CalledProcessError."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    wanted, server = shape(), postgres.Server(FOLDER, safe=False)
    server.start()
    try:
        subprocess.run(
            [sys.executable, "-m", "toli.cli", "migrate"],
            env=parts.environment(TOLI_HOME=str(FOLDER), OWNER_DATABASE_URL=server.url(user=postgres.OWNER)),
            check=True,
        )
    finally:
        server.stop()
    (FOLDER / "shape").write_text(wanted)
