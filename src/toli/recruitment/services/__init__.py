"""Every write of recruitment, cut by noun."""

from toli.recruitment.services.applications import (
    offer_seat,
    settle_offers,
    withdraw,
    withdraw_doubles,
    withdraw_leavers,
)
from toli.recruitment.services.calls import Opened, open_next_call, say_outcome
from toli.recruitment.services.clusters import decide_cluster, find_clusters
from toli.recruitment.services.drives import close_drive, open_drive
from toli.recruitment.services.joining import Joined, check_form, join
from toli.recruitment.services.plans import draw_calls
from toli.recruitment.services.traces import erase_traces

__all__ = [
    "Joined",
    "Opened",
    "check_form",
    "close_drive",
    "decide_cluster",
    "draw_calls",
    "erase_traces",
    "find_clusters",
    "join",
    "offer_seat",
    "open_drive",
    "open_next_call",
    "say_outcome",
    "settle_offers",
    "withdraw",
    "withdraw_doubles",
    "withdraw_leavers",
]
