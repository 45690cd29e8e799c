"""What one person's pages show, read through the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from toli.accounts import queries as accounts
from toli.broadcasts import queries as broadcasts
from toli.broadcasts import share
from toli.broadcasts.models import Listening
from toli.broadcasts.queries import StreamLink
from toli.consent import queries as consent
from toli.consent import reports
from toli.consent.models import Notice
from toli.consent.queries import breaches, data
from toli.elections import queries as elections
from toli.elections.models import ElectorSaid
from toli.kit import language
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import queries as org
from toli.org.models import Appointment, NamedHolder, SignInHelp, Unit
from toli.people import queries as people
from toli.people.models import Person
from toli.recruitment import queries as recruitment
from toli.recruitment.rules import SKILLS
from toli.tasks import queries as tasks
from toli.tasks.queries import MyShare, MyWork

TOLD_ON_DAY = timedelta(days=30)
TASKS_SHOWN = 3


@dataclass(frozen=True)
class Seats:
    """Where a person sits, what they are offered, and which seats a sheet names them for."""

    held: list[Appointment]
    offers: list[Appointment]
    named: list[NamedHolder]
    home: Unit | None

    @property
    def is_empty(self) -> bool:
        return not (self.held or self.offers or self.named)


def seats_of(person: Person, *, now: datetime) -> Seats:
    return Seats(
        held=list(org.live_appointments_of(person.pk, now)),
        offers=list(org.offers_to(person.pk, now)),
        named=list(org.named_seats_for(people.number_index_of(person))),
        home=org.home_unit_of(person),
    )


def named_seats_of_login(login_id: int) -> list[NamedHolder]:
    """Seats a sheet names the owner of this number for, before they have joined."""
    return list(org.named_seats_for(bytes.fromhex(accounts.get_login(login_id=login_id).key)))


@dataclass(frozen=True)
class MyData:
    """Everything held about one person, as that person may see it."""

    person: people.OwnData
    consents: list[consent.MyConsent]
    appointments: list[Appointment]
    home: Unit | None
    reads: list[data.Look]
    told: list[tuple[datetime, str]]
    """Breaches of data that touched this person: when they were told, and the text."""
    votes: list[ElectorSaid]
    """What the person said of voting in a constituency."""

    @property
    def skills(self) -> list[str]:
        return [str(SKILLS.get(key, key)) for key in self.person.skills]


def breach_texts(person: Person) -> list[tuple[datetime, str]]:
    """What a person was told of breaches, in the page's language."""
    found = breaches.told_of(person)
    if not found:
        return []
    notice = consent.current_notice()
    return [(b.told_at, reports.person_text(b, notice, language.current())) for b in found if b.told_at]


def my_data(person: Person) -> MyData:
    """What is held about the person who asks; the caller passes only the session's own person."""
    return MyData(
        person=people.own_data(person),
        consents=consent.my_consents(person.pk),
        appointments=list(org.appointments_of(person.pk)),
        home=org.home_unit_of(person),
        reads=data.looks_at(person),
        told=breach_texts(person),
        votes=elections.all_said_by(person.pk),
    )


def notice_for_joining() -> Notice | None:
    """The notice in force, None before one was published."""
    try:
        return consent.current_notice()
    except NotFound:
        return None


def my_data_file(person: Person) -> dict[str, Any]:
    """Everything of `my_data` as plain values, for a file the person keeps."""
    votes = [
        {"constituency": said.constituency.names, "votes_there": said.is_elector, "said_at": said.said_at.isoformat()}
        for said in elections.all_said_by(person.pk)
    ]
    return {**data.file_of(person, own=True), "votes": votes}


def joined_elsewhere(login_id: int) -> str:
    """The masked number of the entry that one of this number was joined into; empty where there is none."""
    return people.number_joined_into(login_id)


@dataclass(frozen=True)
class SeatPoll:
    """The poll of a constituency in whose teams a person sits."""

    unit: Unit
    clock: elections.UnitClock
    silent_until: datetime | None
    """While appeals stop there: until when; the page is in poll-day mode."""
    said: bool | None
    """Whether the person votes there, by their own word; None: not said yet."""

    @property
    def leave_by(self) -> datetime | None:
        """When somebody who does not vote there has to be gone; None for others and where no hour is known."""
        version = self.clock.version
        is_law = version.status == "scheduled" and version.quiet_kind == "silence"
        return version.quiet_from if self.said is False and is_law else None


def seat_polls(person: Person, held: list[Appointment], *, now: datetime) -> list[SeatPoll]:
    """The polls ahead where this person works, the nearest first."""
    found = {a.seat.unit_id: elections.constituency_of(a.seat.unit) for a in held}
    units = {unit.pk: unit for unit in found.values() if unit is not None}
    clocks = elections.clocks_at(units, now=now)
    said, windows = elections.said_by(person.pk, list(clocks)), elections.load_windows(now=now)
    polls = []
    for unit_id, clock in clocks.items():
        silence = windows.open_for(unit_id, now)
        polls.append(SeatPoll(units[unit_id], clock, silence.window.ends if silence else None, said.get(unit_id)))
    return sorted(polls, key=lambda poll: poll.clock.version.quiet_to)


@dataclass(frozen=True)
class Day:
    """One screen of one person."""

    given_name: str
    seats: Seats
    work: MyWork
    link: StreamLink | None
    listening: Listening
    told: list[tuple[datetime, str]]
    """Breaches of data of the last month that touched this person."""
    asked: list[SignInHelp]
    """Help to sign in that somebody asked for in this person's name and that is not over."""
    sharer: str
    """What a shared text says about who shares it: a role and a place, never a name or number."""
    interviews: bool
    """Whether I sit on an interview panel."""
    polls: list[SeatPoll]
    """Polls ahead in the constituencies I work in."""

    @property
    def silent_polls(self) -> list[SeatPoll]:
        """Those where appeals stop now: my day is a poll day, and what is allowed comes first."""
        return [poll for poll in self.polls if poll.silent_until is not None]

    @property
    def held_tasks(self) -> int:
        """Appeals that wait for the end of the silence."""
        return sum(shown.is_held for shown in (*self.work.to_do, *self.work.free))

    @property
    def next_tasks(self) -> list[MyShare]:
        """What I owe first, then what my team may still take."""
        return self._tasks[:TASKS_SHOWN]

    @property
    def more_tasks(self) -> int:
        return max(len(self._tasks) - TASKS_SHOWN, 0)

    @property
    def _tasks(self) -> list[MyShare]:
        """On a poll day without what the law holds back: no appeal stands on the page."""
        found = [*self.work.to_do, *self.work.free]
        return [shown for shown in found if not shown.is_held] if self.silent_polls else found


def day(actor: Actor, person: Person, *, language: str, now: datetime) -> Day:
    """Everything on my day, read at this moment."""
    link = broadcasts.stream_for(actor, now=now, language=language)
    seats = seats_of(person, now=now)
    return Day(
        given_name=people.given_names([person.pk]).get(person.pk, ""),
        seats=seats,
        work=tasks.my_work(actor, now=now),
        link=link,
        listening=broadcasts.listening_of(actor),
        told=[(at, text) for at, text in breach_texts(person) if at > now - TOLD_ON_DAY],
        asked=org.open_help_of(person, now=now),
        sharer=share.sharer(actor, link.unit, language) if link else "",
        interviews=bool(recruitment.panels_of_member(actor)),
        polls=seat_polls(person, seats.held, now=now),
    )
