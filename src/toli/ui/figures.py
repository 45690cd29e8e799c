"""One meaning per figure: the words shown when a figure is touched; docs/figures.md says more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Meaning:
    label: _StrPromise
    definition: _StrPromise


FIGURES: dict[str, Meaning] = {
    "norm": Meaning(_("Norm"), _("How many people there should be, by the norms in force today.")),
    "accepted": Meaning(
        _("Accepted"),
        _("Seats whose holder said yes in person and still holds them today. An offer does not count."),
    ),
    "verified": Meaning(
        _("Verified"),
        _("People who proved their own number with a code within 180 days and have no open duplicate flag."),
    ),
    "active": Meaning(_("Active today"), _("People with an act of their own since midnight, Indian time.")),
    "silent": Meaning(_("Silent"), _("Seat holders without an act of their own for 7 days.")),
    "on_duty": Meaning(_("On duty"), _("People whose shift has begun and has not ended at this moment.")),
    "tasks_done": Meaning(_("Tasks done"), _("Tasks verified by a second person, out of the tasks given.")),
    "reach": Meaning(
        _("Reach"),
        _("Phones that displayed today's messages, per channel and day. Never added up across channels."),
    ),
    "shared": Meaning(
        _("Shared"), _("Times the share sheet was opened. Nobody can know whether the message was then sent.")
    ),
    "named": Meaning(
        _("Named"), _("Names on the state's list. They count as filled only after saying yes themselves.")
    ),
}

GRADES: dict[str, _StrPromise] = {
    "A": _("A: at least 90 % verified, less than 15 minutes old"),
    "B": _("B: at least 70 % verified"),
    "C": _("C: less than 70 % verified"),
    "D": _("D: not known how much is verified"),
}
