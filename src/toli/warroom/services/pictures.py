"""Taking the board out of Toli."""

from __future__ import annotations

from django.db import transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.org import access
from toli.org.models import Unit
from toli.warroom import picture
from toli.warroom.sheet import Sheet


@transaction.atomic
def take_picture(*, actor: Actor, unit: Unit, sheet: Sheet) -> bytes:
    """The board as a PNG. It holds figures of units and no person, so no reason is asked; that it was taken is
    recorded. Raises NotFound or CannotDraw.
    """
    access.require(actor, "board.view", unit)
    body = picture.draw(sheet)
    audit.record(actor, "warroom.picture_taken", unit, unit=unit, data={"moment": sheet.moment, "bytes": len(body)})
    return body
