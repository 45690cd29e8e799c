"""Reads of the daily line: every constituency of a charge on one day, with who stands with what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from toli.content import daily
from toli.content.models import DailyLine, Fact, State
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import paths
from toli.org import queries as org
from toli.org.models import Unit
from toli.people import queries as people


@dataclass(frozen=True, slots=True)
class Owner:
    """Who stands with a step: the given name, and the seat. Without a name the seat is empty."""

    name: str
    seat: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One constituency on one day."""

    unit: Unit
    line: DailyLine | None
    stands: Sequence[daily.Stand]
    missing: daily.Stand | None
    owner: Owner | None
    """Of the missing step."""


def _seats(actor: Actor, right: str) -> QuerySet[Unit]:
    return org.units_in_charge(actor, right, ["constituency"])


def get_constituency(*, actor: Actor, ref: UUID, right: str = "content.view") -> Unit:
    """A constituency of the actor's charge. Raises NotFound."""
    found = _seats(actor, right).filter(ref=ref).first()
    if found is None:
        raise NotFound()
    return found


def daily_lines(actor: Actor, day: date, *, now: datetime) -> list[Row]:
    """Every constituency of the charge, in the order of the tree. Six statements, however many they are."""
    return _rows(list(_seats(actor, "content.view")), day, now)


def daily_line(unit: Unit, day: date, *, now: datetime) -> Row:
    return _rows([unit], day, now)[0]


def line_of(unit: Unit, day: date, *, lock: bool = False) -> DailyLine | None:
    rows = DailyLine.objects.select_related("fact", "item").filter(constituency=unit, on_date=day)
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def _rows(units: Sequence[Unit], day: date, now: datetime) -> list[Row]:
    lines = DailyLine.objects.filter(on_date=day, constituency__in=[unit.pk for unit in units])
    lines = lines.select_related("fact", "item__unit").prefetch_related("steps")
    by_unit = {line.constituency_id: line for line in lines}
    stands = {unit.pk: daily.stands(day, done_of(by_unit.get(unit.pk)), now) for unit in units}
    first = {pk: daily.missing(stood) for pk, stood in stands.items()}
    owners = _owners([(pk, one.step.owner) for pk, one in first.items() if one])
    return [Row(unit, by_unit.get(unit.pk), stands[unit.pk], first[unit.pk], owners.get(unit.pk)) for unit in units]


def done_of(line: DailyLine | None) -> set[str]:
    """Which steps are done: each stands only on the ones before it, so what is taken back falls back."""
    if line is None or line.fact.withdrawn_at is not None:
        return set()
    done, item = {daily.FACT}, line.item
    if item is None or item.state == State.WITHDRAWN:
        return done
    done.add(daily.CARD)
    if item.state not in (State.APPROVED, State.OUT):
        return done
    done.add(daily.APPROVED)
    if item.state == State.OUT:
        done.add(daily.PULSE)
    return done | {one.step for one in line.steps.all() if one.item_id == item.pk}


def _owners(wanted: Sequence[tuple[int, str]]) -> dict[int, Owner]:
    """By constituency: who stands with the step that is missing there."""
    roles = {role for _unit, role in wanted}
    held = org.holders_near([unit for unit, _role in wanted], roles)
    names = people.given_names(person for _seat, person in held.values())
    labels = org.seat_labels([seat for seat, _person in held.values()])
    empty = org.role_names(roles)
    found: dict[int, Owner] = {}
    for unit, role in wanted:
        seat, person = held.get((unit, role), (0, 0))
        found[unit] = Owner(names.get(person, ""), labels[seat]) if seat else Owner("", empty.get(role, {}))
    return found


def items_of_lines(hashes: Iterable[str]) -> list[int]:
    """Items of daily lines that say exactly these words."""
    return list(DailyLine.objects.filter(item__hash__in=list(hashes)).values_list("item_id", flat=True))


def facts_for(unit: Unit) -> QuerySet[Fact]:
    """Facts that speak of this constituency: its own, of places in it, of larger places. Unused ones first."""
    lo, hi = paths.subtree(unit.path)
    rows = Fact.objects.select_related("unit").filter(withdrawn_at=None)
    rows = rows.filter(Q(unit__path__gte=lo, unit__path__lt=hi) | Q(unit__in=paths.ancestors(unit.path)))
    used = Max("lines__on_date", filter=Q(lines__constituency=unit))
    return rows.annotate(used=used).order_by(F("used").asc(nulls_first=True), "-on_date", "-id")
