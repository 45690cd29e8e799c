"""A unit goes into another of its level: its people sit and live there from now on, and what names it rolls up there.

The former unit keeps its row and its path, below the unit it went into: tasks, applications and records of any room
that name it are still counted and still found.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from toli.org.models import Appointment, NamedHolder, Seat, SeatCharge, Unit, UnitCode, UnitLink
from toli.org.services.counts import FactRow, add_counts, facts_of

# Seats with somebody on them, an offer or a name, numbered on after those the other unit has.
TAKE_SEATS = """
WITH coming AS (
    SELECT s.id, m.into_id, s.wing_id, s.team_kind_id, s.role_id,
           row_number() OVER (PARTITION BY m.into_id, s.wing_id, s.team_kind_id, s.role_id ORDER BY s.unit_id, s.number)
           AS place
    FROM unnest(%(units)s::bigint[], %(into)s::bigint[]) AS m(unit_id, into_id)
    JOIN org_seat s ON s.unit_id = m.unit_id AND s.id = ANY(%(seats)s)
), last AS (
    SELECT c.into_id, c.wing_id, c.team_kind_id, c.role_id, coalesce(max(t.number), 0) AS number
    FROM (SELECT DISTINCT into_id, wing_id, team_kind_id, role_id FROM coming) c
    LEFT JOIN org_seat t ON t.unit_id = c.into_id AND t.team_kind_id = c.team_kind_id AND t.role_id = c.role_id
      AND t.wing_id IS NOT DISTINCT FROM c.wing_id AND t.closed_at IS NULL
    GROUP BY 1, 2, 3, 4
)
UPDATE org_seat s SET unit_id = c.into_id, number = l.number + c.place
FROM coming c JOIN last l ON l.into_id = c.into_id AND l.team_kind_id = c.team_kind_id AND l.role_id = c.role_id
  AND l.wing_id IS NOT DISTINCT FROM c.wing_id
