"""Drawing applicants for call-backs: the whole of a drive at once, by a seed that is published with the drawing."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent.purposes import BASE
from toli.consent.queries import contact_filter
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, WrongState
from toli.org import paths
from toli.recruitment import queries, sampling
from toli.recruitment.models import CallPlan, Drive, Stratum

WIDTHS = (0.03, 0.05, 0.08)
DRAWN_ALONG = 10
"""At most so many are drawn for each planned call, where hardly anybody agreed to calls."""
REFERRER_LEAST = 30
"""Applications by one person's link from which that link is a stratum of its own."""

# The pool: everybody who applied in the time, not drawn before, each in their unit of the level and their referrer's
# link. The range join runs once per unit of the level, not per person.
POOL = """
CREATE TEMP TABLE call_pool ON COMMIT DROP AS
WITH strata AS (
    SELECT u.id, u.path, left(u.path, -1) || '0' AS path_end FROM org_unit u JOIN org_level l ON l.id = u.level_id
    WHERE l.key = %(level)s AND u.path >= %(lo)s AND u.path < %(hi)s
), of_note AS (
    SELECT a.link_id FROM recruitment_application a JOIN recruitment_joinlink k ON k.id = a.link_id
    WHERE a.drive_id = %(drive)s AND k.kind = 'referral' GROUP BY a.link_id HAVING count(*) >= %(least)s
)
SELECT a.id, a.ref, coalesce(s.id, %(scope)s) AS unit_id, n.link_id, NOT {may_be_called} AS silent
FROM recruitment_application a
JOIN org_unit u ON u.id = a.unit_id
JOIN people_person p ON p.id = a.person_id AND p.state = 'active'
LEFT JOIN strata s ON u.path >= s.path AND u.path < s.path_end
LEFT JOIN of_note n ON n.link_id = a.link_id
WHERE a.drive_id = %(drive)s AND a.state <> 'withdrawn' AND a.submitted_at <= %(upto)s
  AND (%(after)s::timestamptz IS NULL OR a.submitted_at > %(after)s)
  AND NOT EXISTS (SELECT 1 FROM recruitment_callback c WHERE c.application_id = a.id)
"""
# The same order as `sampling.place_of`. Whoever agreed to no calls is drawn along and counted as somebody who could not
# be asked; the drawing goes on until as many as planned can be.
DRAW = """
INSERT INTO recruitment_callback
    (ref, stratum_id, application_id, place, state, outcome, tries, next_try_at, held_by_id, held_until, done_at)
SELECT gen_random_uuid(), s.id, drawn.id, drawn.place, CASE WHEN drawn.silent THEN 'given_up' ELSE 'due' END, '', 0,
       %(now)s, NULL, NULL, NULL
FROM (
    SELECT p.*, row_number() OVER w AS place,
           count(*) FILTER (WHERE NOT silent) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM call_pool p
    WINDOW w AS (
        PARTITION BY unit_id, link_id ORDER BY encode(sha256(convert_to(%(seed)s || ':' || ref::text, 'UTF8')), 'hex')
    )
) drawn
JOIN recruitment_stratum s
    ON s.plan_id = %(plan)s AND s.unit_id = drawn.unit_id AND s.link_id IS NOT DISTINCT FROM drawn.link_id
WHERE drawn.before < s.size AND drawn.place <= s.size * %(most)s
"""


@transaction.atomic
def draw_calls(
    *, actor: Actor, key: str, level: str, half_width: float = sampling.HALF_WIDTH, seed: str = "", now: datetime
) -> CallPlan:
    """Draw whom to call back among all who applied since the last drawing. One pass over them: 500,000 take seconds.

    Raises NotFound, BadInput or WrongState (nobody new applied).
    """
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    if level not in [one.key for one in queries.levels_below(drive)]:
        raise BadInput(fields={"level": _("Please choose a level from the list.")})
    if half_width not in WIDTHS:
        raise BadInput(fields={"half_width": _("Please choose from the list.")})
    cells = _pool(drive, level, now)
    if not cells:
        raise WrongState(_("Nobody new has applied since the last drawing. Nothing was changed."))
    sizes = sampling.plan(cells, half_width=half_width)
    drawn = _write(drive, level, half_width, seed or secrets.token_hex(8), cells, sizes, actor, now)
    data = {"people": drawn.size, "of": drawn.population, "seed": drawn.seed}
    audit.record(actor, "recruitment.calls_drawn", drawn, unit=drive.scope, data=data)
    return drawn


def _pool(drive: Drive, level: str, now: datetime) -> dict[sampling.Cell, int]:
    last = queries.call_plans(drive).first()
    lo, hi = paths.subtree(drive.scope.path)
    values: dict[str, Any] = {
        "drive": drive.pk, "level": level, "lo": lo, "hi": hi, "scope": drive.scope_id, "upto": now,
        "after": last.upto_at if last else None, "least": REFERRER_LEAST,
    }  # fmt: skip
    condition, bound = contact_filter(BASE, "call")
    for place, value in enumerate(bound):
        condition, values[f"c{place}"] = condition.replace("%s", f"%(c{place})s", 1), value
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS call_pool")
        cursor.execute(POOL.replace("{may_be_called}", condition), values)
        cursor.execute("SELECT unit_id, link_id, count(*) FROM call_pool GROUP BY 1, 2 ORDER BY 1, 2")
        return {sampling.Cell(unit, link): n for unit, link, n in cursor.fetchall()}


def _write(
    drive: Drive, level: str, half_width: float, seed: str, cells: dict[sampling.Cell, int],
    sizes: dict[sampling.Cell, int], actor: Actor, now: datetime,
) -> CallPlan:  # fmt: skip
    last = queries.call_plans(drive).first()
    plan = CallPlan.objects.create(
        drive=drive, level=level, half_width=half_width, seed=seed, from_at=last.upto_at if last else None, upto_at=now,
        population=sum(cells.values()), size=sum(sizes.values()), made_at=now, made_by_id=actor.person_id,
    )  # fmt: skip
    Stratum.objects.bulk_create(
        Stratum(plan=plan, unit_id=cell.unit, link_id=cell.link, population=n, size=sizes[cell])
        for cell, n in cells.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(DRAW, {"plan": plan.pk, "seed": seed, "now": now, "most": DRAWN_ALONG})
    return plan
