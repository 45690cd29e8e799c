"""Who is meant: the conditions of an audience, and the one statement that finds its people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions that all hold; an empty one leaves nobody out. Ids of units, wings and roles; kinds; language tags."""

    scope: Collection[int]
    wings: Collection[int] = field(default=())
    roles: Collection[int] = field(default=())
    trained: Collection[str] = field(default=())
    languages: Collection[str] = field(default=())

    def said(self) -> dict[str, list[Any]]:
        """In canonical form, as it is kept and hashed."""
        names = ("scope", "wings", "roles", "trained", "languages")
        return {name: sorted(set(getattr(self, name))) for name in names}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Wanted:
        return cls(**said)


# The constituency of each place: by the organisation's tree, else by the electoral one.
PLACES = """
seats AS (
    SELECT c.id, c.path FROM org_unit c JOIN org_level v ON v.id = c.level_id
    WHERE v.key = 'constituency' AND c.active AND c.path <> ''
), below AS (
    SELECT s.id AS unit, s.id AS seat FROM seats s
    UNION
    SELECT k.child_id, b.seat FROM below b
    JOIN org_unitlink k ON k.parent_id = b.unit AND k.hierarchy = 'electoral' AND k.valid_to IS NULL
), places AS MATERIALIZED (
    SELECT unit, min(seat) AS seat FROM (
        SELECT u.id AS unit, s.id AS seat FROM seats s
        JOIN org_unit u ON u.path >= s.path AND u.path < left(s.path, -1) || '0'
        UNION ALL
        SELECT b.unit, b.seat FROM below b JOIN org_unit u ON u.id = b.unit
        WHERE NOT EXISTS (SELECT 1 FROM seats s WHERE u.path >= s.path AND u.path < left(s.path, -1) || '0')
    ) every GROUP BY unit
)
"""

PEOPLE = """
people AS (
    SELECT p.id AS person, places.seat AS unit, coalesce(l.language, 'hi') AS language{ways}
    FROM org_membership m
    JOIN org_unit u ON u.id = m.unit_id
    JOIN people_person p ON p.id = m.person_id AND p.state = 'active'
    LEFT JOIN accounts_holder h ON h.id = p.holder_id
    LEFT JOIN accounts_login l ON l.id = h.login_id
    LEFT JOIN places ON places.unit = u.id
    WHERE m.valid_to IS NULL{conditions}
)
"""
WING = " AND m.wing_id = ANY(%(wings)s::bigint[])"
LANGUAGE = " AND coalesce(l.language, 'hi') = ANY(%(languages)s::text[])"
ROLE = """ AND p.id IN (SELECT a.person_id FROM org_appointment a JOIN org_seat s ON s.id = a.seat_id
    WHERE a.state = 'accepted' AND s.closed_at IS NULL AND s.role_id = ANY(%(roles)s::bigint[]))"""
TRAINED = """ AND p.id IN (SELECT q.person_id FROM people_qualification q
    WHERE q.kind = ANY(%(trained)s::text[]) AND (q.expires_at IS NULL OR q.expires_at > %(now)s))"""


@dataclass(frozen=True, slots=True)
class Ways:
    """For each channel the condition under which it is open to a person, and its values."""

    conditions: Mapping[str, str]
    values: Mapping[str, Any]


def people_sql(
    wanted: Wanted, ranges: Collection[tuple[str, str]], ways: Ways, *, now: datetime
) -> tuple[str, dict[str, Any]]:
    """WITH clause whose `people` are person, unit, language and a column for each way; with its values."""
    values: dict[str, Any] = {**wanted.said(), **ways.values, "now": now}
    scope = []
    for place, (low, high) in enumerate(ranges):
        values[f"low{place}"], values[f"high{place}"] = low, high
        scope.append(f"(u.path >= %(low{place})s AND u.path < %(high{place})s)")
    conditions = f" AND ({' OR '.join(scope) or 'false'})"
    given = ((wanted.wings, WING), (wanted.roles, ROLE), (wanted.trained, TRAINED), (wanted.languages, LANGUAGE))
    conditions += "".join(sql for chosen, sql in given if chosen)
    columns = "".join(f", ({condition}) AS by_{channel}" for channel, condition in ways.conditions.items())
    return f"WITH RECURSIVE {PLACES}, {PEOPLE.format(ways=columns, conditions=conditions)}", values
