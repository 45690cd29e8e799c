"""ID cards: one's own, signed anew when it is opened, and the truth about one that was shown to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import queries as org
from toli.org.models import Appointment
from toli.people import queries as people
from toli.people.models import Person
from toli.recruitment import cards
from toli.recruitment.models import CardRecall


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A card as its holder shows it."""

    appointment: Appointment
    name: str
    card: cards.Card
    address: str
    """What stands in the QR code."""


def my_cards(person: Person, *, now: datetime) -> list[OwnCard]:
    """A card for each seat the person holds now; the caller passes only the session's own person."""
    held = list(org.live_appointments_of(person.pk, now))
    recalled = dict(CardRecall.objects.filter(appointment__in=held).values_list("appointment_id", "before"))
    name = people.own_data(person).name
    return [_own(one, name, recalled.get(one.pk), now) for one in held]


def get_own_card(person: Person, *, ref: UUID, now: datetime) -> OwnCard:
    """The card of one's own live appointment. Raises NotFound."""
    found = next((one for one in my_cards(person, now=now) if one.appointment.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def _own(appointment: Appointment, name: str, recalled_at: datetime | None, now: datetime) -> OwnCard:
    signed_at, seat = cards.signed_from(now, recalled_at), appointment.seat
    until = signed_at + cards.VALID_FOR
    ends = [end for end in (until, appointment.valid_to, seat.closes_at) if end is not None]
    title = {tag: f"{text} {seat.number}" for tag, text in seat.role.names.items()}
    card = cards.Card(appointment.ref, title, seat.unit.names, cards.initials(name), signed_at, min(ends))
    return OwnCard(
        appointment, name, card, f"{settings.PUBLIC_URL}{reverse('recruitment:verify', args=[_token(card)])}"
    )


def _token(card: cards.Card) -> str:
    """The message names the key that seals it, so the version is asked first."""
    said = cards.message(card, secrets.keyring().active_seal)
    return cards.token(said, secrets.seal(said)[1])


@dataclass(frozen=True, slots=True)
class Checked:
    """What is true now of a card that was shown: `state` is valid, forged, expired, lost, suspended or ended."""

    state: str
    card: cards.Card | None = None


def check_card(token: str, *, now: datetime) -> Checked:
    """Look at a card without knowing who shows it. Nothing is answered but what the card itself says and its state."""
    try:
        found = cards.scan(token)
    except cards.NoCard:
        return Checked("forged")
    if not secrets.is_sealed(found.said, found.key_version, found.seal):
        return Checked("forged")
    return Checked(_state(found.card, now), found.card)


def _state(card: cards.Card, now: datetime) -> str:
    appointment = Appointment.objects.select_related("seat", "person").filter(ref=card.appointment).first()
    if appointment is None or not _holds(appointment, now):
        return "ended"
    if appointment.suspended_at is not None:
        return "suspended"
    if CardRecall.objects.filter(appointment=appointment, before__gt=card.signed_at).exists():
        return "lost"
    return "valid" if card.is_current(now) else "expired"


def _holds(appointment: Appointment, now: datetime) -> bool:
    seat = appointment.seat
    until = [end for end in (appointment.valid_to, seat.closes_at, seat.closed_at) if end is not None]
    return (
        appointment.state == Appointment.State.ACCEPTED
        and appointment.person.state == Person.State.ACTIVE
        and all(end > now for end in until)
    )


def own_appointment(*, actor: Actor, ref: UUID, lock: bool = False) -> Appointment:
    """One's own appointment that is held now. Raises NotFound."""
    found = org.get_appointment(actor=actor, ref=ref, lock=lock)
    if found.state != Appointment.State.ACCEPTED:
        raise NotFound
    return found
