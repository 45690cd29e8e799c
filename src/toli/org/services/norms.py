"""Norms and the seats they open. One statement for all units of a norm."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput
from toli.org import access, paths, queries
from toli.org.models import Level, Norm, Role, Seat, TeamKind, Unit, Wing

LARGEST_TEAM = 200


@transaction.atomic
def set_norm(
    *,
    actor: Actor,
    team_kind: TeamKind,
    role: Role | None,
    count: int,
    scope: Unit,
    now: datetime,
    wing: Wing | None = None,
    only_units: list[Unit] | None = None,
    until_poll_ref: UUID | None = None,
    closes_at: datetime | None = None,
    covered_level: Level | None = None,
    reason: str = "",
) -> Norm:
    """Add a norm and open its seats (a coverage norm opens none). Raises NotFound, NotAllowed or BadInput."""
    access.require(actor, "org.shape", scope)
    if not 1 <= count <= LARGEST_TEAM:
        raise BadInput(fields={"count": _("A team has between 1 and 200 seats of a kind.")})
    outside = [u for u in only_units or [] if not paths.is_within(u.path, scope.path)]
    if outside:
        raise BadInput(fields={"only_units": _("One of these units is not in your charge.")})
    kind = Norm.Kind.COVERAGE if covered_level else Norm.Kind.HEADCOUNT
    norm = Norm.objects.create(
        kind=kind, team_kind=team_kind, role=role, wing=wing, count=count, scope=scope,
        only_units=[u.pk for u in only_units or []], covered_level=covered_level, valid_from=now,
        until_poll_ref=until_poll_ref, reason=reason,
    )  # fmt: skip
    if kind == Norm.Kind.HEADCOUNT:
        open_seats(actor=actor, norm=norm, now=now, closes_at=closes_at)
    return norm


OPEN_SEATS = """
WITH opened AS (
    INSERT INTO org_seat (ref, unit_id, wing_id, team_kind_id, role_id, number, norm_id, opened_at, closes_at)
    SELECT gen_random_uuid(), u.id, %(wing)s, %(team)s, %(role)s, n, %(norm)s, %(now)s, %(closes)s
    FROM org_unit u CROSS JOIN generate_series(1, %(count)s) AS n
    WHERE u.active AND u.level_id = %(level)s AND u.path >= %(lo)s AND u.path < %(hi)s
      AND (cardinality(%(only)s::bigint[]) = 0 OR u.id = ANY(%(only)s))
    ON CONFLICT DO NOTHING
    RETURNING unit_id, wing_id
), counted AS (
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT unit_id, w.wing_id, 'norm', DATE '1970-01-01', count(*) FROM opened
    CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(opened.wing_id, 0)) AS w(wing_id) GROUP BY 1, 2
)
SELECT count(*) FROM opened
"""


@transaction.atomic
def open_seats(
    *,
    actor: Actor,
    norm: Norm,
    now: datetime,
    closes_at: datetime | None = None,
    units: Sequence[int] = (),
) -> int:
    """Open the seats a headcount norm asks for, in one statement; existing seats stay. 520,000 seats take about 20
    s. `units` narrows it to these of the norm's units.
    """
    only = [i for i in units if not norm.only_units or i in norm.only_units] if units else norm.only_units
    if units and not only:
        return 0
    lo, hi = paths.subtree(norm.scope.path)
    with connection.cursor() as cursor:
        cursor.execute(
            OPEN_SEATS,
            {
                "wing": norm.wing_id, "team": norm.team_kind_id, "role": norm.role_id, "norm": norm.pk, "now": now,
                "closes": closes_at, "count": norm.count, "level": norm.team_kind.level_id, "lo": lo, "hi": hi,
                "only": only,
            },
        )  # fmt: skip
        opened = int(cursor.fetchone()[0])
    if opened:
        audit.record(actor, "org.seats_opened", None, unit=norm.scope, data={"norm": norm.pk, "seats": opened})
    return opened


CLOSE_VACANT = """
WITH closed AS (
    UPDATE org_seat s SET closed_at = %(now)s
    WHERE s.norm_id = %(norm)s AND s.closed_at IS NULL
      AND NOT EXISTS (SELECT FROM org_appointment a WHERE a.seat_id = s.id AND a.state IN ('offered', 'accepted'))
      AND NOT EXISTS (SELECT FROM org_namedholder h WHERE h.seat_id = s.id AND h.state IN ('named', 'invited'))
    RETURNING s.ref, s.unit_id, s.wing_id
), counted AS (
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT unit_id, w.wing_id, 'norm', DATE '1970-01-01', -count(*) FROM closed
    CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(closed.wing_id, 0)) AS w(wing_id) GROUP BY 1, 2
)
SELECT 'org.seat', ref, unit_id FROM closed
"""


@transaction.atomic
def end_norm(*, actor: Actor, ref: UUID, now: datetime) -> int:
    """End a norm: its vacant seats close, whoever sits or has an offer stays. How many seats closed. Raises NotFound,
    NotAllowed or NeedsSecondFactor; twice answers the same."""
    norm = queries.get_norm(actor=actor, ref=ref, lock=True)
    if norm.valid_to is not None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM org_seat WHERE norm_id = %s AND closed_at IS NULL FOR UPDATE", [norm.pk])
        cursor.execute(CLOSE_VACANT, {"norm": norm.pk, "now": now})
        rows = cursor.fetchall()
    norm.valid_to = now
    norm.save(update_fields=["valid_to"])
    audit.record(
        actor, "org.norm_ended", norm, unit=norm.scope, data={"seats": len(rows)},
        batch=[audit.BatchTarget(*row) for row in rows],
    )  # fmt: skip
    return len(rows)


def set_poll_close(*, poll_ref: UUID, closes_at: datetime | None) -> int:
    """Tell the seats of a poll's norms when the poll closes (after a schedule row changed); how many seats."""
    return Seat.objects.filter(norm__until_poll_ref=poll_ref, closed_at=None).update(closes_at=closes_at)


