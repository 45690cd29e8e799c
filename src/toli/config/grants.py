"""What the application's database role may do: everything but change what is append-only.

A table that blocks TRUNCATE by a trigger is append-only: that trigger, written in its room's
migration, is the one place where it is said.
"""

from __future__ import annotations

from django.db import connection

from toli.config.postgres import APP

TABLES = """
SELECT c.oid::regclass::text,
       EXISTS (SELECT 1 FROM pg_trigger t
               WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND (t.tgtype & 32) <> 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


def apply() -> None:
    """Give the application's role its rights on the tables of now; nothing where there is no such role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
        if cursor.fetchone() is None:
            return
        cursor.execute("SELECT current_setting('server_version_num')::int >= 170000")
        # A bulk load needs fresh statistics for its own plans; before PostgreSQL 17 only an owner can make them.
        may_analyze = ", MAINTAIN" if cursor.fetchone()[0] else ""
        cursor.execute(TABLES)
        for table, append_only in cursor.fetchall():
            powers = "SELECT, INSERT" if append_only else f"SELECT, INSERT, UPDATE, DELETE{may_analyze}"
            cursor.execute(f"REVOKE ALL ON {table} FROM {APP}; GRANT {powers} ON {table} TO {APP}")
        cursor.execute(
            f"GRANT USAGE ON SCHEMA public TO {APP};"
            f" GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP};"
            f" GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP}"
        )
