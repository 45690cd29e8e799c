"""A pytest plugin: a private database server, named before Django reads its settings."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from toli.config import postgres
from toli.kit.secrets import create_keyring

PREFIX = "toli-test-"
STALE_SECONDS = 3600.0


def sweep() -> None:
    """Remove what runs that were killed left: old folders no server works in."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > STALE_SECONDS and not postgres.servers_in(folder / "postgres"):
                shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> Path:
    for name in [
        n for n in os.environ if n.startswith("TOLI_") and n not in ("TOLI_REQUIRE", "TOLI_DATA", "TOLI_BROWSER")
    ]:
        del os.environ[name]
    sweep()
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
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


NOT_SEEDS = ("django_migrations", "django_content_type", "auth_permission")


def keep_seeds() -> None:
    """Put back, after a test that emptied the tables, the rows that migrations wrote: they belong to the schema."""
    from django.apps import apps
    from django.db import connection
    from django.db.models.signals import post_migrate

    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS seeds")
        tables = [t for t in connection.introspection.django_table_names(only_existing=True) if t not in NOT_SEEDS]
        seeds = [table for table in tables if _has_rows(cursor, table)]
        for table in seeds:
            cursor.execute(f'CREATE TABLE IF NOT EXISTS seeds."{table}" AS TABLE public."{table}"')
    sender = apps.get_app_config("contenttypes")  # one sender: the signal comes once for each app
    post_migrate.connect(_put_back(seeds), sender=sender, weak=False, dispatch_uid="toli.seeds")


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')  # noqa: S608 - our own table
    return bool(cursor.fetchone()[0])


def _put_back(tables: list[str]) -> Callable[..., None]:
    from django.db import connection, transaction

    def put_back(**_signal: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE SELECT * FROM seeds."{table}"'  # noqa: S608
                    " ON CONFLICT DO NOTHING"
                )

    return put_back
