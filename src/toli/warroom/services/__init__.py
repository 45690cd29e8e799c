"""Every write of the war room, cut by noun."""

from toli.warroom.services.erasing import erase_words
from toli.warroom.services.maps import Loaded, load_map, match_shape, remove_map
from toli.warroom.services.pictures import take_picture
from toli.warroom.services.schedule import end_outsiders_shifts, weigh_corrections
from toli.warroom.services.shifts import (
    close_flag,
    count_duty,
    drop_shift,
    hand_over,
    make_roster,
    raise_flag,
    take_shift,
)
from toli.warroom.services.urgent import approve_urgent

__all__ = [
    "Loaded", "approve_urgent", "close_flag", "count_duty", "drop_shift", "end_outsiders_shifts", "erase_words",
    "hand_over", "load_map", "make_roster", "match_shape", "raise_flag", "remove_map", "take_picture", "take_shift",
    "weigh_corrections",
]  # fmt: skip
