"""Appeals against a placement, in one's charge."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.recruitment.models import Appeal, AppealVote, Application, Drive, Scorecard

RIGHT = "recruitment.place"


def appeals_in_charge(actor: Actor, drive: Drive) -> QuerySet[Appeal]:
    """Appeals of a drive that I may help decide, those that wait first, the oldest first."""
    rows = Appeal.objects.filter(access.visible(actor, RIGHT).q("run__drive__scope__path"), run__drive=drive)
    return (
        rows.select_related("application__unit", "run")
        .defer("run__inputs")
        .annotate(said=Count("votes"))
        .order_by(F("decided_at").desc(nulls_first=True), "made_at")
    )


def open_appeals(drive: Drive) -> int:
    """How many appeals of a drive wait for a decision."""
    return Appeal.objects.filter(run__drive=drive, state=Appeal.State.OPEN).count()


def get_appeal(*, actor: Actor, ref: UUID, lock: bool = False) -> Appeal:
    """An appeal of a drive in one's charge. Raises NotFound, or NeedsSecondFactor."""
    rows = Appeal.objects.select_related("application__unit", "application__person", "run__drive__scope").filter(
        access.visible(actor, RIGHT).q("run__drive__scope__path"), ref=ref
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).defer("run__inputs").first()
    if found is None:
        raise NotFound
    access.require(actor, RIGHT, found.run.drive.scope)
    return found


@dataclass(frozen=True, slots=True)
class Marks:
    """One scorecard as its applicant and the second panel read it: without the scorer."""

    round_names: dict[str, str]
    total: int
    marks: list[tuple[dict[str, str], int, int]]
    """(names of the criterion, mark, its scale)."""
    note: str


def marks_of(application: Application) -> list[Marks]:
    """What the panels gave an applicant, by round."""
    rows = Scorecard.objects.select_related("interview__round").filter(
        interview__application=application, interview__state="held"
    )
    return [_marks(card) for card in rows.order_by("interview__round__number", "given_at", "id")]


def _marks(card: Scorecard) -> Marks:
    of = card.interview.round
    given = [(one["names"], card.marks[one["key"]], one["scale"]) for one in of.criteria if one["key"] in card.marks]
    return Marks(of.names, card.total, given, card.note)


def scorers_of(application: Application) -> set[int]:
    """Persons who had a hand in the score, in an interview or an earlier appeal: the second panel is without them."""
    cards = Scorecard.objects.filter(interview__application=application).values_list("scorer_id", flat=True)
    votes = AppealVote.objects.filter(appeal__application=application, appeal__state=Appeal.State.UPHELD)
    return set(cards) | set(votes.values_list("by_id", flat=True))
