"""Who may help whom to sign in, and what waits for help."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from toli.accounts import queries as accounts
from toli.accounts.models import CampPass, Holder
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import access
from toli.org.models import Appointment, SignInHelp, Unit
from toli.org.queries.people import home_unit_of, people_in_charge, person_for_number
from toli.org.queries.seats import actor_for
from toli.org.rights import SENSITIVE
from toli.people.models import Person

RIGHT = "people.let_in"
CAMPS = "org.camps"
STOP = "org.help.stop"


def places_of(person: Person) -> list[tuple[Unit, int | None]]:
    """Where a person stands: at home, and on each seat they hold (with its wing)."""
    held = Appointment.objects.select_related("seat__unit").filter(person=person, state=Appointment.State.ACCEPTED)
    places = [(a.seat.unit, a.seat.wing_id) for a in held]
    home = home_unit_of(person)
    return [*([(home, None)] if home else []), *places]


def may_help(actor: Actor, person: Person) -> bool:
    """True for an officer who has the right over EVERYTHING the person stands for, and is not the person.

    A district's officer must not open the account of somebody who lives there and sits on the state's team.
    """
    places = places_of(person)
    if not places or person.pk == actor.person_id:
        return False
    return all(access.may(actor, RIGHT, unit, wing_id) for unit, wing_id in places)


def person_to_help(*, actor: Actor, ref: UUID) -> Person:
    """Raises NotFound (missing, or not above the person) or NeedsSecondFactor."""
    person = people_in_charge(actor, RIGHT).filter(ref=ref).first()
    if person is None or not may_help(actor, person):
        raise NotFound
    access.require_second_factor(actor, RIGHT)
    return person


def get_help(*, actor: Actor, ref: UUID, lock: bool = False) -> SignInHelp:
    """A request of somebody the actor may help. Raises NotFound or NeedsSecondFactor."""
    rows = SignInHelp.objects.select_related("person__holder")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(ref=ref).first()
    if found is None or not may_help(actor, found.person):
        raise NotFound
    access.require_second_factor(actor, RIGHT)
    return found


def officers_needed(person: Person, kind: str, *, now: datetime) -> int:
    """Two where a second proof is lost, and for whoever holds a sensitive right by a seat or for a time; else one."""
    return 2 if kind == SignInHelp.Kind.PROOF or holds_sensitive(person, now=now) else 1


def holds_sensitive(person: Person, *, now: datetime) -> bool:
    """True for who holds a sensitive right at this moment, by a seat or given for a time."""
    return any(SENSITIVE & set(grant.rights) for grant in actor_for(person, now=now).grants())


def is_sensitive_number(key: str, *, now: datetime) -> bool:
    """True when somebody of the login with this key holds a sensitive right."""
    people = Person.objects.filter(holder__login__key=key, holder__active=True, state=Person.State.ACTIVE)
    return any(holds_sensitive(person, now=now) for person in people)


def officers_who_confirmed(asked: SignInHelp, *, now: datetime) -> int:
    """How many officers confirmed who may still help this person: one who was suspended since counts no more."""
    said = asked.confirmations.select_related("officer")
    return sum(may_help(actor_for(one.officer, now=now), asked.person) for one in said)


def stop_token(asked: SignInHelp) -> str:
    """What the old number's SMS carries: the request and our signature, as short as an SMS wants it."""
    code = urlsafe_b64encode(asked.ref.bytes).decode().rstrip("=")
    return code + secrets.signature(STOP, str(asked.ref))[:12]


def help_to_stop(*, token: str, lock: bool = False) -> SignInHelp:
    """The request of a link in an SMS, also when it is over. Raises NotFound for a forged one."""
    rows = SignInHelp.objects.select_related("person")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(ref=_ref_in(token)).first()
    if found is None or not secrets.is_equal(token, stop_token(found)):
        raise NotFound
    return found


def _ref_in(token: str) -> UUID:
    try:
        return UUID(bytes=urlsafe_b64decode(token[:22] + "=="))
    except ValueError:
        raise NotFound from None


