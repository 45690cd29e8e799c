"""Thousands of offers at once: the set-based twins of offering one seat and of taking one offer back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, queries, rules
from toli.org.models import Appointment, Seat
from toli.people.models import Person


@dataclass(frozen=True, slots=True)
class Offered:
    """What became of one wanted offer: the ref of the appointment, or why there is none.

    `refusal` is "", "person_gone", "oneself", "seat_closed", "seat_taken" or "in_team".
    """

    seat_id: int
    person_id: int
    ref: UUID | None
    refusal: str


LOCK_SEATS = "SELECT id FROM org_seat WHERE id = ANY(%(seats)s) ORDER BY id FOR UPDATE"

# The checks of `offer_seat`, in its order. Where two of one call want a seat or a team, the first named gets it.
OFFER_MANY = """
WITH wanted AS (
    SELECT w.seat_id, w.person_id, w.place, s.unit_id, s.wing_id, s.team_kind_id, s.closed_at, s.closes_at, p.state
    FROM unnest(%(seats)s::bigint[], %(persons)s::bigint[]) WITH ORDINALITY AS w(seat_id, person_id, place)
    JOIN org_seat s ON s.id = w.seat_id JOIN people_person p ON p.id = w.person_id
), judged AS (
    SELECT w.*, CASE
        WHEN w.state <> 'active' THEN 'person_gone'
        WHEN w.closed_at IS NOT NULL OR w.closes_at <= %(now)s THEN 'seat_closed'
        WHEN w.person_id = %(actor)s THEN 'oneself'
        WHEN EXISTS (SELECT 1 FROM org_appointment a JOIN org_seat o ON o.id = a.seat_id
            WHERE a.person_id = w.person_id AND o.closed_at IS NULL
              AND (a.state = 'offered' OR (a.state = 'accepted' AND NOT w.person_id = ANY(%(moving)s::bigint[])))
              AND o.unit_id = w.unit_id AND o.team_kind_id = w.team_kind_id AND o.wing_id IS NOT DISTINCT FROM w.wing_id
        ) THEN 'in_team'
        WHEN EXISTS (SELECT 1 FROM org_appointment a WHERE a.seat_id = w.seat_id AND NOT a.acting
            AND (a.state = 'offered' OR (a.state = 'accepted' AND a.handing_over_until IS NULL))) THEN 'seat_taken'
        ELSE '' END AS refusal
    FROM wanted w
), first AS (
    SELECT j.*, row_number() OVER (PARTITION BY seat_id, refusal ORDER BY place) AS of_seat,
        row_number() OVER (PARTITION BY person_id, unit_id, team_kind_id, wing_id, refusal ORDER BY place) AS of_person
    FROM judged j
), made AS (
    INSERT INTO org_appointment
        (ref, seat_id, person_id, state, acting, offered_by_id, offered_at, offer_expires_at, end_reason)
    SELECT gen_random_uuid(), seat_id, person_id, 'offered', false, %(actor)s, %(now)s, %(expires)s, ''
    FROM first WHERE refusal = '' AND of_seat = 1 AND of_person = 1 ORDER BY place
    ON CONFLICT DO NOTHING
    RETURNING ref, seat_id, person_id
), counted AS (
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT f.unit_id, w.wing_id, 'offered', DATE '1970-01-01', count(*)
    FROM made JOIN first f USING (seat_id, person_id)
    CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(f.wing_id, 0)) AS w(wing_id)
    WHERE f.of_seat = 1 AND f.refusal = '' GROUP BY 1, 2
)
SELECT f.seat_id, f.person_id, made.ref, f.unit_id,
       CASE WHEN made.ref IS NOT NULL THEN '' WHEN f.refusal <> '' THEN f.refusal
            WHEN f.of_seat > 1 OR f.of_person = 1 THEN 'seat_taken' ELSE 'in_team' END
FROM first f LEFT JOIN made ON made.seat_id = f.seat_id AND made.person_id = f.person_id AND f.of_seat = 1
ORDER BY f.place
"""


@transaction.atomic
def offer_seats(
    *, actor: Actor, wanted: Sequence[tuple[int, int]], lives: timedelta, moving: Collection[int] = (), now: datetime
) -> list[Offered]:
    """Offer vacant seats, (seat id, person id) each, in one statement and with one record; what became of each.

    Whoever is `moving` (ids of persons) gives the seat they hold back with their yes: it may be of the same team.
    Seats or persons out of the actor's charge raise NotFound and nothing is offered.
    """
    seats, persons = [seat for seat, _ in wanted], [person for _, person in wanted]
    _check_in_charge(actor, set(seats), set(persons))
    values = {
        "seats": seats, "persons": persons, "moving": list(moving), "actor": actor.person_id, "now": now,
        "expires": now + lives,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SEATS, values)
        cursor.execute(OFFER_MANY, values)
        rows = cursor.fetchall()
    made = [audit.BatchTarget("org.appointment", ref, unit) for _seat, _person, ref, unit, _no in rows if ref]
    if made:
        audit.record(actor, "org.offered_many", None, data={"offers": len(made)}, batch=made)
    return [Offered(seat, person, ref, refusal) for seat, person, ref, _unit, refusal in rows]


def _check_in_charge(actor: Actor, seats: Collection[int], persons: Collection[int]) -> None:
    if actor.is_system:
        return
    high = Q(unit__level__rank__lte=rules.DISTRICT_RANK)
    mine = Seat.objects.filter(access.visible(actor, "org.offer").q("unit__path", "wing_id"), pk__in=seats)
    above = access.visible(actor, "org.offer_high").q("unit__path", "wing_id")
    if mine.filter(~high | above).count() != len(seats):
        raise NotFound
    if queries.people_in_charge(actor).filter(pk__in=persons).count() != Person.objects.filter(pk__in=persons).count():
        raise NotFound
    access.require_second_factor(actor, "org.offer")
    if mine.filter(high).exists():
        access.require_second_factor(actor, "org.offer_high")


WITHDRAW_MANY = """
WITH back AS (
    UPDATE org_appointment a SET state = 'withdrawn', ended_at = %(now)s
    FROM org_seat s WHERE s.id = a.seat_id AND a.ref = ANY(%(refs)s) AND a.state = 'offered'
    RETURNING a.ref, s.unit_id, s.wing_id
), counted AS (
    INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
    SELECT unit_id, w.wing_id, 'offered', DATE '1970-01-01', -count(*) FROM back
    CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(back.wing_id, 0)) AS w(wing_id) GROUP BY 1, 2
)
SELECT ref, unit_id FROM back
"""


@transaction.atomic
def withdraw_offers(*, actor: Actor, refs: Collection[UUID], now: datetime) -> list[UUID]:
    """Take back the offers of these refs that nobody has answered, in the actor's charge; which."""
    scope = access.visible(actor, "org.offer").q("seat__unit__path", "seat__wing_id")
    mine = list(Appointment.objects.filter(scope, ref__in=refs, state="offered").values_list("ref", "seat_id"))
    refs, seats = [ref for ref, _seat in mine], [seat for _ref, seat in mine]
    values: dict[str, Any] = {"refs": refs, "seats": seats, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SEATS, values)
        cursor.execute(WITHDRAW_MANY, values)
        rows = cursor.fetchall()
    if rows:
        batch = [audit.BatchTarget("org.appointment", ref, unit) for ref, unit in rows]
        audit.record(actor, "org.offers_withdrawn", None, data={"offers": len(rows)}, batch=batch)
    return [ref for ref, _unit in rows]
