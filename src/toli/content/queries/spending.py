"""Reads of the ledger of spending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from toli.content.models import Spend
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Unit

RIGHT = "content.spend"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of one account, of a place with all below it, of some days. Empty: all of the charge."""

    account: str = ""
    unit: Unit | None = None
    since: date | None = None
    until: date | None = None


def spends(actor: Actor, wanted: Wanted) -> QuerySet[Spend]:
    """Rows of the ledger inside the actor's charge, by account, place, head and day."""
    rows = Spend.objects.filter(access.visible(actor, RIGHT).q())
    if wanted.account:
        rows = rows.filter(account=wanted.account)
    if wanted.unit is not None:
        lo, hi = paths.subtree(wanted.unit.path)
        rows = rows.filter(unit__path__gte=lo, unit__path__lt=hi)
    if wanted.since:
        rows = rows.filter(on_date__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(on_date__lte=wanted.until)
    rows = rows.select_related("unit", "item", "paper", "reverses", "reversed_by")
    return rows.order_by("account", "unit__path", "head", "on_date", "id")


def totals(rows: QuerySet[Spend]) -> list[Any]:
    """Sum and number of rows by account, place and head. One statement."""
    found = rows.select_related(None).order_by("account", "unit__path", "head")
    return list(found.values("account", "unit__names", "head").annotate(paise=Sum("amount_paise"), n=Count("id")))


def get_spend(*, actor: Actor, ref: UUID, lock: bool = False) -> Spend:
    """Raises NotFound or NeedsSecondFactor."""
    rows = Spend.objects.select_related("unit__level", "item", "paper", "reverses", "reversed_by")
    rows = rows.filter(access.visible(actor, RIGHT).q(), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, RIGHT)
    return found


def places_to_spend_for(actor: Actor, levels: Sequence[str] = ("state", "district", "constituency")) -> QuerySet[Unit]:
    """Where the actor may enter what was spent."""
    return org.units_in_charge(actor, RIGHT, levels)
