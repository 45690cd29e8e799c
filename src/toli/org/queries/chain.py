"""Who stands above or beside a person at work: whom a complaint of theirs must never reach."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from toli.org import paths
from toli.org.models import Appointment, Membership, SeatCharge
from toli.people.models import Person

LIVE = ("accepted",)


def _units_of(person_ids: list[int]) -> list[str]:
    homes = Membership.objects.filter(person__in=person_ids, valid_to=None).values_list("unit__path", flat=True)
    seats = _held(person_ids).values_list("seat__unit__path", flat=True)
    return sorted({path for path in (*homes, *seats) if path})


def _held(person_ids: list[int]) -> QuerySet[Appointment]:
    return Appointment.objects.filter(person__in=person_ids, state__in=LIVE, seat__closed_at=None)


def chain_of(person: Person) -> dict[int, Appointment]:
    """Everybody in the person's own chain, with the seat that makes them so: who looks after their home or seats
    from below the state, whoever of the state is charged with them by name, and their own teams.
    """
    units = {i for path in _units_of(person.ids) for i in paths.ancestors(path)}
    charged = SeatCharge.objects.filter(seat=OuterRef("seat"))
    rows = Appointment.objects.select_related("seat__unit__level", "seat__role").filter(
        state__in=LIVE, seat__closed_at=None
    )
    above = rows.filter(~Exists(charged), seat__unit__in=units).exclude(seat__unit__path__regex=r"^\d+/$")
    by_charge = rows.filter(Exists(charged.filter(unit__in=units)))
    teams = Q(pk__in=[])
    for unit_id, kind_id in _held(person.ids).values_list("seat__unit_id", "seat__team_kind_id"):
        teams |= Q(seat__unit_id=unit_id, seat__team_kind_id=kind_id)
    found = [*above, *by_charge, *rows.filter(teams)]
    return {a.person_id: a for a in found if a.person_id not in person.ids}


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person stands in others' chain: path ranges, and teams as (unit, team kind)."""

    ranges: list[tuple[str, str]]
    teams: list[tuple[int, int]]

    def over(self, person: str = "person") -> Q:
        """True for rows whose person (the column `person`) has this one in their chain now."""
        found = Q(pk__in=[])
        homes = Membership.objects.filter(person=OuterRef(person), valid_to=None)
        held = Appointment.objects.filter(person=OuterRef(person), state__in=LIVE, seat__closed_at=None)
        for lo, hi in self.ranges:
            found |= Q(Exists(homes.filter(unit__path__gte=lo, unit__path__lt=hi)))
            found |= Q(Exists(held.filter(seat__unit__path__gte=lo, seat__unit__path__lt=hi)))
        for unit_id, kind_id in self.teams:
            found |= Q(Exists(held.filter(seat__unit_id=unit_id, seat__team_kind_id=kind_id)))
        return found


def reach_of(person_ids: list[int]) -> Reach:
    """The other way round: of whose chain these entries of one person are part."""
    held = _held(person_ids).select_related("seat__unit")
    charges = SeatCharge.objects.filter(seat__in=[a.seat_id for a in held]).select_related("unit")
    charged = {charge.seat_id for charge in charges}
    tops = [charge.unit.path for charge in charges]
    tops += [a.seat.unit.path for a in held if a.seat_id not in charged and len(paths.ancestors(a.seat.unit.path)) > 1]
    teams = [(a.seat.unit_id, a.seat.team_kind_id) for a in held]
    return Reach([paths.subtree(path) for path in tops if path], teams)
