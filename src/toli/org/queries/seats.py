"""Reads of seats and appointments, and the actor a person becomes through them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from toli.kit.actor import Actor, Behalf, Grant
from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import access, paths, rules
from toli.org.access import SessionActor
from toli.org.models import Appointment, NamedHolder, Norm, Role, Seat, TeamKind, Unit, Wing
from toli.org.queries.rows import from_json
from toli.people.models import Person

# Own seats first, then what others gave for a time: their rights as their seat has them now, where both areas meet.
GRANTS_OF_PERSON = """
SELECT s.id, r.rights, r.tier, r.names, u.id, u.names, u.path, coalesce(cu.path, u.path),
       coalesce(c.wing_id, s.wing_id), NULL::bigint AS giver, v.rank
FROM org_appointment a
JOIN org_seat s ON s.id = a.seat_id
JOIN org_role r ON r.id = s.role_id
JOIN org_unit u ON u.id = s.unit_id
JOIN org_level v ON v.id = u.level_id
LEFT JOIN org_seatcharge c ON c.seat_id = s.id
LEFT JOIN org_unit cu ON cu.id = c.unit_id
WHERE a.person_id = %(person)s AND a.state = 'accepted' AND a.suspended_at IS NULL
  AND (a.valid_from IS NULL OR a.valid_from <= %(now)s) AND (a.valid_to IS NULL OR a.valid_to > %(now)s)
  AND s.closed_at IS NULL AND (s.closes_at IS NULL OR s.closes_at > %(now)s)
UNION ALL
SELECT s.id, ARRAY(SELECT unnest(d.rights) INTERSECT SELECT unnest(r.rights)), r.tier, r.names, u.id, u.names, u.path,
       CASE WHEN starts_with(du.path, coalesce(cu.path, u.path)) THEN du.path ELSE coalesce(cu.path, u.path) END,
       coalesce(c.wing_id, s.wing_id), a.person_id, v.rank
FROM org_delegation d
JOIN org_unit du ON du.id = d.unit_id AND du.path <> ''
JOIN org_appointment a ON a.id = d.appointment_id AND a.state = 'accepted' AND a.suspended_at IS NULL
JOIN people_person giver ON giver.id = a.person_id AND giver.state = 'active'
JOIN org_seat s ON s.id = a.seat_id
JOIN org_role r ON r.id = s.role_id
JOIN org_unit u ON u.id = s.unit_id
JOIN org_level v ON v.id = u.level_id
LEFT JOIN org_seatcharge c ON c.seat_id = s.id
LEFT JOIN org_unit cu ON cu.id = c.unit_id
WHERE d.person_id = %(person)s AND d.ended_at IS NULL AND d.starts_at <= %(now)s AND d.ends_at > %(now)s
  AND (a.valid_from IS NULL OR a.valid_from <= %(now)s) AND (a.valid_to IS NULL OR a.valid_to > %(now)s)
  AND s.closed_at IS NULL AND (s.closes_at IS NULL OR s.closes_at > %(now)s)
  AND (starts_with(du.path, coalesce(cu.path, u.path)) OR starts_with(coalesce(cu.path, u.path), du.path))
ORDER BY giver NULLS FIRST, rank, 1
"""


def actor_for(
    person: Person,
    *,
    now: datetime,
    login_id: int | None = None,
    request_id: str = "",
    language: str = "hi",
    second_factor: bool = False,
) -> SessionActor:
    """The actor this person is at `now`: a seat's rights end with its term, the minute it ends."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS_OF_PERSON, {"person": person.id, "now": now})
        rows = cursor.fetchall()
    held = tuple(_grant(row) for row in rows if row[7])
    rows = [row for row in rows if row[9] is None]
    base: dict[str, Any] = {
        "person_id": person.id, "person_ref": person.ref, "login_id": login_id, "request_id": request_id,
        "language": language, "second_factor": second_factor, "held": held,
    }  # fmt: skip
    if not rows:
        return SessionActor(**base)
    seat_id, _rights, tier, role_names, unit_id, unit_names, unit_path, *_rest = rows[0]
    label = _label(from_json(role_names), from_json(unit_names))
    return SessionActor(**base, seat_id=seat_id, seat_label=label, tier=tier, unit_id=unit_id, unit_path=unit_path)


def _grant(row: tuple[Any, ...]) -> Grant:
    seat_id, rights, _tier, role, _unit_id, unit, _path, area, wing_id, giver, _rank = row
    behalf = None if giver is None else Behalf(giver, seat_id, _label(from_json(role), from_json(unit)))
    return Grant(frozenset(rights), *paths.subtree(area), wing_id, behalf)


