"""A signed placement for tests: people with scores and wishes, places with seats, and what a run made of them."""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from tests import cast

from toli.kit.ids import new_receipt
from toli.org.models import Role, TeamKind
from toli.recruitment import freezing, outcomes, placement
from toli.recruitment.models import Application, DrivePlace, Outcome, PlacementRun
from toli.recruitment.services import placement as placing

_numbers = itertools.count(4000)


def add_place(drive, unit, seats: int, *, role="booth_youth", capacity=None) -> DrivePlace:
    """A place of the drive with so many vacant seats in the tree."""
    for number in range(1, seats + 1):
        cast.add_seat(unit, "booth_team", role, number)
    return DrivePlace.objects.create(
        drive=drive, unit=unit, team_kind=TeamKind.objects.get(key="booth_team"), role=Role.objects.get(key=role),
        capacity=seats if capacity is None else capacity,
    )  # fmt: skip


def add_applicant(drive, notice, unit, score: int, name: str = "") -> Application:
    number = next(_numbers)
    person = cast.add_person(name or f"Applicant {chr(65 + number % 26)}", f"+91100000{number}", home=unit)
    now = timezone.now()
    return Application.objects.create(
        receipt=new_receipt(), drive=drive, person=person, unit=unit, notice=notice, declared_at=now, submitted_at=now,
        changed_at=now, score=score,
    )  # fmt: skip


@dataclass
class Wished:
    """One applicant with places in their own order."""

    application: Application
    places: list[DrivePlace]


def sign_run(drive, wished: list[Wished], places: list[DrivePlace], *, state="signed") -> PlacementRun:
    """Place these people and write the run and its outcomes as signed by two."""
    wished = sorted(wished, key=lambda one: one.application.pk)
    places = sorted(places, key=lambda one: one.pk)
    inputs = _inputs(wished, places)
    got = placement.match(inputs)
    settled = outcomes.settle(inputs, got)
    frozen = freezing.freeze(inputs)
    run = PlacementRun.objects.create(
        drive=drive, state=state, seed="s", inputs=freezing.pack(frozen), inputs_hash=freezing.digest(frozen),
        outcome_hash=freezing.outcome_digest(settled), made_at=timezone.now(), signed_a_id=1, signed_b_id=2,
    )  # fmt: skip
    for one, wish, told in zip(wished, got.tolist(), placing._told(settled), strict=True):
        place = places[inputs.wish_place[wish]] if wish >= 0 else None
        rank = int(inputs.wish_rank[wish]) if wish >= 0 else None
        Outcome.objects.create(
            run=run, application=one.application, place=place, wish=rank, score=one.application.score,
            told=json.loads(told),
        )  # fmt: skip
    return run


def _inputs(wished: list[Wished], places: list[DrivePlace]) -> placement.Inputs:
    index = {place.pk: n for n, place in enumerate(places)}
    flat = [(index[place.pk], rank) for one in wished for rank, place in enumerate(one.places, start=1)]
    refs = b"".join(hashlib.md5(one.application.ref.bytes).digest() for one in wished)
    none = np.full(len(flat), -1, dtype=np.int16)
    return placement.Inputs(
        seed="s", applicants=np.array([one.application.pk for one in wished], dtype=np.int64),
        refs=np.frombuffer(refs, dtype=np.uint8).reshape(-1, 16),
        scores=np.array([one.application.score for one in wished], dtype=np.int32),
        start=np.cumsum([0, *(len(one.places) for one in wished)]).astype(np.int64),
        wish_place=np.array([place for place, _ in flat], dtype=np.int32),
        wish_points=np.zeros(len(flat), dtype=np.int32), wish_share=none,
        wish_rank=np.array([rank for _, rank in flat], dtype=np.int16),
        places=np.array([place.pk for place in places], dtype=np.int64),
        capacity=np.array([place.capacity for place in places], dtype=np.int32),
        min_score=np.zeros(len(places), dtype=np.int32), share_start=np.zeros(len(places) + 1, dtype=np.int64),
        share_count=np.zeros(0, dtype=np.int32), share_keys=(),
    )  # fmt: skip
