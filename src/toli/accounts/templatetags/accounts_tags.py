from __future__ import annotations

from datetime import timedelta

from django import template

from toli.kit import language
from toli.kit.dates import duration_text

register = template.Library()


@register.filter
def in_time(span: timedelta) -> str:
    """How long, in words: "8 सेकंड", "2 min"."""
    return duration_text(max(span, timedelta(seconds=1)), language.current())
