"""Large statements over rows written a moment ago, which the planner knows nothing of yet."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def hash_joins() -> Iterator[None]:
    """No other joins inside: without statistics the planner takes thousands of rows for a few, and loops for hours.

    A merge join does so too where it is sorted by the first of two columns and compares the second row by row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on")
