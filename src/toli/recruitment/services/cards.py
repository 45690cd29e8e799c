"""A card that was lost: what was signed before counts no more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.recruitment import queries
from toli.recruitment.models import CardRecall


@transaction.atomic
def recall_card(*, actor: Actor, ref: UUID, now: datetime) -> CardRecall:
    """Make every card of one's own appointment that was signed before now invalid. Raises NotFound."""
    appointment = queries.own_appointment(actor=actor, ref=ref, lock=True)
    recall, _new = CardRecall.objects.update_or_create(
        appointment=appointment, defaults={"before": now.replace(microsecond=0)}
    )
    audit.record(actor, "recruitment.card_recalled", appointment, unit=appointment.seat.unit)
    return recall
