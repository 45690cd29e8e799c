"""The letter of appointment as a PDF. Pure: what it says is passed in; the language is the one that is active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from toli.kit import dates
from toli.ui.paper import Paper


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in a letter, in its language. Times are instants; the letter shows days in India."""

    language: str
    name: str
    seat: str
    team: str
    unit: str
    appointed_at: datetime
    until: datetime | None
    address: str
    """Where anybody can check whether the appointment holds; it stands in the QR code."""
    page: str
    """The same for whoever types."""
    made_at: datetime


def draw(letter: Letter) -> bytes:
    """The PDF, one page. Raises WrongState where Hindi cannot be drawn."""
    paper = Paper(title=_("Letter of appointment"), language=letter.language, made_at=letter.made_at)
    paper.words(_("Letter of appointment"), size=22, bold=True)
    paper.rule()
    paper.words(_("Dear %(name)s,") % {"name": letter.name}, size=12)
    said = {"day": _day(letter, letter.appointed_at)}
    paper.words(_("you are appointed to the seat below. You said yes to it on %(day)s.") % said)
    paper.facts(_facts(letter))
    paper.words(_("The work is voluntary and unpaid. You can give the seat back at any time, on your own page."))
    paper.words(
        _("Show your card when you work. Nobody may ask you for money, for a document or for a login code in our name.")
    )
    paper.qr(letter.address, side=46)
    paper.words(
        _("This code shows whether the appointment holds at this moment. It is good for 30 days; open the letter again"
          " for a new one. Page: %(page)s") % {"page": letter.page}, size=9, soft=True,
    )  # fmt: skip
    made = {"day": _day(letter, letter.made_at)}
    paper.words(_("Made by computer on %(day)s; valid without a signature by hand.") % made, size=9, soft=True)
    return paper.made()


def _facts(letter: Letter) -> list[tuple[str, str]]:
    until = _day(letter, letter.until) if letter.until else _("until it is given back or ended")
    return [
        (_("Seat"), letter.seat), (_("Team"), letter.team), (_("Unit"), letter.unit),
        (_("From"), _day(letter, letter.appointed_at)), (_("Until"), until),
    ]  # fmt: skip


def _day(letter: Letter, at: datetime) -> str:
    return dates.date_text(dates.local_day(at), letter.language)
