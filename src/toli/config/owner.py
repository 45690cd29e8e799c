"""The role that owns the tables: for migrations and large loads, which must tell the planner what they wrote."""

from __future__ import annotations

import os

from toli.config import env, postgres


def connect_as_owner() -> None:
    """Make this process connect as the owner. Call it before Django reads its settings."""
    found = env.read()
    socket = postgres.url(postgres.socket_folder(found.home), user=postgres.OWNER)
    os.environ["DATABASE_URL"] = found.owner_database_url or found.database_url or socket
    env.read.cache_clear()
