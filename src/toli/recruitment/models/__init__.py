"""Tables of recruitment, cut by noun."""

from toli.recruitment.models.appeals import Appeal, AppealVote
from toli.recruitment.models.applications import AnswerFile, Answers, Application, Wish
from toli.recruitment.models.cards import CardRecall
from toli.recruitment.models.drives import Drive, DrivePlace, FormVersion, JoinLink, UnitRank
from toli.recruitment.models.funnel import FunnelReading, FunnelRow
from toli.recruitment.models.interviews import (
    ConflictOfInterest,
    Correction,
    Interview,
    Panel,
    PanelMember,
    Round,
    RoundScore,
    Scorecard,
    Slot,
    SlotPlan,
    WorkSample,
)
from toli.recruitment.models.invitations import Invitation, InvitationBatch
from toli.recruitment.models.past import PastDrive
from toli.recruitment.models.placement import CutOff, Outcome, PlacementRun, PlaceOffer
from toli.recruitment.models.truth import CallAttempt, CallBack, CallPlan, Cluster, ClusterMember, Stratum, Trace
from toli.recruitment.models.waiting import WaitingLine, WaitingReading

PERSONAL = {
    "Application.person": "who applied; kept with the tombstone",
    "Application.unit": "where the person wants to work; kept with the tombstone",
    "Application.wing": "a membership the person chose; never searched, exported or counted; kept with the tombstone",
    "Application.skills": "to offer fitting work; until the application ends",
    "Answers.given": "what the drive asked; erased with the person, or a year after the drive ends",
    "AnswerFile.sha256": "a file handed in with an answer; erased with the person, or a year after the drive ends",
    "Wish.unit": "where the person would like to work; kept with the tombstone",
    "Wish.wing": "a membership the person chose; never searched, exported or counted; kept with the tombstone",
    "Trace.device_key": "to see many entries of one device, as a keyed digest; 30 days after the drive ends",
    "Trace.address_key": "to see many entries of one network, as a keyed digest; 30 days after the drive ends",
    "Trace.number_key": "to see numbers in a row, as a keyed digest without their ends; 30 days after the drive ends",
    "Invitation.application": "which application an invitation led to; kept with the tombstone",
    "CallBack.application": "whom a call-back asks; kept with the tombstone",
    "PanelMember.person": "who interviews; kept with the tombstone",
    "Interview.application": "who was interviewed; kept with the tombstone",
    "Scorecard.scorer": "who gave a score, so that it can be answered for; kept with the tombstone",
    "Scorecard.marks": "to place on merit and answer an appeal; erased with the person, or a year after the drive ends",
    "Scorecard.note": "why a score was given; erased with the person, or a year after the drive ends",
    "RoundScore.application": "who reached what; kept with the tombstone",
    "ConflictOfInterest.person": "who may not score whom; kept with the tombstone",
    "WorkSample.text": "what was written for an interview; erased with the person, or a year after the drive ends",
    "WorkSample.link": "where the work is; erased with the person, or a year after the drive ends",
    "WorkSample.sha256": "a file handed in for an interview; erased with the person, or a year after the drive ends",
    "Correction.scorer": "how harsh or mild a scorer was; kept with the tombstone",
    "JoinLink.person": "whose link it is; kept with the tombstone",
    "Outcome.told": "why somebody got a place or not; kept with the tombstone, no word of theirs",
    "Appeal.words": "an appeal in the person's own words; erased with the person",
    "AppealVote.by": "who decided; kept with the tombstone",
    "AppealVote.reason": "the answer to the appeal; erased with the person",
}

__all__ = [
    "PERSONAL",
    "AnswerFile",
    "Answers",
    "Appeal",
    "AppealVote",
    "Application",
    "CallAttempt",
    "CallBack",
    "CallPlan",
    "CardRecall",
    "Cluster",
    "ClusterMember",
    "ConflictOfInterest",
    "Correction",
    "CutOff",
    "Drive",
    "DrivePlace",
    "FormVersion",
    "FunnelReading",
    "FunnelRow",
    "Interview",
    "Invitation",
    "InvitationBatch",
    "JoinLink",
    "Outcome",
    "Panel",
    "PanelMember",
    "PastDrive",
    "PlaceOffer",
    "PlacementRun",
    "Round",
    "RoundScore",
    "Scorecard",
    "Slot",
    "SlotPlan",
    "Stratum",
    "Trace",
    "UnitRank",
    "WaitingLine",
    "WaitingReading",
    "Wish",
    "WorkSample",
]
