"""Takes a backup while everything runs: one REPEATABLE READ snapshot, shared with pg_dump."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from toli.config.backups import programs
from toli.config.backups.archive import DUMP, UPLOADS, BadBackup, Writer, fingerprint, new_file
from toli.config.backups.programs import Say
from toli.kit import secrets as keyring

WITHOUT_ROWS = ["public.django_session", "public.usersessions_usersession"]
"""Nobody is signed in after a restore: who stole a session before must prove the number again."""

TABLES = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1
"""


def take(path: Path, *, address: str, uploads: Path, say: Say) -> dict[str, Any]:
    """Write the backup of one moment to `path`; its manifest. Raises BadBackup or OSError; then there is no file."""
    with new_file(path) as file, psycopg.connect(address, connect_timeout=15) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        facts, snapshot = _facts(connection), _one(connection, "SELECT pg_export_snapshot()")
        say(f"Backing up {sum(facts['rows'].values()):,} rows of {len(facts['rows'])} tables ...")
        writer = Writer(file)
        with programs.dump(
            address, snapshot=snapshot, without_rows=WITHOUT_ROWS, tables=len(facts["rows"]), say=say
        ) as dumped:
            writer.add(DUMP, dumped)
        facts["uploads"] = _add_uploads(writer, uploads, say)
        return writer.finish(facts)


def _facts(connection: psycopg.Connection) -> dict[str, Any]:
    """What a restore is compared with."""
    try:
        seen = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    except psycopg.errors.UndefinedTable:
        raise BadBackup("This database holds no Toli: there is nothing to back up.") from None
    position, head = connection.execute("SELECT position, encode(head, 'hex') FROM audit_seal_state").fetchone() or (
        0,
        "",
    )
    demo = connection.execute("SELECT is_demo FROM accounts_deployment").fetchone()
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "postgres": _one(connection, "SHOW server_version"),
        "migrations": [name for (name,) in seen],
        "demo": demo[0] if demo else None,
        "chain": {"position": position, "head": head},
        "rows": _rows(connection),
        "keys": fingerprint(keyring.keyring()),
    }


def _rows(connection: psycopg.Connection) -> dict[str, int]:
    """Rows by table, of those whose rows are kept."""
    return {
        name: int(_one(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(name))))
        for (name,) in connection.execute(TABLES).fetchall()
        if f"public.{name}" not in WITHOUT_ROWS
    }


def _one(connection: psycopg.Connection, statement: str | sql.Composed) -> Any:
    row = connection.execute(statement).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


def _add_uploads(writer: Writer, folder: Path, say: Say) -> int:
    """Uploads are named by their contents and never change; one that is erased meanwhile is due to be."""
    found = 0
    for path in _files(folder):
        try:
            with path.open("rb") as source:
                writer.add(f"{UPLOADS}{path.relative_to(folder).as_posix()}", source)
        except FileNotFoundError:
            continue
        found += 1
        if found % 1000 == 0:
            say(f"  {found:,} uploads")
    return found


def _files(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        for name in sorted(names):
            path = Path(place) / name
            if path.suffix != ".new" and not path.is_symlink() and path.is_file():
                yield path
