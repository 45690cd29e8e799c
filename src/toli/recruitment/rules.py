"""What a drive asks and when it is open. Pure: `now` is passed in."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput, Sentence, WrongState
from toli.kit.text import clean
from toli.recruitment.models import Application, Drive

DRAFT_KIND = "recruitment.application"
PASS_LIFE = timedelta(days=2)
"""Whoever got the form never waits in line for it again, as long as a draft is kept."""
RESERVED_KEYS = {"i", "status", "kiosk", "new", "me", "kept", "queue"}

SKILLS = {
    "writing": _("Writing"),
    "design": _("Pictures and posters"),
    "video": _("Making videos"),
    "social": _("WhatsApp and social media"),
    "speaking": _("Speaking to people"),
    "computer": _("Computer work"),
    "teaching": _("Teaching others"),
    "vehicle": _("I have a vehicle"),
}

# What a drive can be for.
SCOPE_LEVELS = ("state", "division", "district", "constituency")
# Where a person can say "here I live"; above a district nobody can be looked after.
PLACE_LEVELS = ("district", "samiti", "constituency", "block", "panchayat", "booth")


def is_open(drive: Drive, *, now: datetime) -> bool:
    """True while the drive takes applications: [opens_at, closes_at)."""
    return drive.opens_at <= now and (drive.closes_at is None or now < drive.closes_at)


class DriveOver(WrongState):
    """The drive ended; a form that was begun before can still be kept as a draft."""

    default = _("This call to join is over.")


def check_open(drive: Drive, *, now: datetime) -> None:
    """Raise WrongState before the drive, DriveOver after it."""
    check_begun(drive, now=now)
    if not is_open(drive, now=now):
        raise DriveOver


def check_begun(drive: Drive, *, now: datetime) -> None:
    """Raise WrongState before the drive."""
    if now < drive.opens_at:
        raise WrongState(_("This call to join has not begun yet. Please come back later."))


def check_offerable(application: Application) -> None:
    """Raise WrongState when no seat can be offered on this application."""
    if application.state == Application.State.WITHDRAWN:
        raise WrongState(_("This person has withdrawn the application. Nothing was sent."))
    if application.state != Application.State.SUBMITTED:
        raise WrongState(_("A seat is already offered to this person, or they sit in a team."))


def check_skills(skills: list[str]) -> list[str]:
    """Return the known skills in the order of the list. Raises BadInput for others."""
    if set(skills) - set(SKILLS):
        raise BadInput(fields={"skills": _("Please choose from the list.")})
    return [key for key in SKILLS if key in skills]


MOST_PLACES_OF_A_KIND = 10_000
FULL_SCORE = 10_000
"""Hundredths of a point."""
LONGEST_REASON = 300
PREFERENCES = ("residents", "wing", "languages")
SHARE_RULES = ("age", "gender", "residents", "wing")
"""What a reserved share may go by: nothing else is known about a person (domain.md rule 21)."""


def check_reason(reason: str) -> str:
    """The cleaned reason. Raises BadInput where none is given."""
    reason = clean(reason)[:LONGEST_REASON]
    if not reason:
        raise BadInput(fields={"reason": _("Please write the reason; it is shown beside the change.")})
    return reason


def check_drive(drive: Drive) -> None:
    """Raise BadInput for dates and numbers that cannot be."""
    faults: dict[str, Sentence] = {}
    if drive.closes_at is not None and drive.closes_at < drive.opens_at:
        faults["closes_on"] = _("The end must come after the beginning.")
    if drive.target is not None and drive.target < 1:
        faults["target"] = _("Please write a number above 0, or leave it empty.")
    for name, most in (("wishes", 20), ("offer_days", 60), ("appeal_days", 60)):
        if not 1 <= getattr(drive, name) <= most:
            faults[name] = _("Please write a number from 1 to %(n)s.") % {"n": most}
    if faults:
        raise BadInput(fields=faults)


def check_place_rules(
    min_score: int | None, preferences: Mapping[str, Any], shares: Sequence[Mapping[str, Any]], *, wings: Sequence[str]
) -> dict[str, Any]:
    """Return the columns of a place's rules. Raises BadInput for a score outside its scale and for an unknown rule."""
    faults: dict[str, Sentence] = {}
    if min_score is not None and not 0 <= min_score <= FULL_SCORE:
        faults["min_score"] = _("A score lies between 0 and 100.")
    added = [n for key, n in preferences.items() if key != "languages"] + [*preferences.get("languages", {}).values()]
    if set(preferences) - set(PREFERENCES) or any(not 0 <= n <= FULL_SCORE for n in added):
        faults["residents"] = _("A preference adds between 0 and 100 points.")
    for share in shares:
        if not 1 <= share["count"] <= MOST_PLACES_OF_A_KIND or len(set(share) & set(SHARE_RULES)) != 1:
            faults["shares"] = _("A reserved share has a number and one rule.")
        if "wing" in share and share["wing"] not in wings:
            faults["shares"] = _("Please choose from the list.")
    if faults:
        raise BadInput(fields=faults)
    return {"min_score": min_score, "preferences": dict(preferences), "shares": [dict(share) for share in shares]}
