"""Large statements over rows written a moment ago, which the planner knows nothing of yet."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def hash_joins() -> Iterator[None]:
    """No nested loops inside: without statistics the planner takes thousands of rows for a few, and loops for hours."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")
