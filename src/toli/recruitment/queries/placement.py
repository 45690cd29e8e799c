"""Runs of the placement: their cut-offs, who moves between two, and what one applicant is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.recruitment import explaining, freezing, outcomes
from toli.recruitment.models import Appeal, Application, CutOff, Drive, DrivePlace, Outcome, PlacementRun
from toli.recruitment.queries.applications import get_own_application

HOLDS = ("signed", "replaced")


def get_run(*, actor: Actor, ref: UUID, right: str, lock: bool = False) -> PlacementRun:
    """A run of a drive in one's charge; its frozen inputs are read when they are asked for.

    Raises NotFound, or NeedsSecondFactor for a sensitive right without one.
    """
    rows = (
        PlacementRun.objects.select_related("drive__scope")
        .defer("inputs")
        .filter(access.visible(actor, right).q("drive__scope__path"), ref=ref)
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    access.require(actor, right, found.drive.scope)
    return found


def settled_run(run_id: int) -> outcomes.Settled:
    """A run as it was frozen and came out; about a second the first time for half a million applicants."""
    return _settled(run_id, PlacementRun.objects.values_list("inputs_hash", "outcome_hash").get(pk=run_id))


@lru_cache(maxsize=1)
def _settled(run_id: int, _hashes: tuple[str, str]) -> outcomes.Settled:
    """A run never changes, so a process thaws it once."""
    inputs = freezing.thaw(freezing.unpack(bytes(PlacementRun.objects.values_list("inputs", flat=True).get(pk=run_id))))
    got = np.full(len(inputs.applicants), -1, dtype=np.int64)
    rows = Outcome.objects.filter(run=run_id, place__isnull=False).order_by("application")
    placed = np.array(rows.values_list("application", "place"), dtype=np.int64).reshape(-1, 2)
    place_of = np.full(len(inputs.applicants), -1, dtype=np.int64)
    place_of[np.searchsorted(inputs.applicants, placed[:, 0])] = placed[:, 1]
    wishes = np.flatnonzero(inputs.places[inputs.wish_place] == place_of[inputs.owner])
    got[inputs.owner[wishes]] = wishes
    return outcomes.settle(inputs, got)


def runs(drive: Drive) -> QuerySet[PlacementRun]:
    """The runs of a drive without their inputs, the newest first."""
    return PlacementRun.objects.filter(drive=drive).defer("inputs").order_by("-made_at", "-id")


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """All cut-offs of a place in a run."""

    place: DrivePlace
    open: CutOff | None
    shares: list[tuple[Mapping[str, str], CutOff]]
    """Names of each reserved share, with its cut-off."""

    @property
    def filled(self) -> int:
        return (self.open.filled if self.open else 0) + sum(row.filled for _names, row in self.shares)


def place_sums(run: PlacementRun | None, places: Sequence[DrivePlace]) -> list[PlaceSum]:
    """What a run did at each of these places: one query for a page."""
    rows = CutOff.objects.filter(run=run, place__in=places).order_by("id") if run else []
    by_place: dict[int, list[CutOff]] = {}
    for row in rows:
        by_place.setdefault(row.place_id, []).append(row)
    return [_place_sum(place, by_place.get(place.pk, [])) for place in places]


def _place_sum(place: DrivePlace, rows: Sequence[CutOff]) -> PlaceSum:
    names = {share["key"]: share.get("names") or {"en": share["key"]} for share in place.shares}
    shares = [(names.get(row.share, {"en": row.share}), row) for row in rows if row.share]
    return PlaceSum(place, next((row for row in rows if not row.share), None), shares)


@dataclass(frozen=True, slots=True)
class Moves:
    """Between two runs of a drive, how many get a place, lose it, get another, or keep theirs."""

    placed: int
    lost: int
    moved: int
    same: int


# Of two runs only those whom they placed: as many rows as there are places, not as there are applicants.
_BOTH = """
FROM (SELECT application_id, place_id FROM recruitment_outcome WHERE run_id = %(a)s AND place_id IS NOT NULL) a
FULL JOIN (SELECT application_id, place_id FROM recruitment_outcome WHERE run_id = %(b)s AND place_id IS NOT NULL) b
    USING (application_id)