GRANTS_OF_SEAT = """
SELECT r.rights, r.tier, r.names, u.id, u.names, u.path, coalesce(cu.path, u.path), coalesce(c.wing_id, s.wing_id),
       (SELECT a.person_id FROM org_appointment a WHERE a.seat_id = s.id AND a.state = 'accepted'
        AND a.suspended_at IS NULL AND a.handing_over_until IS NULL AND NOT a.acting)
FROM org_seat s
JOIN org_role r ON r.id = s.role_id
JOIN org_unit u ON u.id = s.unit_id
LEFT JOIN org_seatcharge c ON c.seat_id = s.id
LEFT JOIN org_unit cu ON cu.id = c.unit_id
WHERE s.id = %s AND s.closed_at IS NULL ORDER BY 7
"""


def actor_seen_as(real: SessionActor, seat_id: int) -> SessionActor | None:
    """The one who would stand at this seat, held by somebody or not, for looking only; None when it has closed."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS_OF_SEAT, [seat_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    _rights, tier, role, unit_id, unit, unit_path, _area, _wing, holder = rows[0]
    return SessionActor(
        person_id=holder or real.person_id, login_id=real.login_id, request_id=real.request_id,
        language=real.language, second_factor=True, seat_id=seat_id, seen_as_id=seat_id,
        seat_label=_label(from_json(role), from_json(unit)), tier=tier, unit_id=unit_id, unit_path=unit_path,
        held=tuple(Grant(frozenset(row[0]), *paths.subtree(row[6]), row[7]) for row in rows if row[6]),
    )  # fmt: skip


def areas_of_seat(seat: Seat) -> list[Unit]:
    """The units a seat looks after: those of its charges, or its own."""
    charged = list(Unit.objects.filter(pk__in=seat.charges.values("unit")))
    return charged or [seat.unit]


def _label(role: dict[str, str], unit: dict[str, str]) -> dict[str, str]:
    """ "District coordinator, Bhilwara" in every language both have."""
    return {tag: f"{role[tag]}, {unit.get(tag) or next(iter(unit.values()))}" for tag in role}


def seat_labels(seat_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """ "District coordinator, Bhilwara" by seat id, also of seats that closed: who acted, without a name."""
    rows = Seat.objects.select_related("role", "unit").filter(pk__in=set(seat_ids))
    return {seat.pk: _label(seat.role.names, seat.unit.names) for seat in rows}


def get_seat(*, actor: Actor, ref: UUID, right: str = "org.view", lock: bool = False) -> Seat:
    """The seat, when the actor has `right` there. Raises NotFound or NeedsSecondFactor."""
    scope = access.visible(actor, right)
    rows = Seat.objects.select_related("unit__level", "role", "team_kind", "wing").filter(
        scope.q("unit__path", "wing_id"), ref=ref
    )
    seat = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if seat is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return seat


def get_seat_to_offer(*, actor: Actor, ref: UUID, lock: bool = False) -> Seat:
    """A seat the actor may appoint to. Raises NotFound, NotAllowed (a district's or a higher one) or
    NeedsSecondFactor.
    """
    seat = get_seat(actor=actor, ref=ref, right="org.offer", lock=lock)
    access.require(actor, rules.right_to_offer(seat), seat.unit, seat.wing_id)
    return seat


def get_appointment(*, actor: Actor, ref: UUID, right: str | None = None, lock: bool = False) -> Appointment:
    """An appointment: one's own (right None), or in one's charge. The seat's row is locked before its own."""
    rows = Appointment.objects.select_related(
        "seat__unit__level", "seat__role", "seat__team_kind", "seat__wing", "person"
    )
    if right is None:
        rows = rows.filter(ref=ref, person_id=actor.person_id, person__isnull=False)
    else:
        rows = rows.filter(access.visible(actor, right).q("seat__unit__path", "seat__wing_id"), ref=ref)
    found = rows.first()
    if found is None:
        raise NotFound()
    if right is not None:
        access.require_second_factor(actor, right)
    if lock:
        Seat.objects.select_for_update().get(pk=found.seat_id)
        found = rows.select_for_update(of=("self",)).get(pk=found.pk)
    return found


def live_appointments_of(person_id: int, now: datetime) -> QuerySet[Appointment]:
    """Accepted, not suspended, inside their term."""
    return (
        Appointment.objects.select_related("seat__unit__level", "seat__role", "seat__team_kind", "seat__wing")
        .filter(person_id=person_id, state="accepted", suspended_at=None, seat__closed_at=None)
        .filter(Q(valid_to=None) | Q(valid_to__gt=now), Q(seat__closes_at=None) | Q(seat__closes_at__gt=now))
        .order_by("seat__unit__level__rank", "id")
    )


def appointments_of(person_id: int) -> QuerySet[Appointment]:
    """Every seat a person was ever offered or sat on, newest first: for that person."""
    return (
        Appointment.objects.select_related("seat__unit__level", "seat__role", "seat__team_kind", "seat__wing")
        .filter(person_id=person_id)
        .order_by("-offered_at")
    )


def offers_to(person_id: int, now: datetime) -> QuerySet[Appointment]:
    """Offers the person can still accept."""
    return (
        Appointment.objects.select_related("seat__unit__level", "seat__role", "seat__team_kind", "seat__wing")
        .filter(person_id=person_id, state="offered", seat__closed_at=None)
        .filter(Q(offer_expires_at=None) | Q(offer_expires_at__gt=now))
        .order_by("offered_at")
    )


def vacant_seats(actor: Actor, *, within: str = "", right: str = "org.offer") -> QuerySet[Seat]:
    """Open seats in my charge without holder or live offer, by unit and number; `within` is a path."""
    taken = Appointment.objects.filter(seat=OuterRef("pk")).filter(
        Q(state="offered") | Q(state="accepted", handing_over_until=None)
    )
    rows = Seat.objects.select_related("unit__level", "role", "team_kind", "wing").filter(
        access.visible(actor, right).q("unit__path", "wing_id"), ~Exists(taken), closed_at=None
    )
    if within:
        lo, hi = paths.subtree(within)
        rows = rows.filter(unit__path__gte=lo, unit__path__lt=hi)
    return rows.order_by("unit__level__rank", "unit__path", "role_id", "number")


def named_seats_for(index: bytes) -> QuerySet[NamedHolder]:
    """Seats for which a sheet names the owner of this number (blind index), still open to be claimed."""
    return NamedHolder.objects.select_related("seat__unit__level", "seat__role", "seat__team_kind").filter(
        invitee__index=index, invitee__erased_at=None, state__in=["named", "invited"], seat__closed_at=None
    )


def get_named_holder(*, index: bytes, ref: UUID) -> NamedHolder:
    """The named seat, for the owner of the number only. Raises NotFound."""
    found = named_seats_for(index).filter(ref=ref).first()
    if found is None:
        raise NotFound()
    return found


def appointments_in_charge(actor: Actor, person: Person) -> list[Appointment]:
    """Offers and live appointments of a person, as far as the actor looks after the seats."""
    scope = access.visible(actor, "org.view")
    rows = Appointment.objects.select_related("seat__unit__level", "seat__role", "seat__team_kind", "seat__wing")
    return list(
        rows.filter(
            scope.q("seat__unit__path", "seat__wing_id"), person=person, state__in=["offered", "accepted"]
        ).order_by("-id")
    )


def seats_named(seats: QuerySet[Seat], words: str) -> QuerySet[Seat]:
    """Those of `seats` whose unit answers these words."""
    for keys in fold_words(words, unfinished=True):
        seats = seats.filter(unit__tokens__overlap=keys)
    return seats


def wings() -> QuerySet[Wing]:
    return Wing.objects.filter(active=True).order_by("id")


def has_norm_until(poll_ref: UUID) -> bool:
    """True when some norm holds until this poll closes."""
    return Norm.objects.filter(until_poll_ref=poll_ref, valid_to=None).exists()


def team_kind(key: str) -> TeamKind:
    return TeamKind.objects.select_related("level").get(key=key)


def role_names(keys: Collection[str]) -> dict[str, dict[str, str]]:
    """What roles are called, by key."""
    return dict(Role.objects.filter(key__in=list(keys)).values_list("key", "names"))


def role(key: str) -> Role:
    return Role.objects.get(key=key)


HOLDERS = """
SELECT DISTINCT ON (c.id, r.key) c.id, r.key, s.id, a.person_id
FROM org_unit c
JOIN org_unit u ON u.id = ANY(string_to_array(rtrim(c.path, '/'), '/')::bigint[])
JOIN org_seat s ON s.unit_id = u.id AND s.closed_at IS NULL AND s.wing_id IS NULL
JOIN org_role r ON r.id = s.role_id AND r.key = ANY(%(roles)s)
JOIN org_appointment a ON a.seat_id = s.id AND a.state = 'accepted' AND a.suspended_at IS NULL
     AND a.handing_over_until IS NULL
WHERE c.id = ANY(%(units)s) AND c.path <> ''
ORDER BY c.id, r.key, length(u.path) DESC, a.acting, s.number, a.id
"""


def holders_near(unit_ids: Collection[int], roles: Collection[str]) -> dict[tuple[int, str], tuple[int, int]]:
    """(seat, person) by unit and role: who holds it there, else the nearest above. One statement for all units."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, {"units": list(unit_ids), "roles": list(roles)})
        return {(unit, role): (seat, person) for unit, role, seat, person in cursor.fetchall()}
