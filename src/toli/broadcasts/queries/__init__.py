"""Reads of the broadcasts room, cut by noun."""

from toli.broadcasts.queries.documents import (
    StreamRow,
    last_build,
    live_releases,
    offers,
    places,
    pool_signature,
    readers_about,
    seconds_to_round,
    shown_now,
    stream_rows,
)
from toli.broadcasts.queries.reach import reach_of
from toli.broadcasts.queries.releases import (
    appeals_over,
    choices_of_scope,
    get_release,
    releases,
    releases_not_over,
    scope_units,
    units_named,
)
from toli.broadcasts.queries.streams import StreamLink, constituencies_to_follow, pulse_key, shown_of, stream_for

__all__ = [
    "StreamLink", "StreamRow", "appeals_over", "choices_of_scope", "constituencies_to_follow", "get_release",
    "last_build", "live_releases", "offers", "places", "pool_signature", "pulse_key", "reach_of", "readers_about",
    "releases", "releases_not_over", "scope_units", "seconds_to_round", "shown_now", "shown_of", "stream_for",
    "stream_rows", "units_named",
]  # fmt: skip
