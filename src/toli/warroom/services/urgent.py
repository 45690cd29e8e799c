"""Clearing an urgent text during one's shift."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from toli.content import queries as content_queries
from toli.content import services as content
from toli.content.models import Item
from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed
from toli.warroom import queries, rules


def approve_urgent(
    *, actor: Actor, ref: UUID, seen_hash: str, now: datetime, reasons: Mapping[str, str], points: Collection[str]
) -> Item:
    """Say yes to an urgent text of any desk. Raises NotFound, NotAllowed off duty, and as `content.approve_on_duty`."""
    content_queries.get_urgent_item(actor=actor, ref=ref, now=now)
    if actor.person_id is None or not queries.is_on_duty(actor.person_id, now=now):
        raise NotAllowed(rules.NOT_ON_DUTY)
    return content.approve_on_duty(actor=actor, ref=ref, seen_hash=seen_hash, now=now, reasons=reasons, points=points)
