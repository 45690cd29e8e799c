"""A small contest for places, for the tests of placements and what follows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from django.utils import timezone
from tests import cast

from toli.consent.queries import current_notice
from toli.kit.ids import new_receipt
from toli.org.models import Role, TeamKind
from toli.recruitment import services
from toli.recruitment.models import Application, Drive, DrivePlace, PlacementRun, Wish

NUMBERS = itertools.count(100)
NOW = timezone.now()


def add_place(drive: Drive, unit, **more) -> DrivePlace:
    kind = TeamKind.objects.get(level=unit.level)
    role = more.pop("role", None) or Role.objects.get(key=more.pop("role_key", "booth_youth"))
    return DrivePlace.objects.create(
        drive=drive, unit=unit, team_kind=kind, role=role, capacity=more.pop("capacity", 1), **more
    )


def add_applicant(drive: Drive, unit, score: int | None, wishes=(), **details) -> Application:
    """Somebody whose wishes are places, or units for "anywhere there"."""
    nth = next(NUMBERS)
    person = cast.add_person(f"Applicant {nth}", f"+9110000{nth:05d}", home=unit, **details)
    application = Application.objects.create(
        receipt=new_receipt(), drive=drive, person=person, unit=unit, notice=current_notice("join"), declared_at=NOW,
        submitted_at=NOW, changed_at=NOW, score=score,
    )  # fmt: skip
    for rank, wish in enumerate(wishes, 1):
        named = {"place": wish} if isinstance(wish, DrivePlace) else {"unit": wish}
        Wish.objects.create(application=application, rank=rank, **named)
    return application


@dataclass
class Contest:
    drive: Drive
    near: DrivePlace
    far: DrivePlace
    best: Application
    second: Application
    young: Application
    low: Application


def hold_contest(drive: Drive, tree) -> Contest:
    """One seat at the first booth, two at the far one; four who want the first booth."""
    near = add_place(drive, tree.booth, preferences={"residents": 300})
    young_first = [{"key": "young", "names": {"hi": "युवा", "en": "Young"}, "count": 1, "age": [18, 25]}]
    far = add_place(drive, tree.far_booth, capacity=2, min_score=5000, shares=young_first)
    young = {"birth_year": NOW.year - 20, "gender": "female"}
    return Contest(
        drive, near, far,
        best=add_applicant(drive, tree.far_booth, 8000, [near, far]),
        second=add_applicant(drive, tree.booth, 7900, [near, far]),
        young=add_applicant(drive, tree.booth, 6000, [near, tree.udaipur], **young),
        low=add_applicant(drive, tree.booth, 4000, [near, far]),
    )  # fmt: skip


def run(who, *, kind: str = "real", **more) -> PlacementRun:
    return services.run_placement(actor=who.actor, key="youth", kind=kind, now=timezone.now(), **more)


def sign(who, made: PlacementRun) -> PlacementRun:
    return services.sign_run(actor=who.actor, ref=made.ref, now=timezone.now())
