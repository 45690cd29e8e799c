"""Every write of delivery: a message is put in the outbox once, sent when the gates say yes, and followed."""

from toli.delivery.services.coming_in import take_receipt
from toli.delivery.services.going_out import send_codes, send_due
from toli.delivery.services.judging import Judged, judge_again
from toli.delivery.services.queueing import (
    Each,
    cancel,
    cancel_keys,
    erase_old,
    hash_of,
    queue,
    queue_each,
    queue_invitation,
    queue_invitations,
    queue_many,
)
from toli.delivery.services.quiet import send_in_quiet_hours
from toli.delivery.services.telling import tell_breach, tell_helped, tell_leave_by, tell_offered

__all__ = [
    "Each",
    "Judged",
    "cancel",
    "cancel_keys",
    "erase_old",
    "hash_of",
    "judge_again",
    "queue",
    "queue_each",
    "queue_invitation",
    "queue_invitations",
    "queue_many",
    "send_codes",
    "send_due",
    "send_in_quiet_hours",
    "take_receipt",
    "tell_breach",
    "tell_helped",
    "tell_leave_by",
    "tell_offered",
]
