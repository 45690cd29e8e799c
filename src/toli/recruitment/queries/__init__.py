"""Every read of recruitment, cut by noun."""

from toli.recruitment.queries.applications import (
    Filters,
    applicants,
    filter_unit,
    get_application,
    get_own_application,
    my_applications,
    seats_for,
    state_counts,
)
from toli.recruitment.queries.drives import (
    all_wings,
    drive_scopes,
    drives,
    get_drive,
    get_drive_in_charge,
    get_drive_seen,
    open_drives,
    wings,
)
from toli.recruitment.queries.places import above, get_place, home_and_place, places, places_below, top_places

__all__ = [
    "Filters",
    "above",
    "all_wings",
    "applicants",
    "drive_scopes",
    "drives",
    "filter_unit",
    "get_application",
    "get_drive",
    "get_drive_in_charge",
    "get_drive_seen",
    "get_own_application",
    "get_place",
    "home_and_place",
    "my_applications",
    "open_drives",
    "places",
    "places_below",
    "seats_for",
    "state_counts",
    "top_places",
    "wings",
]
