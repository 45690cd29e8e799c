"""Words for clocks and hours of polls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from toli.elections import queries
from toli.elections.queries import Clock
from toli.kit import language
from toli.kit.dates import date_text, duration_text
from toli.org.models import Unit

register = template.Library()


@register.filter
def clock_text(clock: Clock, now: datetime) -> str:
    """ "Silence begins in 3 h 12 min"."""
    if clock.at is None:
        return _("Adjourned") if clock.key == "adjourned" else _("Put off")
    span = duration_text(abs(clock.at - now), language.current())
    sentences = {
        "silence_begins": _("Silence begins in %(span)s"),
        "silence_ends": _("Silent for another %(span)s"),
        "block_begins": _("Appeals stop in %(span)s: no hour is published"),
        "block_ends": _("Appeals are stopped for another %(span)s: no hour is published"),
        "poll_opens": _("The poll opens in %(span)s"),
        "poll_closes": _("Voting goes on for another %(span)s"),
        "over": _("The poll is over since %(span)s"),
    }
    return sentences[clock.key] % {"span": span}


@register.filter
def hours_text(hours: Iterable[time]) -> str:
    """ "17:00" or "15:00 / 18:00"; a dash where none is published."""
    return " / ".join(hour.strftime("%H:%M") for hour in hours) or "–"


@register.filter
def hour_text(hour: time) -> str:
    return hour.strftime("%H:%M")


@register.filter
def month_text(day: date) -> str:
    """ "April 2031", by the words of dates without their day."""
    return date_text(day, language.current()).partition(" ")[2]


@register.inclusion_tag("elections/_clock.html")
def unit_clock(unit: Unit, now: datetime | None = None, small: bool = False) -> dict[str, object]:
    """The clock of a constituency, in words made here; with JavaScript it is asked for again each half minute."""
    now = now or timezone.now()
    found = queries.clocks_at([unit.pk], now=now).get(unit.pk) if unit.level.key == "constituency" else None
    return {"unit": unit, "found": found, "now": now, "small": small}
