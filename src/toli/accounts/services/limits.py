"""Counting what is limited: one statement for all that is counted, the same for any number of web processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from toli.accounts import limits
from toli.accounts.models import Usage
from toli.kit import secrets
from toli.kit.errors import LimitReached

# Rows are taken in the order of their key, so that two requests never wait for each other crosswise.
SPEND = """
INSERT INTO accounts_usage (act, scope, who, starts_at, n)
SELECT %(act)s, scope, who, starts_at, 1
  FROM unnest(%(scopes)s::text[], %(whos)s::text[], %(starts)s::timestamptz[]) AS asked (scope, who, starts_at)
 ORDER BY scope, who
ON CONFLICT (act, scope, who, starts_at) DO UPDATE SET n = accounts_usage.n + 1
RETURNING scope, n
"""


def spend(act: str, *, by: Mapping[str, str], now: datetime) -> None:
    """Count one act for each of `by` (scope to who: {"person": "12", "address": "192.0.2.1"}).

    Raises LimitReached for the first scope that did it too often. What is refused is counted too: trying faster does
    not help. Nobody is kept readable.
    """
    counted = {scope: limit for scope in sorted(by) if by[scope] and (limit := limits.limit_for(act, scope))}
    if not counted:
        return
    asked: dict[str, Any] = {
        "act": act,
        "scopes": list(counted),
        "whos": [secrets.blind_index(f"{scope}:{by[scope]}", context="limit").hex() for scope in counted],
        "starts": [limit.starts_at(now) for limit in counted.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(SPEND, asked)
        rows = cursor.fetchall()
    for scope, n in sorted(rows, reverse=True):  # a person's own limit is named before the network's
        if n > counted[scope].most:
            raise LimitReached(limits.sentence_for(act, scope), retry_after=counted[scope].seconds_left(now))


def forget_usage(*, before: datetime) -> int:
    """Erase counts of windows that began earlier. How many."""
    return Usage.objects.filter(starts_at__lt=before).delete()[0]
