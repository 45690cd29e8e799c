"""What only the war room's pages say."""

from datetime import datetime

from django import template
from django.utils.translation import get_language

from toli.kit import dates
from toli.warroom.rules import Row

register = template.Library()


@register.filter
def until(end: datetime, start: datetime) -> str:
    """The span from `start` to `end` in words: "2 h 10 min"."""
    return dates.duration_text(end - start, get_language() or "hi")


@register.filter
def reach_grade(row: Row) -> str:
    """Displays are counted by the phones themselves; where none is counted yet, nothing is known."""
    return row.grade if row.figures.get("reach") is not None else "D"
