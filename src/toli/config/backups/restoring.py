"""Puts a backup back: into an empty database, or in the place of one that is named.

What stood there waits in a schema of its own until the new one is proved; a failure puts it back.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from toli.config.backups import programs
from toli.config.backups.archive import DUMP, UPLOADS, BadBackup, Reader, copy
from toli.config.backups.programs import Say
from toli.config.backups.taking import TABLES

ASIDE = "before_restore"
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""
# Numbers of transactions belong to a server. What is sealed lies below every horizon, what waits lies above it.
RENUMBER = """
UPDATE audit_record r SET xid = CASE
    WHEN EXISTS (SELECT FROM audit_link l WHERE l.record_id = r.id) THEN 0
    ELSE pg_current_xact_id()::text::bigint END;
UPDATE audit_seal_state SET horizon = pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
"""


def is_empty(address: str) -> bool:
    with psycopg.connect(address, connect_timeout=15) as connection:
        return not connection.execute(TABLES).fetchall()


def refuse_while_used(address: str) -> None:
    """Raises BadBackup when a Toli works in this database now."""
    with psycopg.connect(address, connect_timeout=15) as connection:
        row = connection.execute(OTHERS).fetchone()
        if row and row[0]:
            raise BadBackup(
                f"{row[0]} connections work in this database. Stop Toli (and whatever else uses it) first. "
                "Nothing was changed."
            )


def take_back(address: str, uploads: Path) -> bool:
    """Put back what a restore that was killed had moved aside. True when there was such a thing."""
    aside = _aside(uploads)
    with psycopg.connect(address, connect_timeout=15, autocommit=True) as connection:
        found = is_interrupted(connection)
        if found:
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
            _rename(connection, ASIDE, "public")
    if aside.exists():
        shutil.rmtree(uploads, ignore_errors=True)
        aside.rename(uploads)
    return found


def is_interrupted(connection: psycopg.Connection) -> bool:
    """True when a restore was killed halfway: what stood here before waits beside."""
    return connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE]).fetchone() is not None


def _aside(uploads: Path) -> Path:
    return uploads.with_name(f"{uploads.name}.{ASIDE}")


@contextmanager
def room_for_new(address: str) -> Iterator[None]:
    """An empty schema `public`; what was there comes back when the body fails, and goes when it does not."""
    with psycopg.connect(address, autocommit=True) as connection:
        _rename(connection, "public", ASIDE)
        try:
            connection.execute("CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
            yield
        except BaseException:
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
            _rename(connection, ASIDE, "public")
            raise
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(ASIDE)))


def _rename(connection: psycopg.Connection, old: str, new: str) -> None:
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


def load_database(reader: Reader, *, address: str, say: Say) -> None:
    """Load the dump into the empty schema `public`. Raises BadBackup when it is not exactly what was backed up."""
    tables = len(reader.manifest["rows"])
    for section, words in (("pre-data", ""), ("data", "Loading rows ..."), ("post-data", "Making indexes ...")):
        if words:
            say(words)
        if section == "post-data":  # before the triggers that keep records as they are
            _renumber(address)
        with reader.open(DUMP) as dump:
            programs.load(address, dump, section=section, tables=tables, say=say)
    _compare_rows(reader, address)


def _renumber(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("SET search_path = public")
        connection.execute(RENUMBER)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _compare_rows(reader: Reader, address: str) -> None:
    with psycopg.connect(address) as connection:
        for table, expected in reader.manifest["rows"].items():
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(table))
            row = connection.execute(query).fetchone()
            if row is None or row[0] != expected:
                raise BadBackup(
                    f"{table} has {row and row[0]} rows instead of {expected}: the backup did not load whole."
                )


@contextmanager
def uploads_in_place(reader: Reader, folder: Path) -> Iterator[None]:
    """The uploads of the backup instead of those in `folder`; these come back when the body fails."""
    fresh, aside = folder.with_name(f"{folder.name}.restoring"), _aside(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _unpack(reader, fresh)
        if folder.exists():
            folder.rename(aside)
        fresh.rename(folder)
        yield
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        if aside.exists():
            shutil.rmtree(folder, ignore_errors=True)
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _unpack(reader: Reader, folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    for name in reader.uploads:
        path = folder / name.removeprefix(UPLOADS)
        if not path.resolve().is_relative_to(folder.resolve()):
            raise BadBackup(f"The backup holds a file that would lie outside its folder: {name}.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        with path.open("wb") as target, reader.open(name) as source:
            copy(source, target)
