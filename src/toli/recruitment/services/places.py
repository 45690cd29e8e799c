"""The places a drive offers, and the order of its units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.kit.ids import uuid7
from toli.org import paths
from toli.org import queries as org
from toli.recruitment import queries, rules
from toli.recruitment.models import Drive, DrivePlace, UnitRank

# One place for each unit, team, role and wing with vacant seats. A place that is there keeps its rules and takes the
# number of today; one whose seats are all taken stays with none. 500,000 open seats take about 4 s.
TAKE_VACANT = """
WITH vacant AS (
    SELECT s.unit_id, s.team_kind_id, s.role_id, s.wing_id, count(*)::int AS seats
    FROM org_seat s
    JOIN org_unit u ON u.id = s.unit_id AND u.active AND u.path >= %(lo)s AND u.path < %(hi)s
    JOIN org_level v ON v.id = u.level_id
    LEFT JOIN org_wing w ON w.id = s.wing_id
    WHERE s.closed_at IS NULL AND (v.key = ANY(%(levels)s) OR cardinality(%(levels)s::text[]) = 0)
      AND (s.wing_id IS NULL OR w.key = ANY(%(wings)s))
      AND NOT EXISTS (
          SELECT FROM org_appointment a WHERE a.seat_id = s.id
            AND (a.state = 'offered' OR (a.state = 'accepted' AND a.handing_over_until IS NULL)))
    GROUP BY 1, 2, 3, 4
), filled AS (
    UPDATE recruitment_driveplace p SET capacity = 0
    FROM org_unit u
    WHERE p.drive_id = %(drive)s AND u.id = p.unit_id AND p.capacity > 0 AND NOT EXISTS (
        SELECT FROM vacant v WHERE v.unit_id = p.unit_id AND v.team_kind_id = p.team_kind_id
          AND v.role_id = p.role_id AND v.wing_id IS NOT DISTINCT FROM p.wing_id)
)
INSERT INTO recruitment_driveplace AS p
    (ref, drive_id, unit_id, team_kind_id, role_id, wing_id, capacity, preferences, shares)
SELECT gen_random_uuid(), %(drive)s, unit_id, team_kind_id, role_id, wing_id, seats, '{}', '[]' FROM vacant
ON CONFLICT (drive_id, unit_id, team_kind_id, role_id, wing_id) DO UPDATE SET capacity = excluded.capacity
"""


@transaction.atomic
def take_vacant_places(*, actor: Actor, key: str) -> int:
    """Offer every vacant seat of the norms inside the drive; how many places. Raises NotFound."""
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    lo, hi = paths.subtree(drive.scope.path)
    values: dict[str, Any] = {"drive": drive.pk, "lo": lo, "hi": hi, "levels": drive.levels, "wings": drive.wings}
    with connection.cursor() as cursor:
        cursor.execute(TAKE_VACANT, values)
        found = int(cursor.rowcount)
    audit.record(actor, "recruitment.places_taken", drive, unit=drive.scope, data={"places": found})
    return found


@transaction.atomic
def set_place(
    *, actor: Actor, key: str, unit_ref: UUID, team: str, role: str, capacity: int, wing: str = ""
) -> DrivePlace:
    """Offer so many places of a role in one unit, whatever the norms say. Raises NotFound or BadInput."""
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    unit = org.get_unit(actor=actor, ref=unit_ref, right="recruitment.manage")
    if not paths.is_within(unit.path, drive.scope.path):
        raise BadInput(fields={"unit": _("This unit lies outside the call to join.")})
    if not 0 <= capacity <= rules.MOST_PLACES_OF_A_KIND:
        raise BadInput(fields={"capacity": _("Please write a number from 0 to 10,000.")})
    kind = org.team_kind(team)
    if kind.level_id != unit.level_id:
        raise BadInput(fields={"team": _("A unit of this level has no such team.")})
    wings = {one.key: one for one in org.wings()}
    place, _made = DrivePlace.objects.update_or_create(
        drive=drive, unit=unit, team_kind=kind, role=org.role(role), wing=wings.get(wing),
        defaults={"capacity": capacity, "withdrawn_at": None}, create_defaults={"capacity": capacity, "ref": uuid7()},
    )  # fmt: skip
    audit.record(actor, "recruitment.place_set", drive, unit=unit, data={"places": capacity})
    return place


@transaction.atomic
def set_place_rules(
    *,
    actor: Actor,
    key: str,
    min_score: int | None,
    preferences: Mapping[str, Any],
    shares: Sequence[Mapping[str, Any]],
    ref: UUID | None = None,
) -> int:
    """Say what a place (without `ref`: every place) asks and prefers; how many were set. Raises NotFound, BadInput."""
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    checked = rules.check_place_rules(min_score, preferences, shares, wings=drive.wings)
    rows = DrivePlace.objects.filter(drive=drive, withdrawn_at=None)
    n = (rows.filter(ref=ref) if ref else rows).update(**checked)
    if ref and not n:
        raise NotFound
    audit.record(actor, "recruitment.place_rules_set", drive, unit=drive.scope, data={"places": n})
    return n


@transaction.atomic
def withdraw_place(*, actor: Actor, key: str, ref: UUID, now: datetime) -> DrivePlace:
    """Offer a place no longer; wishes for it stay and are passed over. Raises NotFound."""
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    place = DrivePlace.objects.select_for_update().select_related("unit").filter(drive=drive, ref=ref).first()
    if place is None:
        raise NotFound
    if place.withdrawn_at is None:
        place.withdrawn_at = now
        place.save(update_fields=["withdrawn_at"])
        audit.record(actor, "recruitment.place_withdrawn", drive, unit=place.unit)
    return place


@transaction.atomic
def set_rank(*, actor: Actor, key: str, unit_ref: UUID, rank: int | None, reason: str, now: datetime) -> Drive:
    """Put a unit at a place in the order of interviews, with the reason; without a rank back to the computed one.

    Raises NotFound or BadInput.
    """
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    unit = org.get_unit(actor=actor, ref=unit_ref, right="recruitment.manage")
    rows = UnitRank.objects.filter(drive=drive, unit=unit)
    if rank is None:
        if rows.delete()[0]:
            audit.record(actor, "recruitment.rank_cleared", drive, unit=unit)
        return drive
    reason = rules.check_reason(reason)
    if not 1 <= rank <= queries.MOST_RANKED or not paths.is_within(unit.path, drive.scope.path):
        raise BadInput(fields={"rank": _("Please write a place in the list, such as 1.")})
    UnitRank.objects.update_or_create(
        drive=drive, unit=unit,
        defaults={"rank": rank, "reason": reason, "set_by_id": actor.person_id, "set_at": now},
    )  # fmt: skip
    audit.record(actor, "recruitment.rank_set", drive, unit=unit, data={"rank": rank, "reason": reason})
    return drive
