"""Applications: one's own, or in one's charge."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from toli.accounts import queries as accounts
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Seat, Unit
from toli.people.models import Person
from toli.recruitment.models import Application
from toli.recruitment.rules import DRAFT_KIND


@dataclass(frozen=True, slots=True)
class Filters:
    """What the desk's list is narrowed to; `unit` is a ref inside one's charge."""

    words: str = ""
    state: str = ""
    skill: str = ""
    drive: str = ""
    unit: UUID | None = None


def my_applications(actor: Actor) -> list[Application]:
    """The person's own, newest first."""
    if actor.person_id is None:
        return []
    rows = Application.objects.select_related("drive", "unit__level", "place").filter(person_id=actor.person_id)
    return list(rows.order_by("-submitted_at"))


def drive_of_draft(*, login_id: int, ref: UUID) -> str | None:
    """The key of the drive that a form kept for this login is meant for; None where no such form waits."""
    try:
        return str(accounts.get_draft(login_id=login_id, ref=ref, kind=DRAFT_KIND)["drive"])
    except NotFound:
        return None


def get_own_application(*, actor: Actor, ref: UUID, lock: bool = False) -> Application:
    """One's own application. Raises NotFound."""
    rows = Application.objects.select_related("drive", "unit").filter(
        ref=ref, person_id=actor.person_id, person__isnull=False
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def get_application(*, actor: Actor, ref: UUID, lock: bool = False) -> Application:
    """An application in one's charge. Raises NotFound: missing and another district's answer the same."""
    rows = in_charge(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found


def in_charge(actor: Actor) -> QuerySet[Application]:
    """Applications of active people where the actor sees applicants."""
    scope = access.visible(actor, "recruitment.view")
    return Application.objects.select_related("drive", "person", "unit__level", "place").filter(
        scope.q("unit__path"), person__state="active"
    )


def applicants(actor: Actor, filters: Filters) -> QuerySet[Application]:
    """Applications in one's charge, the longest waiting first. A wing is never a filter (domain.md rule 21)."""
    rows = in_charge(actor)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.skill:
        rows = rows.filter(skills__contains=[filters.skill])
    if filters.drive:
        rows = rows.filter(drive__key=filters.drive)
    if unit := filter_unit(actor, filters):
        lo, hi = paths.subtree(unit.path)
        rows = rows.filter(unit__path__gte=lo, unit__path__lt=hi)
    return _named(rows, fold_words(filters.words)).order_by("submitted_at", "id")


FEW_OF_A_NAME = 2_000


def _named(rows: QuerySet[Application], words: Sequence[Collection[str]]) -> QuerySet[Application]:
    """Applications of people whose names answer all words, given as keys.

    Of a rare name the people are found first; a common one is met soon enough on the way through the list. Left to
    the planner, a name that nobody has is looked for in every application.
    """
    if not words:
        return rows
    answer, common = Person.objects.all(), rows
    for keys in words:
        answer, common = answer.filter(tokens__overlap=keys), common.filter(person__tokens__overlap=keys)
    found = list(answer.values_list("pk", flat=True)[: FEW_OF_A_NAME + 1])
    return rows.filter(person__in=found) if len(found) <= FEW_OF_A_NAME else common


def filter_unit(actor: Actor, filters: Filters) -> Unit | None:
    """The unit the list is narrowed to. Raises NotFound for one outside the charge."""
    return org.get_unit(actor=actor, ref=filters.unit, right="recruitment.view") if filters.unit else None


def seats_for(actor: Actor, application: Application) -> list[Seat]:
    """Vacant seats I may offer on this application: of the place, below and above it, lowest level first."""
    unit = application.unit
    lo, hi = paths.subtree(unit.path)
    near = Unit.objects.filter(Q(pk__in=paths.ancestors(unit.path)) | Q(path__gte=lo, path__lt=hi))
    rows = org.vacant_seats(actor).filter(unit__in=near.values("pk"))
    if application.drive.levels:
        rows = rows.filter(unit__level__key__in=application.drive.levels)
    return list(rows.order_by("-unit__level__rank", "unit__path", "role_id", "number")[:40])
