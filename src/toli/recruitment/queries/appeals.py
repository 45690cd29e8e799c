"""Appeals against a placement, in one's charge."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.recruitment.models import Appeal, AppealVote, Application, Drive, Scorecard

RIGHT = "recruitment.place"


def appeals_in_charge(actor: Actor, drive: Drive) -> QuerySet[Appeal]:
    """Appeals of a drive that I may help decide, those that wait first, the oldest first."""
    rows = Appeal.objects.filter(access.visible(actor, RIGHT).q("run__drive__scope__path"), run__drive=drive)
    return rows.select_related("application__unit", "run").order_by("-state", "made_at")


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


def scorers_of(application: Application) -> set[int]:
    """Persons who had a hand in the score, in an interview or an earlier appeal: the second panel is without them."""
    cards = Scorecard.objects.filter(interview__application=application).values_list("scorer_id", flat=True)
    votes = AppealVote.objects.filter(appeal__application=application, appeal__state=Appeal.State.UPHELD)
    return set(cards) | set(votes.values_list("by_id", flat=True))
