"""Tags of the pages about interviews."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from toli.recruitment.interviewing import LANGUAGES

register = template.Library()


@register.filter
def points(hundredths: int) -> str:
    """ "70.5" of 7,050 hundredths; without a sign, which a word beside it tells."""
    return f"{abs(hundredths) / 100:.1f}"


@register.filter
def language_names(tags: Sequence[str]) -> str:
    """Languages as their speakers write them."""
    return ", ".join(LANGUAGES.get(tag, tag) for tag in tags)
