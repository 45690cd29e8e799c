"""Filters of the desk's pages of recruitment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of_unit(values: Mapping[int, Any], unit_id: int) -> Any:
    """What is known of this unit; None where nothing is."""
    return values.get(unit_id)


@register.filter
def hundredths(value: int | str | None) -> str:
    """A score as people read it: 6550 is 65.5. Nothing where there is none; a path that leads nowhere comes as text."""
    return f"{value / 100:.2f}".rstrip("0").rstrip(".") if isinstance(value, int) else ""
