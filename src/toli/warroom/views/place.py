"""Which unit a page of the war room is about, and the way down to it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org import queries as org
from toli.org.models import Unit


def unit_or_top(actor: Actor, ref: UUID | None) -> Unit:
    """The unit asked for, or the highest the actor looks after. Raises NotFound."""
    if ref is not None:
        return org.get_unit(actor=actor, ref=ref, right="board.view")
    tops = org.roots(actor)
    if not tops:
        raise NotFound(_("The board opens with a seat that may see it. Ask your coordinator."))
    return tops[0]


def other_tops(actor: Actor) -> list[Unit]:
    """Where else the actor's view begins; empty for who looks after one place, which is nearly everybody."""
    starts = {lo for lo, _hi in access.visible(actor, "board.view").ranges}
    tops = org.roots(actor) if len(starts) > 1 else []
    return tops if len(tops) > 1 else []


def crumbs(actor: Actor, unit: Unit) -> list[Unit]:
    """The way down to the unit, from where the actor's view begins."""
    return [above for above in org.ancestors_of(unit) if access.may(actor, "board.view", above)]
