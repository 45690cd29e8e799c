"""A person follows the stream of a constituency they choose."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from toli.broadcasts import queries
from toli.broadcasts.models import Follow
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org.models import Unit


@transaction.atomic
def follow(*, actor: Actor, unit_ref: UUID | None, now: datetime) -> None:
    """Follow the stream of a chosen constituency, or with None one's own again. Raises NotFound."""
    if unit_ref is None:
        Follow.objects.filter(person_id=actor.person_id).delete()
        return
    unit: Unit | None = queries.constituencies_to_follow(actor).filter(ref=unit_ref).first()
    if unit is None or actor.person_id is None:
        raise NotFound()
    Follow.objects.update_or_create(person_id=actor.person_id, defaults={"unit": unit, "chosen_at": now})
