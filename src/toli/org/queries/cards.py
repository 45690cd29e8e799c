"""People as a desk list shows them: name, home, seats, masked number. Who saw which names is recorded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from toli.kit import language, masking
from toli.kit.actor import Actor
from toli.org.models import Appointment, Membership, NamedHolder, Seat, Unit
from toli.people import queries as people
from toli.people.models import Person


@dataclass
class Card:
    """One person on a list. `number` is masked."""

    ref: UUID
    name: str
    number: str
    home: dict[str, str] = field(default_factory=dict)
    seats: list[dict[str, str]] = field(default_factory=list)


def cards(actor: Actor, persons: Sequence[Person], *, reason: str) -> list[Card]:
    """Cards in the order given; four queries however many they are."""
    ids = [p.pk for p in persons]
    names = people.names_and_masks(actor, ids, reason=reason)
    homes = dict(Membership.objects.filter(person__in=ids, valid_to=None).values_list("person_id", "unit__names"))
    seats: dict[int, list[dict[str, str]]] = defaultdict(list)
    held = Appointment.objects.filter(person__in=ids, state="accepted", seat__closed_at=None).order_by("id")
    for person_id, role, unit in held.values_list("person_id", "seat__role__names", "seat__unit__names"):
        seats[person_id].append({tag: f"{role[tag]}, {unit.get(tag, '')}" for tag in role})
    shown = [Card(p.ref, *names.get(p.pk, ("", "")), homes.get(p.pk, {}), seats[p.pk]) for p in persons]
    if masking.is_on():
        for card in shown:
            card.name = language.text_of(card.seats[0]) if card.seats else str(_("A person without a seat"))
    return shown


@dataclass
class TeamView:
    """A team of a unit: its seats, each with the card of whoever sits or is offered it."""

    names: dict[str, str]
    filled: int
    seats: list[Seat]


def teams_of(actor: Actor, unit: Unit) -> list[TeamView]:
    """The teams of a unit by kind, with their open seats in order."""
    seats = list(
        Seat.objects.select_related("role", "team_kind", "wing")
        .filter(unit=unit, closed_at=None)
        .order_by("team_kind_id", "wing_id", "role_id", "number")
    )
    on_seat = {
        a.seat_id: a
        for a in Appointment.objects.select_related("person")
        .filter(seat__in=seats, state__in=["offered", "accepted"], handing_over_until=None, suspended_at=None)
        .order_by("-state")  # an accepted holder overwrites an offer
    }
    named = {n.seat_id: n for n in NamedHolder.objects.filter(seat__in=seats, state__in=["named", "invited"])}
    shown = cards(actor, [a.person for a in on_seat.values()], reason="unit page")
    card_of = dict(zip(on_seat, shown, strict=True))
    teams: dict[int, TeamView] = {}
    for seat in seats:
        team = teams.setdefault(seat.team_kind_id, TeamView(seat.team_kind.names, 0, []))
        holder = on_seat.get(seat.pk)
        seat.card = card_of.get(seat.pk)  # type: ignore[attr-defined]
        seat.state = holder.state if holder else ""  # type: ignore[attr-defined]
        seat.state_text = holder.get_state_display() if holder else ""  # type: ignore[attr-defined]
        seat.named = named[seat.pk].get_state_display() if seat.pk in named else ""  # type: ignore[attr-defined]
        team.filled += bool(holder and holder.state == "accepted")
        team.seats.append(seat)
    return list(teams.values())
