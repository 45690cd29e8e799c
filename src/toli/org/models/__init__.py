"""Tables of the org room, cut by noun."""

from toli.org.models.changes import Change, Reorganisation
from toli.org.models.counts import Activity, Count, Delta
from toli.org.models.delegations import Delegation
from toli.org.models.directory import Handle, HandleOperator, Term
from toli.org.models.duty import Duty
from toli.org.models.help import HelpConfirmation, SignInHelp
from toli.org.models.imports import Import, ImportedRow, ImportedUnit, StationPair
from toli.org.models.seats import Appointment, NamedHolder, Norm, Role, Seat, SeatCharge, TeamKind
from toli.org.models.snapshots import Snapshot, SnapshotSlot
from toli.org.models.units import Level, Membership, Unit, UnitCode, UnitLink, Wing
from toli.org.models.wishes import WorkWish

__all__ = [
    "Activity",
    "Appointment",
    "Change",
    "Count",
    "Delegation",
    "Delta",
    "Duty",
    "Handle",
    "HandleOperator",
    "HelpConfirmation",
    "Import",
    "ImportedRow",
    "ImportedUnit",
    "Level",
    "Membership",
    "NamedHolder",
    "Norm",
    "Reorganisation",
    "Role",
    "Seat",
    "SeatCharge",
    "SignInHelp",
    "Snapshot",
    "SnapshotSlot",
    "StationPair",
    "TeamKind",
    "Term",
    "Unit",
    "UnitCode",
    "UnitLink",
    "Wing",
    "WorkWish",
]  # fmt: skip

PERSONAL: dict[str, str] = {
    "SignInHelp.new_cipher": "a new number until an officer said whose it is; wiped when the request is over, 3 days",
}
"""All else of a person lies in `people` only."""
