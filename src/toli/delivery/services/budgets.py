"""Allowances that all workers share: one row each, taken from in one statement, so two never take the same place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from toli.delivery.limits import Allowance
from toli.delivery.models import Budget

KEEP = timedelta(days=3)

# A place is free where, after it, no more is spent ahead than the room. Locked in the order of the keys: no deadlock.
TAKE = """
INSERT INTO delivery_budget AS b (key, used_until, room)
SELECT a.key, %(now)s + a.cost, a.room
FROM unnest(%(keys)s::text[], %(costs)s::interval[], %(rooms)s::interval[]) AS a(key, cost, room)
ORDER BY a.key
ON CONFLICT (key) DO UPDATE
   SET used_until = greatest(b.used_until, %(now)s) + (excluded.used_until - %(now)s), room = excluded.room
 WHERE greatest(b.used_until, %(now)s) + (excluded.used_until - %(now)s) <= %(now)s + excluded.room
   AND (b.rests_until IS NULL OR b.rests_until <= %(now)s)
RETURNING b.key
"""

# As many of %(wanted)s as there is room for, in one row.
TAKE_SOME = """
WITH had AS (
    INSERT INTO delivery_budget (key, used_until, room) VALUES (%(key)s, %(now)s, %(room)s)
    ON CONFLICT (key) DO UPDATE SET used_until = delivery_budget.used_until RETURNING used_until, rests_until
), given AS (
    SELECT CASE WHEN rests_until > %(now)s THEN 0 ELSE
        greatest(0, least(%(wanted)s, floor(extract(epoch FROM %(now)s + %(room)s - greatest(used_until, %(now)s))
                                            / extract(epoch FROM %(cost)s::interval) + 0.000001)))::int END AS n
    FROM had
)
SELECT n FROM given
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """One place of one allowance."""

    key: str
    allowance: Allowance


def take(asks: Collection[Ask], *, now: datetime) -> frozenset[str]:
    """Take one place of each; the keys that had one. Each key once."""
    if not asks:
        return frozenset()
    given: dict[str, Any] = {
        "now": now, "keys": [ask.key for ask in asks], "costs": [ask.allowance.cost for ask in asks],
        "rooms": [ask.allowance.room for ask in asks],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TAKE, given)
        return frozenset(row[0] for row in cursor.fetchall())


@transaction.atomic
def take_all(asks: Sequence[Ask], *, now: datetime) -> datetime | None:
    """Take one place of every allowance, or of none: None when it did, else when to ask again."""
    had = take(asks, now=now)
    if len(had) == len(asks):
        return None
    again = free_at([ask for ask in asks if ask.key not in had], now=now)
    transaction.set_rollback(True)
    return again


@transaction.atomic
def take_some(ask: Ask, wanted: int, *, now: datetime) -> int:
    """Take as many places of one allowance as there are, at most `wanted`; how many."""
    given: dict[str, Any] = {
        "key": ask.key, "now": now, "wanted": wanted, "room": ask.allowance.room, "cost": ask.allowance.cost,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TAKE_SOME, given)
        places = int(cursor.fetchone()[0])
        if places:
            cursor.execute(
                "UPDATE delivery_budget SET used_until = greatest(used_until, %(now)s) + %(n)s * %(cost)s::interval"
                " WHERE key = %(key)s",
                {**given, "n": places},
            )
    return places


def free_at(asks: Sequence[Ask], *, now: datetime) -> datetime:
    """When all of these have a place again, as things stand."""
    rows = {row.key: row for row in Budget.objects.filter(key__in=[ask.key for ask in asks])}
    return max([_free(rows[ask.key], ask.allowance, now) for ask in asks if ask.key in rows], default=now)


def _free(row: Budget, allowance: Allowance, now: datetime) -> datetime:
    spent = row.used_until + allowance.cost - allowance.room
    return max(spent, row.rests_until or now, now)


def rest(ask: Ask, *, until: datetime, now: datetime) -> None:
    """The provider asked for a pause: nobody takes a place of it before."""
    fresh = {"used_until": now, "rests_until": until, "room": ask.allowance.room}
    row, made = Budget.objects.get_or_create(key=ask.key, defaults=fresh)
    if not made and (row.rests_until is None or row.rests_until < until):
        Budget.objects.filter(pk=ask.key).update(rests_until=until)


def erase_spent(*, now: datetime) -> int:
    """Forget allowances nobody has taken from for days, those of persons among them. How many."""
    return Budget.objects.filter(used_until__lt=now - KEEP).delete()[0]
