"""Reads of norms where somebody may change them."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org.models import Norm, Role, TeamKind


def norms_in_charge(actor: Actor) -> QuerySet[Norm]:
    """Norms of the units I may shape, those in force first, with `open_seats` and `held`."""
    sits = Q(seats__closed_at=None, seats__appointments__state="accepted")
    rows = Norm.objects.select_related("team_kind__level", "role", "wing", "scope__level", "covered_level")
    return (
        rows.filter(access.visible(actor, "org.shape").q("scope__path"))
        .annotate(
            open_seats=Count("seats", filter=Q(seats__closed_at=None), distinct=True),
            held=Count("seats", filter=sits, distinct=True),
        )
        .order_by("-valid_to", "scope__path", "team_kind_id", "id")
    )


def get_norm(*, actor: Actor, ref: UUID, lock: bool = False) -> Norm:
    """One norm where I may shape. Raises NotFound or NeedsSecondFactor."""
    rows = Norm.objects.select_related("scope__level", "team_kind").filter(
        access.visible(actor, "org.shape").q("scope__path"), ref=ref
    )
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, "org.shape")
    return found


def team_kinds() -> QuerySet[TeamKind]:
    return TeamKind.objects.select_related("level").order_by("level__rank")


def roles_of_teams() -> QuerySet[Role]:
    return Role.objects.order_by("id")
