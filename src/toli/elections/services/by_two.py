"""What every change of law's rows asks: a second person, who is not the one that proposed it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toli.elections.models import ByTwo, State
from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed


def require_another(actor: Actor, row: ByTwo) -> None:
    """Raises NotAllowed for the proposer, by whatever seat or login, and for who only looks as another seat."""
    if actor.person_id is None or actor.person_id == row.proposed_by_id or actor.seen_as_id:
        raise NotAllowed(_("A second person has to confirm this, not the one who proposed it."))


def take_off(row: ByTwo, *, actor: Actor, now: datetime) -> None:
    """A proposal nobody confirms; whoever proposed it decides nothing by taking it back."""
    row.state, row.decided_at = State.REFUSED, now
    row.decided_by_id = None if actor.person_id == row.proposed_by_id else actor.person_id
    row.save(update_fields=["state", "decided_by", "decided_at"])