def open_help_of(person: Person, *, now: datetime) -> list[SignInHelp]:
    """What a person asked for and still waits for."""
    rows = SignInHelp.objects.filter(person=person, state=SignInHelp.State.WAITING, expires_at__gt=now)
    return list(rows.order_by("-asked_at"))


def help_of(person: Person) -> list[SignInHelp]:
    """The newest requests of a person, for that person."""
    return list(SignInHelp.objects.filter(person=person).prefetch_related("confirmations").order_by("-asked_at")[:10])


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A request as an officer sees it."""

    help: SignInHelp
    confirmed: int
    by_me: bool


def waiting_help(actor: Actor, *, now: datetime, person: Person | None = None) -> list[HelpRow]:
    """Requests that wait for an officer such as the actor, oldest first."""
    rows = SignInHelp.objects.filter(state=SignInHelp.State.WAITING, expires_at__gt=now)
    rows = rows.filter(person=person) if person else rows.filter(person__in=people_in_charge(actor, RIGHT))
    found = rows.select_related("person").prefetch_related("confirmations").order_by("asked_at")[:200]
    return [_row(actor, one) for one in found if may_help(actor, one.person)]


def _row(actor: Actor, one: SignInHelp) -> HelpRow:
    officers = [c.officer_id for c in one.confirmations.all()]
    return HelpRow(one, len(officers), actor.person_id in officers)


def person_alone_on(login_id: int) -> Person | None:
    """The person of a number that only one person uses."""
    holders = accounts.active_holders(login_id)
    found = Person.objects.filter(holder__in=holders, state=Person.State.ACTIVE)
    return found.first() if len(holders) == 1 else None


def person_named(*, number: str, name: str) -> Person | None:
    """The one person of this number (E.164) whose name answers these words; nobody where two do, or none."""
    words = fold_words(name)
    rows = person_for_number(bytes.fromhex(accounts.key_of(number)))
    for keys in words:
        rows = rows.filter(tokens__overlap=keys)
    found = list(rows.select_related("holder")[:2]) if words else []
    return found[0] if len(found) == 1 and found[0].holder is not None else None


def person_of_holder(*, login_id: int, ref: UUID) -> Person | None:
    """The person of one of the people of a number."""
    rows = Person.objects.filter(holder__ref=ref, holder__login_id=login_id, holder__active=True)
    return rows.filter(state=Person.State.ACTIVE).first()


def get_holder(holder_id: int) -> Holder:
    return Holder.objects.select_related("login").get(pk=holder_id)


@dataclass(frozen=True, slots=True)
class CampRow:
    """A camp pass with its unit."""

    camp: CampPass
    unit: Unit
    is_live: bool


def camps(actor: Actor, *, now: datetime) -> list[CampRow]:
    """Passes made where the actor may make them, newest first."""
    units = {u.pk: u for u in Unit.objects.filter(access.visible(actor, CAMPS).q("path"), pk__in=_with_passes())}
    rows = CampPass.objects.filter(unit_id__in=units).order_by("-created_at")[:100]
    return [CampRow(camp, units[camp.unit_id], _is_live(camp, now)) for camp in rows]


def _with_passes() -> Sequence[int]:
    return list(CampPass.objects.values_list("unit_id", flat=True).distinct())


def _is_live(camp: CampPass, now: datetime) -> bool:
    return camp.ended_at is None and camp.starts_at <= now < camp.ends_at


def get_camp(*, actor: Actor, ref: UUID, now: datetime) -> CampRow:
    """A pass of a unit where the actor may make them. Raises NotFound."""
    camp = CampPass.objects.filter(ref=ref).first()
    unit = Unit.objects.filter(access.visible(actor, CAMPS).q("path"), pk=camp.unit_id).first() if camp else None
    if camp is None or unit is None:
        raise NotFound
    return CampRow(camp, unit, _is_live(camp, now))
