"""The desk of elections: polls and schedules, the calendar, the rules of law, clocks."""

from toli.elections.views.law import (
    calendar,
    change_dates,
    clock,
    clock_of,
    confirm_dates,
    confirm_switch,
    election,
    refuse_dates,
    refuse_switch,
    rules,
    switch,
)
from toli.elections.views.polls import bring_in, confirm, correct, open_team, poll, poll_again, polls, refuse

__all__ = [
    "bring_in",
    "calendar",
    "change_dates",
    "clock",
    "clock_of",
    "confirm",
    "confirm_dates",
    "confirm_switch",
    "correct",
    "election",
    "open_team",
    "poll",
    "poll_again",
    "polls",
    "refuse",
    "refuse_dates",
    "refuse_switch",
    "rules",
    "switch",
]
