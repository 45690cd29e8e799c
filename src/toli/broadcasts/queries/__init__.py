"""Reads of the broadcasts room, cut by noun."""

from toli.broadcasts.queries.broadcasts import (
    Forecast,
    Progress,
    Reach,
    audiences,
    broadcasts,
    cleared_item,
    count_audience,
    forecast,
    get_broadcast,
    is_broadcast,
    progress_of,
    purpose_of,
    ranges_of,
    reasons_of,
    role_choices,
    scope_choices,
    trained_choices,
    ways_for,
    ways_of,
    wing_choices,
)
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
from toli.broadcasts.queries.groups import RIGHT as GROUPS
from toli.broadcasts.queries.groups import (
    Pack,
    branch_of,
    get_group,
    get_group_i_post_in,
    groups_i_post_in,
    groups_in_charge,
    meant_for,
    my_groups,
    packs,
    people_to_name,
    planned_below,
    posted_in,
    units_without,
)
from toli.broadcasts.queries.links import landing, visits_in, visits_of
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
from toli.broadcasts.queries.streams import (
    StreamLink,
    constituencies_to_follow,
    listening_of,
    pulse_key,
    shown_of,
    stream_for,
)

__all__ = [
    "GROUPS", "Forecast", "Pack", "Progress", "Reach", "StreamLink", "StreamRow", "appeals_over", "audiences",
    "branch_of", "broadcasts", "choices_of_scope", "cleared_item", "constituencies_to_follow", "count_audience",
    "forecast", "get_broadcast", "get_group", "get_group_i_post_in", "get_release", "groups_i_post_in",
    "groups_in_charge", "is_broadcast", "landing", "last_build", "listening_of", "live_releases",
    "meant_for", "my_groups", "offers", "packs", "people_to_name", "places", "planned_below", "pool_signature",
    "posted_in", "progress_of", "pulse_key", "purpose_of", "ranges_of", "reach_of", "readers_about", "reasons_of",
    "releases", "releases_not_over", "role_choices", "scope_choices", "scope_units", "seconds_to_round",
    "shown_now", "shown_of", "stream_for", "stream_rows", "trained_choices", "units_named", "units_without",
    "visits_in", "visits_of", "ways_for", "ways_of", "wing_choices",
]  # fmt: skip
