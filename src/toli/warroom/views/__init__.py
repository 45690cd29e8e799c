"""The pages of the war room, cut by noun: one query or one service, then render."""

from toli.warroom.views.board import board, board_picture, board_text, shapes, ticker
from toli.warroom.views.maps import load_map, map_report, maps, match_shape, remove_map
from toli.warroom.views.polls import polls, schedule, short
from toli.warroom.views.shifts import (
    close_flag,
    drop_shift,
    hand_over,
    make_roster,
    raise_flag,
    shifts,
    take_shift,
)
from toli.warroom.views.urgent import urgent, urgent_item

__all__ = [
    "board", "board_picture",
    "board_text",
    "close_flag",
    "drop_shift",
    "hand_over",
    "load_map",
    "make_roster",
    "map_report",
    "maps",
    "match_shape",
    "polls",
    "raise_flag",
    "remove_map",
    "schedule",
    "shapes",
    "shifts",
    "short",
    "take_shift",
    "ticker",
    "urgent",
    "urgent_item",
]  # fmt: skip
