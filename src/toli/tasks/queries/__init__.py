"""Reads of the tasks room, cut by noun."""

from toli.tasks.queries.exceptions import Trouble, exception_counts, exceptions, troubles_by_part
from toli.tasks.queries.facts import FACTS, STANDING
from toli.tasks.queries.mine import MyShare, MyWork, my_share, my_work
from toli.tasks.queries.reminders import due_reminders
from toli.tasks.queries.shares import (
    appointments_by_ref,
    common_unit,
    first_branching,
    get_assignment,
    get_bulk_act,
    get_hand_in,
    get_my_assignment,
    hand_ins_of,
    my_assignments,
    parts_of,
    path_to,
    photo_for,
    shares_in_charge,
    sits_in,
    team_choices,
    team_of,
)
from toli.tasks.queries.splits import Preview, preview_split
from toli.tasks.queries.tasks import (
    current_windows,
    get_task,
    get_template,
    is_held_at,
    levels_below,
    recent_bulk_acts,
    silent_under,
    task_tops,
    tasks_found,
    templates_for,
    top_in_charge,
    units_to_give,
)

__all__ = [
    "FACTS", "STANDING", "MyShare", "MyWork", "Preview", "Trouble", "appointments_by_ref", "common_unit",
    "current_windows", "due_reminders", "exception_counts", "exceptions", "first_branching", "get_assignment",
    "get_bulk_act", "get_hand_in", "get_my_assignment", "get_task", "get_template", "hand_ins_of",
    "is_held_at", "levels_below", "my_assignments", "my_share", "my_work", "parts_of", "path_to", "photo_for",
    "preview_split", "recent_bulk_acts", "shares_in_charge", "silent_under", "sits_in", "task_tops",
    "tasks_found", "team_choices", "team_of", "templates_for", "top_in_charge", "troubles_by_part",
    "units_to_give",
]  # fmt: skip
