"""The one list of rights. A role names rights; a seat's charge says where they hold.

A sensitive right needs a second factor in the session that uses it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Right:
    name: str
    says: str | Promise
    sensitive: bool = False


_ALL = [
    Right("board.view", _("See the board")),
    Right("audit.view", _("See who did what")),
    Right("people.view", _("See people, with masked numbers")),
    Right("people.reveal", _("See a phone number in full"), sensitive=True),
    Right("people.export", _("Take people's data out"), sensitive=True),
    Right("people.correct", _("Correct a person's data")),
    Right("people.let_in", _("Help people sign in again"), sensitive=True),
    Right("people.merge", _("Merge two entries of one person"), sensitive=True),
    Right("people.seal", _("Seal a person's data at their request"), sensitive=True),
    Right("people.hold", _("Keep a person's data for a legal case"), sensitive=True),
    Right("consent.grievances", _("Answer complaints and reports of harassment"), sensitive=True),
    Right("consent.breach", _("Handle a breach of personal data"), sensitive=True),
    Right("org.view", _("See units, teams and seats")),
    Right("org.offer", _("Offer a seat")),
    Right("org.offer_high", _("Offer a seat at district and above"), sensitive=True),
    Right("org.suspend", _("Suspend somebody now")),
    Right("org.end", _("End an appointment and hand over a seat")),
    Right("org.shape", _("Change units and norms"), sensitive=True),
    Right("org.import", _("Import units and holders"), sensitive=True),
    Right("org.see_as", _("See the screens as somebody else"), sensitive=True),
    Right("org.camps", _("Make camp passes for shared phones")),
    Right("recruitment.view", _("See applicants")),
    Right("recruitment.manage", _("Run a join drive")),
    Right("recruitment.call", _("Call applicants back who were drawn by lot")),
    Right("recruitment.interview", _("Set up interview panels and their times")),
    Right("recruitment.place", _("Sign a placement and decide appeals"), sensitive=True),
    Right("tasks.view", _("See tasks")),
    Right("tasks.give", _("Give tasks")),
    Right("tasks.verify", _("Verify work handed in")),
    Right("tasks.hand_in_for", _("Hand in for somebody else")),
    Right("content.view", _("See content")),
    Right("content.write", _("Write content")),
    Right("content.approve", _("Approve content"), sensitive=True),
    Right("content.approve_careful", _("Approve what is paid, made with AI or names a person"), sensitive=True),
    Right("content.spend", _("Keep the ledger of spending"), sensitive=True),
    Right("broadcasts.release", _("Publish content"), sensitive=True),
    Right("broadcasts.groups", _("Keep the register of message groups")),
    Right("elections.view", _("See polls and silence hours")),
    Right("elections.correct", _("Correct a poll's row"), sensitive=True),
    Right("elections.import", _("Import a poll schedule"), sensitive=True),
    Right("elections.rules", _("Switch a rule of election law off for the whole organisation"), sensitive=True),
    Right("delivery.view", _("See what was sent and what was not")),
    Right("delivery.connect", _("Give Toli the keys of official accounts"), sensitive=True),
    Right("warroom.shifts", _("Make shifts")),
    Right("warroom.own_shift", _("Take a shift and write a hand-over note")),
]

RIGHTS: dict[str, Right] = {right.name: right for right in _ALL}
SENSITIVE: frozenset[str] = frozenset(right.name for right in _ALL if right.sensitive)
