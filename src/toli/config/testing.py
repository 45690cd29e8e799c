"""A pytest plugin: a private database server, named before Django reads its settings."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from toli.config import postgres
from toli.kit.secrets import create_keyring


def _prepare() -> Path:
    for name in [
        n for n in os.environ if n.startswith("TOLI_") and n not in ("TOLI_REQUIRE", "TOLI_DATA", "TOLI_BROWSER")
    ]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="toli-test-"))
    os.environ["TOLI_MODE"] = "test"
    os.environ["TOLI_HOME"] = str(home)
    os.environ["DATABASE_URL"] = postgres.url(postgres.socket_folder(home), user=postgres.OWNER)
    os.environ["DJANGO_SETTINGS_MODULE"] = "toli.config.settings"
    create_keyring()
    atexit.register(_end, os.getpid())
    return home


def _end(starter: int) -> None:
    if os.getpid() == starter:
        SERVER.stop(2.0)
        shutil.rmtree(HOME, ignore_errors=True)


HOME = _prepare()
SERVER = postgres.Server(HOME, safe=False, settings={"shared_buffers": "64MB", "max_connections": "120"})


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Each worker of xdist has a server of its own: a transaction of one never holds up the other."""
    options = session.config.option
    if not options.collectonly and not getattr(options, "numprocesses", None):
        SERVER.start()
