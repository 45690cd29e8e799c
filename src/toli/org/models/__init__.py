"""Tables of the org room, cut by noun."""

from toli.org.models.changes import Change, Reorganisation
from toli.org.models.counts import Activity, Count, Delta
from toli.org.models.duty import Duty
from toli.org.models.imports import Import, ImportedRow, ImportedUnit, StationPair
from toli.org.models.seats import Appointment, NamedHolder, Norm, Role, Seat, SeatCharge, TeamKind
from toli.org.models.snapshots import Snapshot, SnapshotSlot
from toli.org.models.units import Level, Membership, Unit, UnitCode, UnitLink, Wing

__all__ = [
    "Activity", "Appointment", "Change", "Count", "Delta", "Duty", "Import", "ImportedRow",
    "ImportedUnit", "Level", "Membership", "NamedHolder", "Norm", "Reorganisation", "Role", "Seat", "SeatCharge",
    "Snapshot", "SnapshotSlot", "StationPair", "TeamKind", "Unit", "UnitCode", "UnitLink", "Wing",
]  # fmt: skip

PERSONAL: dict[str, str] = {}
"""None: a name or a number of a person lies in `people` only."""
