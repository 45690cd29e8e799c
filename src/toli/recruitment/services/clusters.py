"""Suspicious groups of applications: found for all drives at once, decided by a person with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, WrongState
from toli.kit.ids import uuid7
from toli.kit.text import clean
from toli.org import paths
from toli.recruitment import queries, velocity
from toli.recruitment.models import Cluster
from toli.recruitment.services.traces import mark_over

# One row per application and reason. A group is of one Indian day, so that a camp's phone of today is not the flood of
# next week; names are of one unit that somebody applied in lately, and have no day. A name that can be read in several
# ways counts under the reading that most share. Numbers in a row stand in one thousand; the same number twice is one.
POOL = """
CREATE TEMP TABLE cluster_pool ON COMMIT DROP AS
WITH recent AS (
    SELECT t.application_id, t.drive_id, t.at, t.over, t.answer_seconds, t.device_key, t.address_key,
           t.number_key, p.id AS person_id, a.link_id, a.unit_id, h.login_id,
           (t.at AT TIME ZONE 'Asia/Kolkata')::date AS day
    FROM recruitment_trace t
    JOIN recruitment_application a ON a.id = t.application_id
    JOIN people_person p ON p.id = a.person_id
    LEFT JOIN accounts_holder h ON h.id = p.holder_id
    WHERE t.at > %(since)s AND a.state <> 'withdrawn'
), said AS (
    SELECT r.drive_id, s.reason, s.key || ':' || r.day AS key, r.application_id, r.at, s.marked
    FROM recent r CROSS JOIN LATERAL (VALUES
        ('device', encode(r.device_key, 'hex'), 'device' = ANY(r.over)),
        ('address', encode(r.address_key, 'hex'), 'address' = ANY(r.over)),
        ('referrer', r.link_id::text, 'referrer' = ANY(r.over)),
        ('phone', r.login_id::text, 'phone' = ANY(r.over))
    ) AS s(reason, key, marked)
    WHERE s.key IS NOT NULL
), groups AS (
    SELECT drive_id, reason, key FROM said GROUP BY 1, 2, 3 HAVING bool_or(marked)
)
SELECT s.drive_id, s.reason, s.key, s.application_id, s.at FROM said s JOIN groups g USING (drive_id, reason, key)
UNION ALL
SELECT drive_id, 'speed', unit_id || ':' || day, application_id, at FROM (
    SELECT r.*, count(*) OVER (PARTITION BY drive_id, unit_id, day) AS n FROM recent r
    WHERE r.answer_seconds < %(fastest)s
) quick WHERE n >= %(fast_group)s
UNION ALL
SELECT drive_id, 'row', encode(number_key, 'hex') || ':' || day, application_id, at FROM (
    SELECT begun.*, count(*) OVER (PARTITION BY drive_id, number_key, day, nth) AS n FROM (
        SELECT stepped.*, count(*) FILTER (WHERE step > %(row_step)s) OVER (
            PARTITION BY drive_id, number_key, day ORDER BY last) AS nth
        FROM (
            SELECT r.drive_id, r.day, r.number_key, r.application_id, r.at, c.last_digits::int AS last,
                   c.last_digits::int - lag(c.last_digits::int) OVER (
                       PARTITION BY r.drive_id, r.number_key, r.day ORDER BY c.last_digits) AS step
            FROM recent r
            JOIN people_contactpoint c ON c.person_id = r.person_id AND c.kind = 'phone' AND c.valid_to IS NULL
            WHERE r.number_key IS NOT NULL AND c.last_digits ~ '^[0-9]{3}$'
        ) stepped WHERE step IS DISTINCT FROM 0
    ) begun
) rows WHERE n >= %(row)s
UNION ALL
SELECT drive_id, 'names', unit_id || ':' || key, id, submitted_at FROM (
    SELECT DISTINCT ON (id) * FROM (
        SELECT a.drive_id, a.unit_id, a.id, a.submitted_at, n.key,
               count(*) OVER (PARTITION BY a.drive_id, a.unit_id, n.key) AS n
        FROM recruitment_application a
        JOIN people_namekey n ON n.person_id = a.person_id AND n.key NOT LIKE '|%%' AND n.key NOT LIKE '^%%'
        JOIN org_unit u ON u.id = a.unit_id
        JOIN org_level l ON l.id = u.level_id AND l.key IN ('block', 'booth')
        WHERE a.state <> 'withdrawn' AND (a.drive_id, a.unit_id) IN (SELECT drive_id, unit_id FROM recent)
    ) keyed WHERE n >= %(same_names)s ORDER BY id, n DESC, key
) same
"""
GROUPS = """
SELECT p.drive_id, p.reason, p.key, count(DISTINCT p.application_id), min(p.at), max(p.at), min(u.path), max(u.path)
FROM cluster_pool p
JOIN recruitment_application a ON a.id = p.application_id
JOIN org_unit u ON u.id = a.unit_id
WHERE u.path <> '' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
KEEP = """
INSERT INTO recruitment_cluster AS c
    (ref, drive_id, unit_id, reason, key, size, first_at, last_at, found_at, state, words)
SELECT f.ref, f.drive_id, f.unit_id, f.reason, f.key, f.size, f.first_at, f.last_at, %(now)s, 'open', ''
FROM unnest(%(refs)s::uuid[], %(drives)s::bigint[], %(units)s::bigint[], %(reasons)s::text[], %(keys)s::text[],
            %(sizes)s::int[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
    AS f(ref, drive_id, unit_id, reason, key, size, first_at, last_at)
ON CONFLICT (drive_id, reason, key) DO UPDATE SET
    size = excluded.size, last_at = excluded.last_at, unit_id = excluded.unit_id,
    state = CASE WHEN excluded.size >= 1.5 * c.decided_size THEN 'open' ELSE c.state END
WHERE c.size < excluded.size
RETURNING c.ref, c.unit_id, c.state
"""
FILL = """
INSERT INTO recruitment_clustermember (cluster_id, application_id)
SELECT DISTINCT c.id, p.application_id FROM cluster_pool p JOIN recruitment_cluster c USING (drive_id, reason, key)
ON CONFLICT DO NOTHING
"""


