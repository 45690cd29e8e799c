"""Every write of delivery: a message is put in the outbox once, sent when the gates say yes, and followed."""

from toli.delivery.providers.lines import Lines
from toli.delivery.services.addresses import forget_browser, subscribe_browser, telegram_link
from toli.delivery.services.coming_in import take_posted
from toli.delivery.services.going_out import send_codes, send_due
from toli.delivery.services.judging import Judged, judge_again
from toli.delivery.services.many import Outcome, Said, To, send_many
from toli.delivery.services.official import connect_account, take_account_away, watch_keys
from toli.delivery.services.posting import Words, queue_post, send_posts, settle_post, take_down
from toli.delivery.services.queueing import (
    Each,
    cancel,
    cancel_keys,
    erase_old,
    hash_of,
    queue,
    queue_audience,
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
    "Lines",
    "Outcome",
    "Said",
    "To",
    "Words",
    "cancel",
    "cancel_keys",
    "connect_account",
    "erase_old",
    "forget_browser",
    "hash_of",
    "judge_again",
    "queue",
    "queue_audience",
    "queue_each",
    "queue_invitation",
    "queue_invitations",
    "queue_many",
    "queue_post",
    "send_codes",
    "send_due",
    "send_in_quiet_hours",
    "send_many",
    "send_posts",
    "settle_post",
    "subscribe_browser",
    "take_account_away",
    "take_down",
    "take_posted",
    "telegram_link",
    "tell_breach",
    "tell_helped",
    "tell_leave_by",
    "tell_offered",
    "watch_keys",
]
