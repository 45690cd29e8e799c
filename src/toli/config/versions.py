"""Whether the data and this code are of the same time."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from toli.config.backups.restoring import ASIDE

CUT_OFF = (
    "A restore was cut off here. Nothing is lost: run the same `toli restore` again; it first puts back what stood "
    "here before."
)


def restore_was_cut_off() -> bool:
    """True when a killed `toli restore` left what stood here before beside."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)", [ASIDE])
        return bool(cursor.fetchone()[0])


def newer_migrations() -> list[str]:
    """Migrations the data has seen and this code does not know, as "room.name"."""
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations or {})
    unknown = (key for key in loader.applied_migrations if key not in known)
    return sorted(f"{room}.{name}" for room, name in unknown)


def sentence(strangers: list[str]) -> str:
    return (
        f"This data was made by a newer Toli (it knows {', '.join(strangers[:3])}). Nothing was changed. "
        "Update the program, or start with another TOLI_HOME."
    )


def is_behind() -> bool:
    """True when a migration waits."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
