"""Reads of the org room, cut by noun."""

from toli.org.queries.counts import child_figures, figures_of
from toli.org.queries.people import (
    get_person,
    home_unit_id,
    home_unit_of,
    person_for_holder,
    person_for_number,
    search_people,
)
from toli.org.queries.seats import (
    actor_for,
    get_appointment,
    get_named_holder,
    get_seat,
    live_appointments_of,
    named_seats_for,
    offers_to,
    short_teams,
    vacant_seats,
)
from toli.org.queries.units import (
    ancestors_of,
    children_of,
    constituencies_under,
    get_unit,
    hierarchy_parent,
    org_home_for,
    roots,
    search_units,
    unit_by_code,
)

__all__ = [
    "actor_for", "ancestors_of", "child_figures", "children_of", "constituencies_under", "figures_of",
    "get_appointment", "get_named_holder", "get_person", "get_seat", "get_unit", "hierarchy_parent", "home_unit_id",
    "home_unit_of", "live_appointments_of", "named_seats_for", "offers_to", "org_home_for", "person_for_holder",
    "person_for_number", "roots", "search_people", "search_units", "short_teams", "unit_by_code", "vacant_seats",
]  # fmt: skip
