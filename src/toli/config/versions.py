"""Whether the data and this code are of the same time."""

from __future__ import annotations

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


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
