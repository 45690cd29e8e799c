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
from toli.org import access, paths
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


def drive_places(drive: Drive, *, words: str = "", unit_path: str = "") -> QuerySet[DrivePlace]:
    """The places a drive offers, in the order of the tree."""
    rows = DrivePlace.objects.filter(drive=drive).select_related("unit__level", "role", "wing", "team_kind")
    if unit_path:
        lo, hi = paths.subtree(unit_path)
        rows = rows.filter(unit__path__gte=lo, unit__path__lt=hi)
    return rows.order_by("id")


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
    """Who moves between two runs of a drive: counts, and rows (application id, place before, place after)."""

    placed: int
    lost: int
    moved: int
    same: int


MOVES = """
SELECT count(*) FILTER (WHERE a.place_id IS NULL AND b.place_id IS NOT NULL),
       count(*) FILTER (WHERE a.place_id IS NOT NULL AND b.place_id IS NULL),
       count(*) FILTER (WHERE a.place_id <> b.place_id),
       count(*) FILTER (WHERE a.place_id IS NOT DISTINCT FROM b.place_id)
FROM (SELECT application_id, place_id FROM recruitment_outcome WHERE run_id = %(a)s) a
FULL JOIN (SELECT application_id, place_id FROM recruitment_outcome WHERE run_id = %(b)s) b USING (application_id)
"""


def moves(before: PlacementRun, after: PlacementRun) -> Moves:
    """How many applicants get a place, lose one, get another, or stay, from one run to the other."""
    with connection.cursor() as cursor:
        cursor.execute(MOVES, {"a": before.pk, "b": after.pk})
        return Moves(*cursor.fetchone())


MOVERS = """
SELECT app.ref, app.receipt, a.place_id, b.place_id
FROM (SELECT application_id, place_id FROM recruitment_outcome WHERE run_id = %(a)s) a
FULL JOIN (SELECT application_id, place_id FROM recruitment_outcome WHERE run_id = %(b)s) b USING (application_id)
JOIN recruitment_application app ON app.id = application_id
WHERE a.place_id IS DISTINCT FROM b.place_id ORDER BY application_id LIMIT %(limit)s OFFSET %(offset)s
"""


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
