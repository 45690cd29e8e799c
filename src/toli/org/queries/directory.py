"""Reads of public offices and official accounts."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import access
from toli.org.models import Handle, HandleOperator, Term, WorkWish
from toli.org.queries.dated import holds_on


def terms(*, words: str = "", kind: str = "", on: date | None = None) -> QuerySet[Term]:
    """Public offices that answer these words in any spelling; with `on` only those held that day. Newest first."""
    rows = Term.objects.select_related("unit__level")
    for keys in fold_words(words, unfinished=True):
        rows = rows.filter(tokens__overlap=keys)
    if kind:
        rows = rows.filter(kind=kind)
    if on is not None:
        rows = rows.filter(holds_on(on))
    return rows.order_by("-valid_from", "id")


def public_handles() -> QuerySet[Handle]:
    """Accounts that two persons have confirmed: what the public page shows. No operators."""
    rows = Handle.objects.select_related("unit__level", "term").filter(state=Handle.State.VERIFIED)
    return rows.order_by("unit__level__rank", "unit__path", "platform", "handle")


def handles(actor: Actor) -> QuerySet[Handle]:
    """Accounts of the units I look after, those that wait first."""
    rows = Handle.objects.select_related("unit__level", "term").filter(
        access.visible(actor, "org.view").q("unit__path")
    )
    return rows.order_by("state", "unit__level__rank", "handle")


def get_handle(*, actor: Actor, ref: UUID, right: str = "org.view", lock: bool = False) -> Handle:
    """One account, where the actor has the right. Raises NotFound or NeedsSecondFactor."""
    rows = Handle.objects.select_related("unit__level", "term").filter(
        access.visible(actor, right).q("unit__path"), ref=ref
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return found


def operators_of(found: Handle) -> QuerySet[HandleOperator]:
    """Who posts there now."""
    return found.operators.select_related("person").filter(valid_to=None).order_by("id")


def wishes_of(person_id: int | None) -> QuerySet[WorkWish]:
    """Where a person asked to work besides their home."""
    rows = WorkWish.objects.select_related("unit__level")
    return rows.filter(Q(person_id=person_id), ended_at=None, person__isnull=False).order_by("id")
