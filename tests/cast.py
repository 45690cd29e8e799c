"""The fixed cast and the small tree they work in. Numbers are of the range that cannot ring."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

from django.test import Client
from django.utils import timezone

from toli.accounts import services as accounts
from toli.kit.actor import SystemActor
from toli.org import queries as org
from toli.org import services
from toli.org.access import SessionActor
from toli.org.models import Appointment, Level, Role, Seat, TeamKind, Unit, UnitCode, UnitLink
from toli.people import services as people
from toli.people.models import Person

SYSTEM = SystemActor(request_id="test")


@dataclass
class CastMember:
    """A person, as they are now. `actor` is read anew each time, with or without a second factor."""

    person: Person
    number: str
    seat: Seat | None = None
    appointment: Appointment | None = None
    _clients: dict[bool, Client] = field(default_factory=dict)

    @property
    def actor(self) -> SessionActor:
        return self.acting(second_factor=True)

    def acting(self, *, second_factor: bool, at=None) -> SessionActor:
        person = Person.objects.get(pk=self.person.pk)
        return org.actor_for(person, now=at or timezone.now(), second_factor=second_factor, request_id="test")

    @property
    def client(self) -> Client:
        """A browser in which this person is logged in, second factor shown."""
        return self.browser(second_factor=True)

    def browser(self, *, second_factor: bool, language: str = "en") -> Client:
        client = self._clients.get(second_factor)
        if client is None:
            client = self._clients[second_factor] = logged_in(self.person, second_factor=second_factor)
        client.cookies["language"] = language
        return client


def logged_in(person: Person, *, second_factor: bool) -> Client:
    """A test browser with the session a login makes."""
    client = Client(headers={"accept-language": "en"})
    holder = person.holder
    client.force_login(holder.login, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["holder_id"] = holder.pk
    session["holder_epoch"] = holder.epoch
    if second_factor:
        session["account_authentication_methods_user"] = str(holder.login.pk)
        session["account_authentication_methods"] = [
            {"method": "mfa", "at": timezone.now().timestamp(), "type": "totp"}
        ]
    session.save()
    return client


def add_unit(level: str, hi: str, en: str, parent: Unit | None, *, in_org: bool = True, **attrs) -> Unit:
    return services.create_unit(
        actor=SYSTEM,
        level=Level.objects.get(key=level),
        names={"hi": hi, "en": en},
        parent=parent,
        in_org=in_org,
        attrs=attrs,
    )


def link(hierarchy: str, child: Unit, parent: Unit) -> None:
    UnitLink.objects.create(hierarchy=hierarchy, child=child, parent=parent)


def plant_tree() -> SimpleNamespace:
    """state > division > two districts > a constituency each > blocks > booths; a panchayat and a parliament seat
    beside.
    """
    services.ensure_base()
    state = add_unit("state", "राजस्थान", "Rajasthan", None)
    division = add_unit("division", "अजमेर", "Ajmer", state)
    bhilwara = add_unit("district", "भीलवाड़ा", "Bhilwara", division)
    udaipur = add_unit("district", "उदयपुर", "Udaipur", division)
    sahara = add_unit("constituency", "सहाड़ा", "Sahara", bhilwara)
    vallabhnagar = add_unit("constituency", "वल्लभनगर", "Vallabhnagar", udaipur)
    raipur = add_unit("block", "रायपुर", "Raipur", sahara)
    bhinder = add_unit("block", "भींडर", "Bhinder", vallabhnagar)
    booths = [add_unit("booth", f"बोराणा {n}", f"Borana {n}", raipur, station=n) for n in (1, 2, 3)]
    far_booth = add_unit("booth", "कानोड़ 1", "Kanod 1", bhinder, station=1)
    panchayat = add_unit("panchayat", "बोराणा", "Borana", None, in_org=False)
    for booth in booths:
        link("administrative", booth, panchayat)
    for code, unit in (("S20/179", sahara), ("S20/155", vallabhnagar)):
        UnitCode.objects.create(unit=unit, scheme="eci", value=code)
    return SimpleNamespace(
        state=state, division=division, bhilwara=bhilwara, udaipur=udaipur, sahara=sahara, vallabhnagar=vallabhnagar,
        raipur=raipur, bhinder=bhinder, booths=booths, booth=booths[0], far_booth=far_booth, panchayat=panchayat,
    )  # fmt: skip


def add_person(name: str, number: str, *, home: Unit | None = None, birth_year: int = 1990, **details) -> Person:
    now = timezone.now()
    holder = accounts.add_login(phone=number, now=now)
    person = people.create_person(
        actor=SYSTEM, holder=holder, number=number, name=name, birth_year=birth_year, now=now, verified=True, **details
    )
    if home is not None:
        services.set_home(actor=SYSTEM, person=person, unit=home, now=now)
    return person


def add_seat(unit: Unit, team_kind: str, role: str, number: int = 1, **columns) -> Seat:
    seat = Seat.objects.create(
        unit=unit, team_kind=TeamKind.objects.get(key=team_kind), role=Role.objects.get(key=role), number=number,
        opened_at=timezone.now() - timedelta(days=30), **columns,
    )  # fmt: skip
    services.add_counts([(unit.pk, None, "norm", 1, None)])
    return seat


def put_on_seat(person: Person, seat: Seat) -> Appointment:
    now = timezone.now()
    offer = services.offer_seat(actor=SYSTEM, seat_ref=seat.ref, person_ref=person.ref, now=now)
    own = org.actor_for(person, now=now)
    return services.accept_offer(actor=own, ref=offer.ref, now=now)


def cast_member(name: str, number: str, unit: Unit, team_kind: str, role: str) -> CastMember:
    person = add_person(name, number, home=unit)
    seat = add_seat(unit, team_kind, role)
    return CastMember(person=person, number=number, seat=seat, appointment=put_on_seat(person, seat))
