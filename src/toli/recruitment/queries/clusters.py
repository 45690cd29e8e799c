"""Suspicious groups in one's charge."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed, NotFound
from toli.org import access
from toli.recruitment.models import Application, Cluster, Drive


def clusters(actor: Actor, drive: Drive, state: str = "") -> QuerySet[Cluster]:
    """Groups that lie wholly in my charge; those to be looked at first, the largest first."""
    rows = Cluster.objects.select_related("unit__level").filter(
        access.visible(actor, "recruitment.view").q("unit__path"), drive=drive
    )
    rows = rows.filter(state=state) if state in Cluster.State.values else rows
    return rows.order_by("-state", "-size", "id")


def get_cluster(*, actor: Actor, ref: UUID, right: str = "recruitment.view", lock: bool = False) -> Cluster:
    """A group in my charge. Raises NotFound, or NotAllowed where I may look but not decide."""
    rows = Cluster.objects.select_related("unit__level", "drive").filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None or not access.may(actor, "recruitment.view", found.unit):
        raise NotFound
    if not access.may(actor, right, found.unit):
        raise NotAllowed
    return found


def groups_of(actor: Actor, application: Application) -> QuerySet[Cluster]:
    """The groups in my charge that an application is in, unless somebody found them in order."""
    rows = Cluster.objects.filter(access.visible(actor, "recruitment.view").q("unit__path"))
    return rows.filter(members__application=application).exclude(state="cleared")


def applications_of(cluster: Cluster) -> QuerySet[Application]:
    """The applications of a group, in the order they came."""
    rows = Application.objects.select_related("unit__level", "person").filter(clusters__cluster=cluster)
    return rows.order_by("submitted_at", "id")
