"""Camp passes: whoever runs a camp makes one for its unit and can end it at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from toli.accounts import services as accounts
from toli.accounts.models import CampPass
from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.org import access, queries


@transaction.atomic
def open_camp(*, actor: Actor, unit_ref: UUID, hours: int, max_uses: int, now: datetime) -> CampPass:
    """Make a pass that turns phones into shared ones. Raises NotFound, NotAllowed or BadInput."""
    unit = queries.get_unit(actor=actor, ref=unit_ref, right="org.camps")
    access.require(actor, "org.camps", unit)
    camp = accounts.make_pass(unit_id=unit.pk, hours=hours, max_uses=max_uses, now=now)
    audit.record(actor, "org.camp_opened", camp, unit=unit, data={"people": max_uses, "hours": hours})
    return camp


@transaction.atomic
def end_camp(*, actor: Actor, ref: UUID, now: datetime) -> CampPass:
    """End a pass for every phone at its next request. Raises NotFound or WrongState."""
    row = queries.get_camp(actor=actor, ref=ref, now=now)
    camp = accounts.end_pass(camp=row.camp, now=now)
    audit.record(actor, "org.camp_ended", camp, unit=row.unit)
    return camp
