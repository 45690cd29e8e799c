"""Finding entries that may be one person. All of it is set-based; only a name's sounds are worked out one by one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from toli.people import queries
from toli.people.matching import name_keys
from toli.people.models import DuplicatePair, NameKey, Person

BATCH = 20_000
LARGEST_GROUP = 30
"""A name that more people of one place share than this tells nothing."""
SURE = 80
"""From this score on the pair lowers the figure "verified" until somebody looked at it."""

ADD_KEYS = """
INSERT INTO people_namekey (person_id, key) SELECT * FROM unnest(%s::bigint[], %s::text[])
"""

# homes: person_id, home, area; one row for each active person who is looked at. Every pair is (a, b) with a < b.
FIND = """
WITH homes AS MATERIALIZED ({homes}),
who AS MATERIALIZED (
    SELECT h.person_id, h.home, h.area, p.birth_year AS year, c.index AS number
    FROM homes h JOIN people_person p ON p.id = h.person_id AND p.state = 'active'
    LEFT JOIN people_contactpoint c ON c.person_id = p.id AND c.kind = 'phone' AND c.valid_to IS NULL
), keyed AS MATERIALIZED (
    SELECT w.person_id, w.home, w.area, w.year, k.key,
           count(*) OVER (PARTITION BY k.key, w.home) AS here,
           count(*) OVER (PARTITION BY k.key, w.area, w.year) AS near
    FROM who w JOIN people_namekey k ON k.person_id = w.person_id AND k.key NOT LIKE '^%%'
), at_home AS (
    SELECT a.person_id AS a, b.person_id AS b, bool_or(a.year = b.year) AS one_year
    FROM keyed a JOIN keyed b ON b.key = a.key AND b.home = a.home AND b.person_id > a.person_id
    WHERE a.here BETWEEN 2 AND %(most)s AND b.here BETWEEN 2 AND %(most)s GROUP BY 1, 2
), of_year AS (
    SELECT DISTINCT a.person_id AS a, b.person_id AS b
    FROM keyed a JOIN keyed b ON b.key = a.key AND b.area = a.area AND b.year = a.year AND b.person_id > a.person_id
    WHERE a.near BETWEEN 2 AND %(most)s AND b.near BETWEEN 2 AND %(most)s
), numbered AS (
    SELECT person_id, number, count(*) OVER (PARTITION BY number) AS on_it FROM who WHERE number IS NOT NULL
), of_number AS (
    SELECT a.person_id AS a, b.person_id AS b, EXISTS (
        SELECT FROM people_namekey x JOIN people_namekey y ON y.key = x.key
        WHERE x.person_id = a.person_id AND y.person_id = b.person_id) AS named
    FROM numbered a JOIN numbered b ON b.number = a.number AND b.person_id > a.person_id
    WHERE a.on_it BETWEEN 2 AND %(most)s AND b.on_it BETWEEN 2 AND %(most)s
), found AS MATERIALIZED (
    SELECT DISTINCT ON (a, b) a, b, why, score FROM (
        SELECT a, b, CASE WHEN named THEN 'number_and_name' ELSE 'number' END AS why,
               CASE WHEN named THEN 100 ELSE 30 END AS score FROM of_number
        UNION ALL SELECT a, b, CASE WHEN one_year THEN 'name_home_year' ELSE 'name_home' END,
               CASE WHEN one_year THEN 90 ELSE 50 END FROM at_home
        UNION ALL SELECT a, b, 'name_year', 60 FROM of_year
    ) x ORDER BY a, b, score DESC
), stale AS (
    DELETE FROM people_duplicatepair d WHERE d.state = 'open'
      AND d.a_id IN (SELECT person_id FROM homes) AND d.b_id IN (SELECT person_id FROM homes)
      AND NOT EXISTS (SELECT FROM found f WHERE f.a = d.a_id AND f.b = d.b_id) RETURNING 1
), written AS (
    INSERT INTO people_duplicatepair AS d (ref, a_id, b_id, why, score, state, found_at)
    SELECT gen_random_uuid(), a, b, why, score, 'open', %(now)s FROM found
    ON CONFLICT (a_id, b_id) DO UPDATE SET why = excluded.why, score = excluded.score
    WHERE d.state = 'open' AND d.why <> excluded.why RETURNING xmax = 0 AS fresh
)
SELECT count(*) FILTER (WHERE fresh) FROM written
"""

SET_FLAGS = """
WITH doubted AS (
    SELECT a_id AS id FROM people_duplicatepair WHERE state = 'open' AND score >= %(sure)s
    UNION SELECT b_id FROM people_duplicatepair WHERE state = 'open' AND score >= %(sure)s
)
UPDATE people_person p SET duplicate_flag = NOT p.duplicate_flag
WHERE p.state = 'active' AND p.duplicate_flag <> (p.id IN (SELECT id FROM doubted))
RETURNING p.id, p.duplicate_flag
"""


def fold_names() -> int:
    """Work out the keys of every name that has none yet; how many persons. 600,000 names take about 30 s, once."""
    done, last = 0, 0
    while rows := queries.names_without_keys(after=last, limit=BATCH):
        keys = [(pk, key) for pk, name in rows for key in name_keys(name) or [f"#{pk}"]]
        with connection.cursor() as cursor:
            cursor.execute(ADD_KEYS, [[pk for pk, _key in keys], [key for _pk, key in keys]])
        done, last = done + len(rows), rows[-1][0]
    return done


def forget_keys(*, person_ids: Sequence[int]) -> None:
    """A name changed or went: its keys are worked out again, or never."""
    NameKey.objects.filter(person__in=person_ids).delete()


def find_pairs(*, homes: str, params: Mapping[str, Any], now: datetime) -> int:
    """Write down every pair that may be one person among those of `homes`; how many are new.

    `homes` is a SELECT written by us (person_id, home, area), `params` its values. A pair that somebody called
    different stays so; an open one that no longer looks alike goes. 600,000 people take about 20 s.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_namekey")
        cursor.execute(FIND.format(homes=homes), {**params, "most": LARGEST_GROUP, "now": now})
        return int(cursor.fetchone()[0])


def set_duplicate_flags() -> dict[int, bool]:
    """Flag whoever stands in an open, sure pair and nobody else: {person id: flag} of those that changed."""
    with connection.cursor() as cursor:
        cursor.execute(SET_FLAGS, {"sure": SURE})
        return dict(cursor.fetchall())


@transaction.atomic
def decide_pair(*, pair: DuplicatePair, state: str, by_id: int | None, now: datetime) -> None:
    """Close a pair whose row the caller holds locked."""
    pair.state, pair.decided_at, pair.decided_by_id = state, now, by_id
    pair.save(update_fields=["state", "decided_at", "decided_by_id"])


def lock_persons(ids: Sequence[int]) -> list[Person]:
    """The rows in order of id, held until the transaction ends."""
    rows = Person.objects.select_for_update(of=("self",)).select_related("holder")
    return list(rows.filter(pk__in=ids).order_by("pk"))
