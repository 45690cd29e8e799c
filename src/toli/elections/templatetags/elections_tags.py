"""Words for clocks and hours of polls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from django import template
from django.utils.translation import gettext as _

from toli.elections.queries import Clock
from toli.kit import language
from toli.kit.dates import duration_text

register = template.Library()


@register.filter
def clock_text(clock: Clock, now: datetime) -> str:
    """ "Silence begins in 3 h 12 min"."""
    if clock.at is None:
        return _("Put off")
    span = duration_text(abs(clock.at - now), language.current())
    sentences = {
        "silence_begins": _("Silence begins in %(span)s"),
        "silence_ends": _("Silent for another %(span)s"),
        "block_begins": _("Appeals stop in %(span)s: no hour is published"),
        "block_ends": _("Appeals are stopped for another %(span)s: no hour is published"),
        "over": _("The poll is over since %(span)s"),
    }
    return sentences[clock.key] % {"span": span}


@register.filter
def hours_text(hours: Iterable[time]) -> str:
    """ "17:00" or "15:00 / 18:00"; a dash where none is published."""
    return " / ".join(hour.strftime("%H:%M") for hour in hours) or "–"