# Seats, their holders and offers end together; figures fall by what was live.
CLOSE_SEATS = """
WITH closed AS (
    UPDATE org_seat s SET closed_at = %(now)s FROM org_norm n
    WHERE n.id = s.norm_id AND n.until_poll_ref = %(poll)s AND s.closed_at IS NULL
    RETURNING s.id, s.ref, s.unit_id, s.wing_id
), held AS (
    SELECT a.id, a.ref, a.state, c.unit_id, c.wing_id,
           a.suspended_at IS NULL AND a.handing_over_until IS NULL AS counts,
           p.id AS person_id, p.duplicate_flag,
           EXISTS (SELECT FROM people_contactpoint k WHERE k.person_id = p.id AND k.valid_to IS NULL
                   AND k.verified_at > %(now)s - interval '180 days') AS verified
    FROM closed c JOIN org_appointment a ON a.seat_id = c.id AND a.state IN ('accepted', 'offered')
    JOIN people_person p ON p.id = a.person_id
), ended AS (
    UPDATE org_appointment a SET state = CASE held.state WHEN 'accepted' THEN 'ended' ELSE 'lapsed' END,
        ended_at = %(now)s, valid_to = greatest(%(now)s, a.valid_from), end_reason = %(reason)s
    FROM held WHERE held.id = a.id
), deltas AS (
    SELECT unit_id, wing_id, 'norm' AS metric, DATE '1970-01-01' AS day FROM closed
    UNION ALL SELECT unit_id, wing_id, state, DATE '1970-01-01' FROM held WHERE state = 'offered' OR counts
    UNION ALL SELECT unit_id, wing_id, 'verified', DATE '1970-01-01' FROM held
        WHERE state = 'accepted' AND counts AND verified AND NOT duplicate_flag
    UNION ALL SELECT h.unit_id, h.wing_id, 'silent', DATE '1970-01-01' FROM held h
      JOIN org_activity t ON t.person_id = h.person_id
        WHERE h.state = 'accepted' AND h.counts AND t.silent
    UNION ALL SELECT h.unit_id, h.wing_id, 'active', t.last_act_on FROM held h
      JOIN org_activity t ON t.person_id = h.person_id
        WHERE h.state = 'accepted' AND h.counts AND t.last_act_on = (%(now)s AT TIME ZONE 'Asia/Kolkata')::date
), counted AS (
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT d.unit_id, w.wing_id, d.metric, d.day, -count(*) FROM deltas d
    CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(d.wing_id, 0)) AS w(wing_id) GROUP BY 1, 2, 3, 4
)
SELECT 'org.seat', ref, unit_id FROM closed
UNION ALL SELECT 'org.appointment', ref, unit_id FROM held
"""


@transaction.atomic
def close_norms_for_poll(*, actor: Actor, poll_ref: UUID, now: datetime, reason: str = "poll closed") -> int:
    """End the norms that held until this poll, with their seats, appointments and offers; how many seats."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_SEATS, {"poll": poll_ref, "now": now, "reason": reason})
        rows = cursor.fetchall()
    Norm.objects.filter(until_poll_ref=poll_ref, valid_to=None).update(valid_to=now)
    seats = sum(kind == "org.seat" for kind, _ref, _unit_id in rows)
    if seats:
        audit.record(
            actor, "org.seats_closed", None, data={"seats": seats, "reason": reason, "poll": str(poll_ref)},
            batch=[audit.BatchTarget(*row) for row in rows],
        )  # fmt: skip
    return seats
