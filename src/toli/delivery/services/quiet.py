"""The quiet hours are ours, not the law's: one message may leave in them, with a reason that is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.delivery import queries
from toli.delivery.limits import quiet_ends
from toli.delivery.models import Message
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, WrongState
from toli.kit.text import clean

LIFTED: Final = "quiet_lifted"
SHORTEST_REASON: Final = 10


@transaction.atomic
def send_in_quiet_hours(*, actor: Actor, ref: UUID, words: str, now: datetime) -> Message:
    """Let one waiting message go although the hours are quiet. The law and the person's consent are asked as ever when
    it is sent: what they hold, nobody lifts. Raises NotFound, BadInput or WrongState.
    """
    message = queries.get_message(actor=actor, ref=ref, right="delivery.view", lock=True)
    reason = clean(words)[:300]
    if len(reason) < SHORTEST_REASON:
        raise BadInput(fields={"reason": _("Say in a sentence why this cannot wait for the morning.")})
    if message.state != Message.State.WAITING or message.reason.startswith("law:"):
        raise WrongState(_("Only a message that waits, and that no law holds, can go out in the quiet hours."))
    if quiet_ends(now) is None:
        raise WrongState(_("These are no quiet hours: the message goes out by itself."))
    message.reason, message.next_try_at = LIFTED, now
    message.save(update_fields=["reason", "next_try_at"])
    audit.record(actor, "delivery.quiet_lifted", message, unit=message.unit, data={"reason": reason})
    return message
