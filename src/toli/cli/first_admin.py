"""The first state coordinator: everybody after is appointed by somebody, this one by who holds the machine."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from toli.accounts import services as accounts
from toli.accounts.queries import deployment
from toli.consent.first_notice import ensure_notice
from toli.kit.actor import SystemActor
from toli.kit.errors import BadInput
from toli.kit.phone import parse
from toli.org import queries as org
from toli.org import services
from toli.org.models import Level, Role, Seat, TeamKind, Unit
from toli.people import services as people
from toli.people.models import Person

SYSTEM = SystemActor(request_id="createadmin")
STATE_TEAM = 5


@transaction.atomic
def make_admin(*, phone: str, name: str, birth_year: int, state: list[str] | None) -> str:
    """Seat this person as state coordinator; a sentence for the terminal. Raises ToliError."""
    now = timezone.now()
    made = deployment() or accounts.create_deployment(is_demo=False, now=now)
    services.ensure_base()
    number = parse(phone, demo=made.is_demo)
    seat = vacant_seat(top_unit(state))
    holder = accounts.add_login(phone=number, now=now)
    person = Person.objects.filter(holder=holder).first() or people.create_person(
        actor=SYSTEM, holder=holder, number=number, name=name, birth_year=birth_year, now=now
    )
    offer = services.offer_seat(actor=SYSTEM, seat_ref=seat.ref, person_ref=person.ref, now=now)
    services.accept_offer(actor=org.actor_for(person, now=now), ref=offer.ref, now=now)
    answers = ensure_notice(actor=SYSTEM, now=now).contact
    return (
        f"{name} is state coordinator of {seat.unit.names.get('en') or seat.unit} and logs in with that number.\n"
        f"The notice names {answers['name']['en']}, {answers['address']}, as who answers people about their data."
    )


def top_unit(names: list[str] | None) -> Unit:
    """The one unit at the top, made with these names when there is none. Raises BadInput."""
    top = Unit.objects.filter(level__key="state", active=True).exclude(path="").first()
    if top is not None:
        return top
    if not names:
        raise BadInput("There is no tree yet: name the top unit with --state HINDI ENGLISH, or import units first.")
    both = {"hi": names[0], "en": names[1]}
    return services.create_unit(actor=SYSTEM, level=Level.objects.get(key="state"), names=both, parent=None)


def vacant_seat(unit: Unit) -> Seat:
    """A seat of state coordinator nobody sits on or is offered; opened by a norm when there is none."""
    role = Role.objects.get(key="state_coordinator")
    seats = Seat.objects.filter(unit=unit, role=role, closed_at=None).exclude(
        appointments__state__in=["offered", "accepted"]
    )
    if not seats.exists():
        held = Seat.objects.filter(unit=unit, role=role, closed_at=None).count()
        if held >= STATE_TEAM:
            raise BadInput("All seats of state coordinator are taken: end one of them first.")
        team = TeamKind.objects.get(key="state_team")
        services.set_norm(
            actor=SYSTEM,
            team_kind=team,
            role=role,
            count=held + 1,
            scope=unit,
            now=timezone.now(),
            reason="createadmin",
        )
    return seats.order_by("number")[0]
