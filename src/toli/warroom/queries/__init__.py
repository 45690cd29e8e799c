"""Reads of the war room, cut by noun."""

from toli.warroom.queries.board import (
    Board,
    board,
    board_on,
    children_levels,
    seats_of,
    ticker,
    wings,
)
from toli.warroom.queries.gaps import most, short_teams
from toli.warroom.queries.polls import PollRow, poll_rows
from toli.warroom.queries.shifts import (
    duty_of,
    get_flag,
    get_shift,
    hand_overs,
    is_on_duty,
    members_of_team,
    open_flags,
    roster,
    teams_of,
    uncovered_units,
    units_with_shifts,
    units_with_teams,
)

__all__ = [
    "Board",
    "PollRow",
    "board",
    "board_on",
    "children_levels",
    "duty_of",
    "get_flag",
    "get_shift",
    "hand_overs",
    "is_on_duty",
    "members_of_team",
    "most",
    "open_flags",
    "poll_rows",
    "roster",
    "seats_of",
    "short_teams",
    "teams_of",
    "ticker",
    "uncovered_units",
    "units_with_shifts",
    "units_with_teams",
    "wings",
]  # fmt: skip
