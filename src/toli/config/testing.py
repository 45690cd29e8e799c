"""A pytest plugin: a private database server, named before Django reads its settings."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from toli.config import mould, postgres
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
        mould.pour(HOME)
        SERVER.start()


NOT_SEEDS = ("django_migrations", "django_content_type", "auth_permission")
TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> ALL (%s)
ORDER BY relname
"""


def prepare_database() -> None:
    """Make the poured database ready for tests, once a session: `start_over` puts it back as it is now."""
    with psycopg.connect(SERVER.url(user=postgres.SUPERUSER)) as superuser:
        superuser.execute(f"GRANT SET ON PARAMETER session_replication_role TO {postgres.OWNER}")
    from django.db import connection

    from toli.config import releases

    with connection.cursor() as cursor:
        # The release that filled the mould may be older than this code; in tests nobody has migrated last.
        cursor.execute("DELETE FROM audit_flow_cursor WHERE name = %s", [releases.FOLLOWER])
        cursor.execute("CREATE SCHEMA seeds")
        cursor.execute(TABLES, [list(NOT_SEEDS)])
        tables = [name for (name,) in cursor.fetchall()]
        steps = [f"DELETE FROM public.{table};" for table in tables]  # noqa: S608 - our own tables
        steps += [_keep(cursor, table) for table in tables if _has_rows(cursor, table)]
        cursor.execute(
            "CREATE PROCEDURE seeds.start_over() LANGUAGE plpgsql SET session_replication_role = replica"
            f" AS $$ BEGIN {' '.join(steps)} END $$"
        )


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM public.{table})")  # noqa: S608
    return bool(cursor.fetchone()[0])


def _keep(cursor: Any, table: str) -> str:
    """Lay the rows of a table aside; what puts them back."""
    cursor.execute(f"CREATE TABLE seeds.{table} AS TABLE public.{table}")
    return f"INSERT INTO public.{table} OVERRIDING SYSTEM VALUE TABLE seeds.{table};"


def start_over(_case: object = None) -> None:
    """Put the tables back as migrations left them. Django empties all of them, full or not, and asks every app to
    fill in its names again; this takes a fortieth of that.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CALL seeds.start_over()")
