"""Drives: open to everybody, or in one's charge."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Unit, Wing
from toli.recruitment.models import Drive, FormVersion
from toli.recruitment.rules import SCOPE_LEVELS


def get_drive(*, key: str) -> Drive:
    """The drive of a join page, open or not. Raises NotFound."""
    drive = Drive.objects.select_related("scope__level").filter(key=key).first()
    if drive is None:
        raise NotFound
    return drive


def open_drives(*, now: datetime) -> QuerySet[Drive]:
    """The drives anybody can join now, newest first."""
    return Drive.objects.filter(Q(closes_at=None) | Q(closes_at__gt=now), opens_at__lte=now).order_by("-opens_at")


def get_drive_in_charge(*, actor: Actor, key: str, lock: bool = False) -> Drive:
    """The drive, when the actor may run it. Raises NotFound."""
    rows = Drive.objects.select_related("scope").filter(
        access.visible(actor, "recruitment.manage").q("scope__path"), key=key
    )
    drive = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if drive is None:
        raise NotFound
    return drive


def drives(actor: Actor) -> QuerySet[Drive]:
    """Drives that reach into the actor's charge, newest first."""
    scope = access.visible(actor, "recruitment.view")
    if scope.everywhere:
        return Drive.objects.order_by("-opens_at")
    above = {i for lo, _hi in scope.ranges for i in paths.ancestors(lo)}
    return Drive.objects.filter(scope.q("scope__path") | Q(scope_id__in=above)).order_by("-opens_at")


def get_drive_seen(*, actor: Actor, key: str) -> Drive:
    """The drive, when it reaches into the actor's charge. Raises NotFound."""
    drive = drives(actor).select_related("scope__level").filter(key=key).first()
    if drive is None:
        raise NotFound
    return drive


def drive_scopes(actor: Actor) -> QuerySet[Unit]:
    """The units for which the actor may open a drive: from the state to the constituency, in the tree's order."""
    return org.units_in_charge(actor, "recruitment.manage", SCOPE_LEVELS).order_by("level__rank", "id")


def current_form(drive: Drive) -> FormVersion | None:
    """The newest version of the drive's own questions; None where it asks nothing of its own."""
    newest = FormVersion.objects.filter(drive=drive).order_by("-number").first()
    return newest if newest is not None and newest.questions else None


def form_versions(drive: Drive) -> list[FormVersion]:
    """Every version, newest first, each with how many answered it."""
    rows = FormVersion.objects.filter(drive=drive).annotate(answered=Count("answers"))
    return list(rows.order_by("-number"))


def wings(drive: Drive) -> list[Wing]:
    return list(Wing.objects.filter(key__in=drive.wings, active=True).order_by("id"))


def all_wings() -> list[Wing]:
    return list(Wing.objects.filter(active=True).order_by("id"))
