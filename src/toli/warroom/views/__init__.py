"""The pages of the war room, cut by noun: one query or one service, then render."""

from toli.warroom.views.board import board, board_text, ticker
from toli.warroom.views.polls import polls, short
from toli.warroom.views.shifts import (
    close_flag,
    drop_shift,
    hand_over,
    make_roster,
    raise_flag,
    shifts,
    take_shift,
)

__all__ = [
    "board", "board_text", "close_flag", "drop_shift", "hand_over", "make_roster", "polls", "raise_flag", "shifts",
    "short", "take_shift", "ticker",
]  # fmt: skip