class Group(NamedTuple):
    drive_id: int
    reason: str
    key: str
    size: int
    first_at: datetime
    last_at: datetime
    lowest_path: str
    highest_path: str

    @property
    def unit_id(self) -> int:
        """The lowest unit above all: what the first and the last path in byte order have in common."""
        shared = 0
        ends = paths.ancestors(self.lowest_path), paths.ancestors(self.highest_path)
        for one, other in zip(*ends, strict=False):
            if one != other:
                break
            shared = one
        return shared


@transaction.atomic
def find_clusters(*, actor: Actor, now: datetime) -> int:
    """Mark what came too fast and group it; how many groups are new or have grown. Safe to repeat."""
    since = now - velocity.SEEN
    mark_over(since=since)
    values: dict[str, Any] = {
        "since": since, "fastest": velocity.FASTEST, "fast_group": velocity.FAST_GROUP,
        "same_names": velocity.SAME_NAMES, "row": velocity.ROW, "row_step": velocity.ROW_STEP,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS cluster_pool")
        cursor.execute(POOL, values)
        cursor.execute(GROUPS)
        groups = [group for row in cursor.fetchall() if (group := Group(*row)).unit_id]
        cursor.execute(KEEP, _columns(groups, now))
        kept = cursor.fetchall()
        cursor.execute(FILL)
    if kept:
        batch = [audit.BatchTarget("recruitment.cluster", ref, unit_id) for ref, unit_id, _state in kept]
        audit.record(actor, "recruitment.clusters_found", None, data={"groups": len(kept)}, batch=batch)
    return len(kept)


def _columns(groups: list[Group], now: datetime) -> dict[str, Any]:
    return {
        "now": now, "refs": [uuid7() for _group in groups], "drives": [g.drive_id for g in groups],
        "units": [g.unit_id for g in groups], "reasons": [g.reason for g in groups], "keys": [g.key for g in groups],
        "sizes": [g.size for g in groups], "firsts": [g.first_at for g in groups],
        "lasts": [g.last_at for g in groups],
    }  # fmt: skip


@transaction.atomic
def decide_cluster(*, actor: Actor, ref: UUID, state: str, words: str, now: datetime) -> Cluster:
    """Say what a group turned out to be, with the reason. Raises NotFound, NotAllowed, BadInput or WrongState."""
    cluster = queries.get_cluster(actor=actor, ref=ref, right="recruitment.manage", lock=True)
    words = clean(words)
    if state not in (Cluster.State.CLEARED, Cluster.State.CONFIRMED):
        raise BadInput(fields={"state": _("Please choose what you found.")})
    if not 4 <= len(words) <= 200:
        raise BadInput(fields={"words": _("Please write in a few words how you know, at most 200 letters.")})
    if cluster.state == state:
        raise WrongState(_("This was decided already. Nothing was changed."))
    cluster.state, cluster.words, cluster.decided_at, cluster.decided_size = state, words, now, cluster.size
    cluster.decided_by_id = actor.person_id or 0
    cluster.save(update_fields=["state", "words", "decided_at", "decided_size", "decided_by_id"])
    verb = "recruitment.cluster_cleared" if state == Cluster.State.CLEARED else "recruitment.cluster_confirmed"
    audit.record(actor, verb, cluster, unit=cluster.unit, data={"people": cluster.size})
    return cluster
