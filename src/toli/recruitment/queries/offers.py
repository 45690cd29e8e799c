"""What became of a place: for the wait-lists that move by themselves, and for the applicant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from toli.kit.actor import Actor
from toli.org import paths
from toli.org import queries as org
from toli.recruitment import explaining, outcomes
from toli.recruitment.models import Application, DrivePlace, Outcome, PlacementRun, PlaceOffer, Wish
from toli.recruitment.queries.applications import in_charge
from toli.recruitment.queries.placement import settled_run


def next_in_line(*, run_id: int, place_id: int, gone: Collection[int], seats: int) -> list[int]:
    """Ids of the applications to call for seats that came free, in the place's own order; see `outcomes`."""
    return outcomes.next_in_line(settled_run(run_id), place_id, gone=gone, seats=seats)


def may_choose(application: Application) -> bool:
    """True for whoever waits after a placement was decided and has no offer: they are asked what they want to be."""
    return application.pk in asked_to_choose([application])


def asked_to_choose(applications: Sequence[Application]) -> set[int]:
    """Ids of those of these applications that `may_choose`."""
    waiting = [one for one in applications if one.state == Application.State.SUBMITTED]
    decided = set(
        PlacementRun.objects.filter(drive__in=[one.drive_id for one in waiting], state="signed").values_list(
            "drive_id", flat=True
        )
    )
    live = PlaceOffer.objects.filter(application__in=waiting, state__in=["due", "offered", "accepted"])
    held = set(live.values_list("application_id", flat=True))
    return {one.pk for one in waiting if one.drive_id in decided and one.pk not in held}


def higher_wishes(applications: Sequence[Application]) -> dict[int, list[tuple[int, DrivePlace]]]:
    """(number on its list, place) of each place that holders of a lower one wished more, by id of the application.

    As the run that their place follows found them; places to which they said no are not among them.
    """
    offers = PlaceOffer.objects.select_related("place__unit").filter(application__in=applications)
    held = {one.application_id: one for one in offers.filter(state=PlaceOffer.State.ACCEPTED)}
    refused = set(offers.filter(state__in=["declined", "lapsed"]).values_list("application_id", "place_id"))
    told = Outcome.objects.filter(application__in=held, run__in={one.run_id for one in held.values()})
    lines = {
        row.application_id: [
            line for line in _above(held[row.application_id], explaining.read(row.told))
            if line.position and (row.application_id, line.place_id) not in refused
        ]
        for row in told if row.run_id == held[row.application_id].run_id
    }  # fmt: skip
    wanted = {line.place_id for found in lines.values() for line in found}
    open_ = DrivePlace.objects.select_related("unit__level", "role", "wing").filter(withdrawn_at=None).in_bulk(wanted)
    shown = {pk: [(one.position, open_[one.place_id]) for one in found if one.place_id in open_]
             for pk, found in lines.items()}  # fmt: skip
    return {pk: found for pk, found in shown.items() if found}


def _above(held: PlaceOffer, lines: list[explaining.Line]) -> list[explaining.Line]:
    """The lines of the wishes above the one that led to the place held."""
    mine = [line.rank for line in lines if line.place_id == held.place_id]
    rank = mine[0] if mine else _rank_of(held)
    return [line for line in lines if line.rank < rank]


def _rank_of(held: PlaceOffer) -> int:
    """Of "anywhere in ..." a run tells only of one place: the wish that holds this one too. 0: none does."""
    wishes = Wish.objects.select_related("unit").filter(application=held.application_id).order_by("rank")
    path = held.place.unit.path
    return next((wish.rank for wish in wishes if wish.unit and paths.is_within(path, wish.unit.path)), 0)


@dataclass(frozen=True, slots=True)
class Willing:
    """Somebody who was not placed and said yes, with how many seats are vacant for them."""

    application: Application
    vacant: int


def willing(actor: Actor, *, keeps: str = "") -> QuerySet[Application]:
    """Applications in charge whose people said yes, the newest answer first. Whoever said no is never among them."""
    rows = in_charge(actor).filter(state=Application.State.SUBMITTED)
    wanted = [keeps] if keeps in (Application.Keeps.OTHER_SEATS, Application.Keeps.SUPPORTER) else [
        Application.Keeps.OTHER_SEATS, Application.Keeps.SUPPORTER,
    ]  # fmt: skip
    return rows.filter(keeps__in=wanted).order_by("-supporter_at", "id")


def with_vacancies(actor: Actor, applications: Sequence[Application]) -> list[Willing]:
    """Beside each how many seats the actor may offer in their unit and above it. One query for a page."""
    chains = {one.unit_id: paths.ancestors(one.unit.path) for one in applications}
    units = {unit for chain in chains.values() for unit in chain}
    rows = org.vacant_seats(actor).order_by().filter(unit_id__in=units).values("unit_id").annotate(n=Count("id"))
    vacant = {row["unit_id"]: row["n"] for row in rows}
    return [Willing(one, sum(vacant.get(unit, 0) for unit in chains[one.unit_id])) for one in applications]


def last_offers(applications: Iterable[Application]) -> dict[int, PlaceOffer]:
    """The newest offer of a place on each of these applications, by id of the application."""
    rows = PlaceOffer.objects.select_related("place__unit__level", "place__role").filter(application__in=applications)
    return {row.application_id: row for row in rows.order_by("id")}
