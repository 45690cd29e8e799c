"""What an applicant reads about their place: what happened, and what happens next. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LISTS = _(
    "You stay on the list of every place you wished more. If a seat comes free there, it is offered to you here."
)


@dataclass(frozen=True, slots=True)
class Said:
    """Two sentences for one state of an offer."""

    happened: str | Promise
    next: str | Promise


WHY: dict[str, Said] = {
    "due": Said(
        _("You got a place. Congratulations!"),
        _("The offer of your seat comes here in a moment. You need to do nothing until then."),
    ),
    "declined": Said(_("You said no to this seat. Thank you for answering: somebody else could be asked."), _LISTS),
    "lapsed": Said(
        _("The time to answer passed, so the seat was offered to the next person. Nobody holds it against you."), _LISTS
    ),
    "seat_taken": Said(
        _("Before you could sit, somebody else was put on this seat. That was not your doing, and we are sorry."),
        _("You are first in line: the next seat of this place that comes free is offered to you by itself."),
    ),
    "seat_closed": Said(
        _("This seat was closed before you could sit. That was not your doing, and we are sorry."),
        _("You are first in line: the next seat of this place that comes free is offered to you by itself."),
    ),
    "place_withdrawn": Said(
        _("The organisation took this place back after the placement. That was not your doing, and we are sorry."),
        _LISTS,
    ),
    "has_seat": Said(
        _("You sit in this team already, or another seat was offered to you."),
        _("So this one went to the next person."),
    ),
    "taken_back": Said(
        _("Your coordinator took this offer back."),
        _("Ask your coordinator why. You can still be offered other seats."),
    ),
    "upgrade_due": Said(
        _("A place you wished more is free, and it is your turn."),
        _("Its offer comes here in a moment. You keep the place you have."),
    ),
    "upgrade_offered": Said(
        _("A place you wished more is offered to you. You keep the place you have until you say yes."),
        _(
            "Open your day to answer. With your yes your present place goes to the next person; with a no, or without "
            "an answer, nothing changes for you."
        ),
    ),
    "upgrade_declined": Said(_("You said no to a place you had wished more. You keep the place you have."), ""),
    "upgrade_lapsed": Said(
        _("The time to answer for a place you had wished more passed. You keep the place you have."), ""
    ),
    "upgrade_void": Said(_("A place you wished more could not be offered after all. You keep the place you have."), ""),
    "run_replaced": Said(
        _("The placement was made anew before your seat was offered."), _("What the new one gave you is told here.")
    ),
}
"""By the reason of an offer, or by its state where it has none."""


def said_of(state: str, reason: str, *, upgrade: bool = False) -> Said | None:
    """The sentences for an offer; None where the application's own state says everything."""
    return WHY.get(f"upgrade_{state}" if upgrade else reason or state)
