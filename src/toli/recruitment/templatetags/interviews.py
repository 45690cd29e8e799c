"""Tags of the pages about interviews."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from toli.kit.language import text_of
from toli.recruitment.interviewing import LANGUAGES

register = template.Library()


@register.filter
def points(hundredths: int) -> str:
    """ "70.5" of 7,050 hundredths; without a sign, which a word beside it tells."""
    return f"{abs(hundredths) / 100:.1f}"


@register.filter
def language_names(tags: Sequence[str]) -> str:
    """Languages by their names in the page's language."""
    return ", ".join(text_of(LANGUAGES.get(tag)) or tag for tag in tags)
