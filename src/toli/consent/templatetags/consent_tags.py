"""Words for the clocks of complaints and breaches."""

from __future__ import annotations

from datetime import timedelta

from django import template

from toli.kit import dates, language

register = template.Library()


@register.filter
def span(value: timedelta | None) -> str:
    """ "3 d 4 h", "2 दिन 3 घंटे": the two largest parts."""
    return "" if value is None else dates.duration_text(value, language.current())
