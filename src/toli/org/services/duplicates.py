"""Looking for entries that may be one person, and saying that two are not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, queries
from toli.org.queries import duplicates
from toli.people import services as people
from toli.people.models import DuplicatePair

# Everybody active: where they are at home, and the district around it. Bounds are a range of paths.
HOMES = """
SELECT p.id AS person_id, m.unit_id AS home, coalesce(d.id, m.unit_id) AS area
FROM people_person p
LEFT JOIN org_membership m ON m.person_id = p.id AND m.valid_to IS NULL
LEFT JOIN org_unit u ON u.id = m.unit_id
LEFT JOIN (
    SELECT below.id AS unit_id, top.id FROM org_unit top JOIN org_level v ON v.id = top.level_id AND v.key = 'district'
    JOIN org_unit below ON below.path >= top.path AND below.path < left(top.path, -1) || '0'
    WHERE top.path <> ''
) d ON d.unit_id = m.unit_id
WHERE p.state = 'active' AND ({within})
"""

# A person who is doubted no longer counts as verified on their live seats, and counts again when it is settled.
RECOUNT_VERIFIED = """
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT s.unit_id, w.wing_id, 'verified', DATE '1970-01-01', sum(CASE WHEN x.flag THEN -1 ELSE 1 END)
FROM unnest(%(persons)s::bigint[], %(flags)s::boolean[]) AS x(person_id, flag)
JOIN org_appointment a ON a.person_id = x.person_id AND a.state = 'accepted' AND a.suspended_at IS NULL
    AND a.handing_over_until IS NULL
JOIN org_seat s ON s.id = a.seat_id AND s.closed_at IS NULL
JOIN people_contactpoint c ON c.person_id = x.person_id AND c.valid_to IS NULL
    AND c.verified_at > %(now)s - interval '180 days'
CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(s.wing_id, 0)) AS w(wing_id)
GROUP BY 1, 2 HAVING sum(CASE WHEN x.flag THEN -1 ELSE 1 END) <> 0
"""


@transaction.atomic
def find_duplicates(*, now: datetime, ranges: list[tuple[str, str]] | None = None) -> int:
    """Look for pairs among everybody, or among people at home in these ranges of paths; how many are new.

    One statement for all: a district of 15,000 takes about a second, 600,000 people under a minute.
    """
    people.fold_names()
    within, params = _within(ranges)
    found = people.find_pairs(homes=HOMES.format(within=within), params=params, now=now)
    refresh_flags(now=now)
    return found


def _within(ranges: list[tuple[str, str]] | None) -> tuple[str, dict[str, Any]]:
    if ranges is None:
        return "true", {}
    parts = [f"(u.path >= %(lo{i})s AND u.path < %(hi{i})s)" for i in range(len(ranges))]
    bounds = {f"{name}{i}": bound for i, r in enumerate(ranges) for name, bound in zip(("lo", "hi"), r, strict=True)}
    return " OR ".join(parts) or "false", bounds


def refresh_flags(*, now: datetime) -> None:
    """Flag whoever stands in an open, sure pair, and let the figure "verified" follow."""
    changed = people.set_duplicate_flags()
    if changed:
        values: dict[str, Any] = {"persons": list(changed), "flags": list(changed.values()), "now": now}
        with connection.cursor() as cursor:
            cursor.execute(RECOUNT_VERIFIED, values)


def look_for_duplicates(*, actor: Actor, now: datetime) -> int:
    """The same at an officer's wish, in their own charge; how many are new. Raises NotFound, NeedsSecondFactor."""
    scope = access.visible(actor, duplicates.RIGHT)
    if not scope:
        raise NotFound()
    access.require_second_factor(actor, duplicates.RIGHT)
    found = find_duplicates(now=now, ranges=None if scope.everywhere else scope.ranges)
    audit.record(actor, "people.duplicates_sought", None, data={"found": found})
    return found


@transaction.atomic
def call_different(*, actor: Actor, ref: UUID, now: datetime) -> DuplicatePair:
    """Say that two entries are two persons: the pair is not suggested again. Raises NotFound, NeedsSecondFactor."""
    seen = duplicates.get_pair(actor=actor, ref=ref)
    people.lock_persons([seen.a_id, seen.b_id])  # persons before pairs, as a merge does
    pair = duplicates.get_pair(actor=actor, ref=ref, lock=True)
    people.decide_pair(pair=pair, state=DuplicatePair.State.DIFFERENT, by_id=actor.person_id, now=now)
    refresh_flags(now=now)
    batch = [audit.BatchTarget("people.person", p.ref) for p in (pair.a, pair.b)]
    audit.record(actor, "people.called_different", pair, unit=queries.home_unit_of(pair.a), batch=batch)
    return pair
