"""A drive with one round of meetings: a panel at the block, two members, and applicants of its booths."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone
from tests import cast

from toli.consent import services as consent
from toli.kit.dates import local_day
from toli.kit.ids import new_receipt
from toli.recruitment import interviewing, services
from toli.recruitment.models import Application, Interview, Slot

EVERY_DAY = {str(day): [[600, 640]] for day in range(7)}
"""Four slots of ten minutes from ten o'clock."""
_numbers = count(500)


def add_round(drive, *, actor=cast.SYSTEM, **changes: Any):
    today = local_day(timezone.now())
    given = {
        "drive_key": drive.key, "names": {"hi": "पहली बातचीत", "en": "First interview"}, "kind": "meeting",
        "criteria": ["conduct", "local"], "starts_on": today, "ends_on": today + timedelta(days=30), "blind": False,
        "minutes": 10, "scores_needed": 2, "weight": 1, "minimum": None, "now": timezone.now(),
    } | changes  # fmt: skip
    return services.add_round(actor=actor, **given)


def add_panel(of, unit, members, *, languages=("hi",), hours=None):
    panel = services.add_panels(
        actor=cast.SYSTEM, round_ref=of.ref, units=[unit], each=1, languages=languages, hours=hours or EVERY_DAY,
        place_text="Panchayat Bhawan",
    )[0]  # fmt: skip
    for member in members:
        services.add_member(
            actor=cast.SYSTEM, panel_ref=panel.ref, person_ref=member.person.ref, now=timezone.now()
        )  # fmt: skip
    return panel


def agree(notice, member: cast.CastMember) -> None:
    consent.give(
        actor=member.actor, person=member.person, notice=notice, language="hi", now=timezone.now(), session_key="s",
        purposes=["organise", "sms", "calls"],
    )  # fmt: skip


def add_applicant(drive, notice, unit, *, name="Neelam Sharma", agrees=True, languages=("hi",)) -> cast.CastMember:
    number = f"+91100000{next(_numbers):04d}"
    member = cast.CastMember(cast.add_person(name, number, home=unit, languages=list(languages)), number)
    now = timezone.now()
    if agrees:
        agree(notice, member)
    Application.objects.create(
        drive=drive, person=member.person, unit=unit, receipt=new_receipt(), notice=notice, declared_at=now,
        submitted_at=now, changed_at=now,
    )  # fmt: skip
    return member


def make_slots(of, days: int = 5, *, now: datetime | None = None) -> int:
    today = local_day(now or timezone.now())
    return services.make_slots(
        actor=cast.SYSTEM, round_ref=of.ref, first=today, last=today + timedelta(days=days), now=now or timezone.now()
    )  # fmt: skip


def assign(of, **changes: Any) -> dict[str, int]:
    return services.assign(**{"actor": cast.SYSTEM, "round_ref": of.ref, "now": timezone.now()} | changes)


@dataclass
class Stage:
    """What the tests speak of."""

    drive: Any
    notice: Any
    of: Any
    panel: Any
    members: list[cast.CastMember]
    people: list[cast.CastMember] = field(default_factory=list)

    def interview(self, person: cast.CastMember) -> Interview:
        """The person's newest."""
        return Interview.objects.filter(application__person=person.person).latest("pk")

    def begun(self, person: cast.CastMember) -> tuple[Interview, datetime]:
        """The interview, and the minute after it began."""
        found = self.interview(person)
        assert found.slot is not None
        return found, found.slot.starts_at + timedelta(minutes=1)

    def score(self, scorer: cast.CastMember, person: cast.CastMember, mark: int = 3):
        found, at = self.begun(person)
        marks = {criterion["key"]: mark for criterion in found.round.criteria}
        return services.score(actor=scorer.actor, ref=found.ref, marks=marks, note="", now=at)


def plant(drive, notice, unit, members, people: int = 3) -> Stage:
    """Everybody has a proposed time."""
    of = add_round(drive)
    stage = Stage(drive, notice, of, add_panel(of, unit, members), members)
    stage.people = [add_applicant(drive, notice, unit, name=f"Neelam {n}") for n in range(people)]
    make_slots(of)
    assign(of)
    return stage


def link_of(interview: Interview) -> str:
    return f"/i/{interview.code}/"


def browser() -> Client:
    """Somebody's phone that never signed in."""
    return Client(headers={"accept-language": "en"})


def free_slot(stage: Stage) -> Slot:
    """A time that can still be chosen by somebody who moves."""
    interview = stage.interview(stage.people[0])
    from toli.recruitment import queries

    return queries.other_times(interview, now=timezone.now())[0]


SHORT = interviewing.SHORT_NOTICE