WHERE s.id = c.id
"""

TAKE_HOMES = """
WITH ended AS (
    UPDATE org_membership h SET valid_to = %(now)s
    FROM unnest(%(units)s::bigint[], %(into)s::bigint[]) AS m(unit_id, into_id)
    WHERE h.unit_id = m.unit_id AND h.valid_to IS NULL
    RETURNING h.person_id, h.unit_id, m.into_id, h.place_id, h.wing_id
), begun AS (
    INSERT INTO org_membership (person_id, unit_id, place_id, wing_id, valid_from)
    SELECT person_id, into_id, place_id, wing_id, %(now)s FROM ended
)
SELECT unit_id, into_id, count(*) FROM ended GROUP BY 1, 2
"""


def merge_units(mergers: Mapping[int, int], *, on: datetime.date, now: datetime.datetime) -> dict[str, Any]:
    """Seats, homes, charges and places beside go over; empty seats close; what undoing needs. Paths are already new."""
    if not mergers:
        return {"merged": {}}
    units, around = list(mergers), [*mergers, *mergers.values()]
    _lock_seats(around)
    before = _seat_facts(around, now)
    seats = Seat.objects.filter(unit__in=units, closed_at=None)
    taken = _taken(seats)
    undo: dict[str, Any] = {
        "merged": {str(unit): into for unit, into in mergers.items()},
        "merged_at": now.isoformat(),
        "seats": list(seats.filter(pk__in=taken).values_list("pk", "unit_id", "number")),
        "emptied": list(seats.exclude(pk__in=taken).values_list("pk", flat=True)),
        "charges": list(SeatCharge.objects.filter(unit__in=units).values_list("pk", "unit_id")),
        "codes": list(UnitCode.objects.filter(unit__in=units, valid_to=None).values_list("pk", flat=True)),
    }
    Seat.objects.filter(pk__in=undo["emptied"]).update(closed_at=now)
    _run(TAKE_SEATS, mergers, seats=taken)
    _count_homes(_run(TAKE_HOMES, mergers, now=now))
    undo |= _places_beside(mergers, on)
    for unit, into in mergers.items():
        doubled = SeatCharge.objects.filter(unit=into, seat=OuterRef("seat"))
        SeatCharge.objects.filter(~Exists(doubled), unit=unit).update(unit=into)
    UnitCode.objects.filter(pk__in=undo["codes"]).update(valid_to=on)
    Unit.objects.filter(pk__in=units).update(active=False, valid_to=on)
    _count(before, _seat_facts(around, now))
    return undo


def _lock_seats(unit_ids: Sequence[int]) -> None:
    """Nobody accepts or leaves between the two looks at the figures."""
    list(Seat.objects.select_for_update().filter(unit__in=unit_ids, closed_at=None).order_by("pk").values_list("pk"))


def _seat_facts(unit_ids: Sequence[int], now: datetime.datetime) -> list[FactRow]:
    return [row for row in facts_of(unit_ids, now) if row[2] != "members"]


def _count_homes(rows: Sequence[tuple[int, int, int]]) -> None:
    add_counts([(left, None, "members", -n, None) for left, _joined, n in rows])
    add_counts([(joined, None, "members", n, None) for _left, joined, n in rows])


def _taken(seats: Any) -> list[int]:
    """Seats on which somebody sits, has an offer, or is named."""
    sits = Appointment.objects.filter(seat=OuterRef("pk"), state__in=["offered", "accepted"])
    named = NamedHolder.objects.filter(seat=OuterRef("pk"), state__in=["named", "invited"])
    return list(seats.filter(Exists(sits) | Exists(named)).values_list("pk", flat=True))


def _run(statement: str, mergers: Mapping[int, int], **more: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"units": list(mergers), "into": list(mergers.values()), **more})
        return cursor.fetchall() if cursor.description else []


def _places_beside(mergers: Mapping[int, int], on: datetime.date) -> dict[str, list[int]]:
    """In the electoral and administrative trees what stood below a merged unit stands below the other."""
    closed: list[int] = []
    opened: list[UnitLink] = []
    beside = UnitLink.objects.filter(valid_to=None).exclude(hierarchy="org")
    for link in beside.filter(parent__in=list(mergers)):
        closed.append(link.pk)
        new = {"child_id": link.child_id, "parent_id": mergers[link.parent_id], "valid_from": on}
        opened.append(UnitLink(hierarchy=link.hierarchy, **new))
    closed += beside.filter(child__in=list(mergers)).values_list("pk", flat=True)
    UnitLink.objects.filter(pk__in=closed).update(valid_to=on)
    made = UnitLink.objects.bulk_create(opened)
    return {"beside_closed": closed, "beside_opened": [link.pk for link in made]}


def _count(before: Sequence[FactRow], after: Sequence[FactRow]) -> None:
    add_counts([(u, w, m, -n, d) for u, w, m, d, n in before] + [(u, w, m, n, d) for u, w, m, d, n in after])


GIVE_HOMES_BACK = """
WITH gone AS (
    DELETE FROM org_membership h USING unnest(%(units)s::bigint[], %(into)s::bigint[]) AS m(unit_id, into_id)
    WHERE h.unit_id = m.into_id AND h.valid_from = %(at)s AND h.valid_to IS NULL
      AND EXISTS (SELECT FROM org_membership o
                  WHERE o.person_id = h.person_id AND o.unit_id = m.unit_id AND o.valid_to = %(at)s)
    RETURNING h.person_id, m.unit_id, m.into_id
), back AS (
    UPDATE org_membership o SET valid_to = NULL FROM gone g
    WHERE o.person_id = g.person_id AND o.unit_id = g.unit_id AND o.valid_to = %(at)s
    RETURNING g.into_id, g.unit_id
)
SELECT into_id, unit_id, count(*) FROM back GROUP BY 1, 2
"""


def split_again(undo: Mapping[str, Any], *, now: datetime.datetime) -> None:
    """Put back what `merge_units` did; who moved house since stays where they are."""
    mergers = {int(unit): into for unit, into in undo["merged"].items()}
    if not mergers:
        return
    around = [*mergers, *mergers.values()]
    _lock_seats(around)
    before = _seat_facts(around, now)
    Unit.objects.filter(pk__in=list(mergers)).update(active=True, valid_to=None)
    for pk, unit_id, number in undo["seats"]:
        Seat.objects.filter(pk=pk).update(unit_id=unit_id, number=number)
    Seat.objects.filter(pk__in=undo["emptied"]).update(closed_at=None)
    for pk, unit_id in undo["charges"]:
        SeatCharge.objects.filter(pk=pk).update(unit_id=unit_id)
    UnitCode.objects.filter(pk__in=undo["codes"]).update(valid_to=None)
    UnitLink.objects.filter(pk__in=undo["beside_opened"]).delete()
    UnitLink.objects.filter(pk__in=undo["beside_closed"]).update(valid_to=None)
    _give_homes_back(mergers, undo["merged_at"])
    _count(before, _seat_facts(around, now))


def _give_homes_back(mergers: Mapping[int, int], at: str) -> None:
    """One statement: each new home goes before the old one is live again, because a person has one live home."""
    _count_homes(_run(GIVE_HOMES_BACK, mergers, at=datetime.datetime.fromisoformat(at)))
