"""Tables of the org room, cut by noun."""

from toli.org.models.counts import Activity, Count, Delta, Snapshot
from toli.org.models.duty import Duty
from toli.org.models.seats import Appointment, NamedHolder, Norm, Role, Seat, SeatCharge, TeamKind
from toli.org.models.units import Level, Membership, Unit, UnitCode, UnitLink, Wing

__all__ = [
    "Activity", "Appointment", "Count", "Delta", "Duty", "Level", "Membership", "NamedHolder", "Norm", "Role", "Seat",
    "SeatCharge", "Snapshot", "TeamKind", "Unit", "UnitCode", "UnitLink", "Wing",
]  # fmt: skip

PERSONAL: dict[str, str] = {}
"""None: a name or a number of a person lies in `people` only."""
