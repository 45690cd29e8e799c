"""Writes of the tasks room, cut by noun: one verb each."""

from toli.tasks.services.adding_up import add_up_parents, add_up_tasks, recount
from toli.tasks.services.bulk import BulkOutcome, bulk_remind, bulk_return, bulk_verify, undo
from toli.tasks.services.comparing import compare_photos, judge_photos, keep_look
from toli.tasks.services.declaring import give_declarations
from toli.tasks.services.following import follow_merger, put_back_merger
from toli.tasks.services.giving import (
    give_task,
    keep_as_template,
    retire_template,
    save_template,
    withdraw_share,
    withdraw_task,
)
from toli.tasks.services.proofs import erase_proofs, sweep_files
from toli.tasks.services.reminding import (
    drop_stale_reminders,
    mute_reminders,
    plan_reminders,
    remind,
    send_reminders,
    unmute_reminders,
)
from toli.tasks.services.work import (
    accept_assignment,
    hand_in,
    hand_in_for,
    release_work_of,
    return_assignment,
    verify_assignment,
)

__all__ = [
    "BulkOutcome", "accept_assignment", "add_up_parents", "add_up_tasks", "bulk_remind", "bulk_return",
    "bulk_verify", "compare_photos", "drop_stale_reminders", "erase_proofs", "follow_merger", "give_declarations",
    "give_task",
    "hand_in", "hand_in_for", "judge_photos", "keep_as_template", "keep_look", "mute_reminders",
    "plan_reminders", "put_back_merger", "recount", "release_work_of", "remind", "retire_template",
    "return_assignment", "save_template", "send_reminders", "sweep_files", "undo", "unmute_reminders",
    "verify_assignment", "withdraw_share", "withdraw_task",
]  # fmt: skip
