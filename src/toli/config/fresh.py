"""Whether the data was made ready by this very code: then a start needs no migration. Never imports Django."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import psycopg

from toli.config.backups.restoring import ASIDE

PACKAGE = Path(__file__).resolve().parents[1]
MARK = "release"
NOTE = """
INSERT INTO audit_flow_cursor (name, position) VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET position = excluded.position
"""
FOUND = """
SELECT (SELECT position FROM audit_flow_cursor WHERE name = %s),
       (SELECT string_agg(app || '.' || name, ' ' ORDER BY app, name) FROM django_migrations),
       EXISTS (SELECT FROM accounts_deployment),
       EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)
"""


def mark(applied: str) -> int:
    """A number for this code, the packages it runs with, and the migrations the data has seen."""
    found = hashlib.sha256(applied.encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        facts = path.stat()
        found.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    for package in sorted(Path(psycopg.__file__).parents[1].glob("*.dist-info")):
        found.update(package.name.encode())
    return int.from_bytes(found.digest()[:7], "big")


def note(cursor: Any) -> None:
    """Remember that the data is ready for this code. Called by `toli migrate` when it has done its work."""
    cursor.execute(FOUND, [MARK, ASIDE])
    cursor.execute(NOTE, [MARK, mark(cursor.fetchone()[1])])


def is_ready(address: str, *, filled: bool) -> bool:
    """True when `toli migrate` would change nothing; with `filled` also only where a deployment is in the data."""
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            row = connection.execute(FOUND, [MARK, ASIDE]).fetchone()
    except psycopg.Error:
        return False  # no tables yet, or those of a restore that was cut off: the migration says what is wrong
    if row is None or row[0] is None:
        return False
    noted, applied, has_deployment, cut_off = row
    return not cut_off and (has_deployment or not filled) and noted == mark(applied)