"""

MOVES = f"""
SELECT count(*) FILTER (WHERE a.place_id IS NULL), count(*) FILTER (WHERE b.place_id IS NULL),
       count(*) FILTER (WHERE a.place_id <> b.place_id), count(*) FILTER (WHERE a.place_id = b.place_id) {_BOTH}
"""


def moves(before: PlacementRun, after: PlacementRun) -> Moves:
    """Who has a place in one of the runs, by what the other gives them."""
    return _moves(before.pk, after.pk, (before.outcome_hash, after.outcome_hash))


@lru_cache(maxsize=64)
def _moves(before: int, after: int, _hashes: tuple[str, str]) -> Moves:
    """A run never changes, so a process counts two of them once."""
    with connection.cursor() as cursor:
        cursor.execute(MOVES, {"a": before, "b": after})
        return Moves(*cursor.fetchone())


MOVERS = f"""
SELECT app.ref, app.receipt, a, b FROM (
    SELECT application_id, a.place_id AS a, b.place_id AS b {_BOTH}
    WHERE a.place_id IS DISTINCT FROM b.place_id ORDER BY application_id LIMIT %(limit)s OFFSET %(offset)s
) moved JOIN recruitment_application app ON app.id = application_id ORDER BY app.id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Mover:
    """By receipt, without a name: who compares runs decides about rules, not about people."""

    ref: UUID
    receipt: str
    before: DrivePlace | None
    after: DrivePlace | None


def movers(before: PlacementRun, after: PlacementRun, *, page: int, size: int) -> list[Mover]:
    """One page of those who move."""
    with connection.cursor() as cursor:
        cursor.execute(MOVERS, {"a": before.pk, "b": after.pk, "limit": size, "offset": (page - 1) * size})
        rows = cursor.fetchall()
    places = DrivePlace.objects.select_related("unit__level", "role").in_bulk(
        {i for row in rows for i in row[2:] if i is not None}
    )
    return [Mover(ref, receipt, places.get(a), places.get(b)) for ref, receipt, a, b in rows]


# -- the applicant's own --


@dataclass(frozen=True, slots=True)
class Explained:
    """What a signed placement says to one applicant."""

    application: Application
    run: PlacementRun
    outcome: Outcome
    lines: list[tuple[explaining.Line, DrivePlace]]
    nearest: explaining.Line | None
    appeal: Appeal | None


def explained(*, actor: Actor, ref: UUID) -> Explained | None:
    """Why I was placed or not, by the newest signed placement I was in; None while there is none. Raises NotFound."""
    application = get_own_application(actor=actor, ref=ref)
    outcome = (
        Outcome.objects.select_related("run__drive", "place__unit__level", "place__role")
        .defer("run__inputs")
        .filter(application=application, run__kind="real", run__state__in=HOLDS)
        .order_by("-run__signed_b_at")
        .first()
    )
    if outcome is None:
        return None
    lines = explaining.read(outcome.told)
    places = DrivePlace.objects.select_related("unit__level", "role", "wing").in_bulk({i.place_id for i in lines})
    appeal = Appeal.objects.filter(run=outcome.run, application=application).first()
    shown = [(line, places[line.place_id]) for line in lines]
    return Explained(application, outcome.run, outcome, shown, explaining.nearest(lines), appeal)


def has_outcome(applications: Sequence[Application]) -> set[int]:
    """Ids of those of these applications for which a signed placement says why."""
    rows = Outcome.objects.filter(Q(run__state__in=HOLDS), application__in=applications, run__kind="real")
    return set(rows.values_list("application_id", flat=True))
