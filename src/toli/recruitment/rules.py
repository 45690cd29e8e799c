"""What a drive asks and when it is open. Pure: `now` is passed in."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput, WrongState
from toli.recruitment.models import Application, Drive

DRAFT_KIND = "recruitment.application"
RESERVED_KEYS = {"status", "kiosk", "new", "me", "kept", "queue"}

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
