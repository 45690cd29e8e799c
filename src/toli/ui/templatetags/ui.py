"""Tags and filters of every page: figures with their grade, numbers, dates, names by language, icons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from toli.kit import dates, language, masking, numbers, phone
from toli.ui.figures import FIGURES, GRADES
from toli.ui.navigation import navigation

register = template.Library()

UNKNOWN = "–"


@register.filter
def in_language(texts: Mapping[str, str] | None) -> str:
    """The text of a `{tag: text}` value in the page's language, else in any language there is."""
    return language.text_of(texts)


@register.filter
def grouped(number: int | None) -> str:
    """12,34,567: lakh and crore grouping. An unknown number is a dash, never a nought."""
    return UNKNOWN if number is None or number == "" else numbers.group(int(number))


@register.filter
def rupees_in_words(paise: int | None) -> str:
    """An amount in full: 12500000000 -> ₹12.5 करोड़."""
    return "" if paise is None else numbers.rupees_said(paise, language.current())


@register.filter
def rupees(paise: int | None) -> str:
    """12,500.50 rupees of that many paise, to the paisa."""
    return "" if paise is None else numbers.rupees(paise)


@register.filter
def in_words(number: int | None) -> str:
    """2.5 lakh, 1.2 crore: for headlines, in the page's language."""
    return UNKNOWN if number is None else numbers.compact(number, language.current())


@register.filter
def percent_of(part: int | None, whole: int | None) -> str:
    share = None if part is None or not whole else numbers.percent(part, whole)
    return UNKNOWN if share is None else f"{share} %"


@register.filter
def ist_date(value: date | datetime | None) -> str:
    """The day in India, with its weekday."""
    if value is None:
        return ""
    return dates.day_text(dates.local_day(value) if isinstance(value, datetime) else value, language.current())


@register.filter
def ist_time(value: datetime | None) -> str:
    return "" if value is None else dates.time_text(value, language.current())


@register.filter
def ist(value: datetime | None) -> str:
    """Day and time in India."""
    return "" if value is None else dates.datetime_text(value, language.current())


@register.filter
def ago(value: datetime | None) -> str:
    return "" if value is None else dates.ago_text(value, now=timezone.now(), language=language.current())


@register.filter
def share_of(norm: int | None, percent: int) -> float:
    """That many percent of a norm: the marks of a meter."""
    return (norm or 0) * percent / 100


@register.filter
def own_words(text: str | None) -> str:
    """What somebody wrote in their own words, which may name people: hidden while somebody sees as another seat."""
    return masking.HIDDEN if text and masking.is_on() else text or ""


@register.filter
def masked(number: str | None) -> str:
    return phone.mask(number) if number else ""


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite. It is decoration: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("ui/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def nav(context: Context) -> list[Any]:
    request = context.get("request")
    return navigation(context.get("may") or (), request.path if request else "")


@register.simple_tag
def url_if_any(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page, or nothing where this deployment has no such page."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("ui/_figure.html")
def figure(key: str, value: float | None, **more: object) -> dict[str, object]:
    """A figure that is never bare: `norm`, `grade`, `as_of` and `url` (its rows) may stand beside it."""
    grade = more.get("grade")
    return {
        "key": key,
        "value": value,
        "meaning": FIGURES[key],
        "grade_text": GRADES.get(str(grade)) if grade else None,
        **more,
    }


@register.simple_tag
def grade(letter: str | None) -> SafeString:
    """The letter, with what it means on touch. A table has one in each row, so no template is opened for it."""
    letter = letter or "D"
    return format_html('<abbr class="grade grade-{}" title="{}">{}</abbr>', letter, GRADES[letter], letter)


@register.inclusion_tag("ui/_figure_head.html", takes_context=True)
def figure_head(context: Context, key: str, sort: str | None = None) -> dict[str, object]:
    """A column's head: the figure's name, its definition on touch, and a link that sorts by it."""
    return {"meaning": FIGURES[key], "key": key, **_sorting(context, sort)}


@register.inclusion_tag("ui/_sort_head.html", takes_context=True)
def sort_head(context: Context, label: str, sort: str) -> dict[str, object]:
    return {"label": label, **_sorting(context, sort)}


def _sorting(context: Context, sort: str | None) -> dict[str, object]:
    request = context.get("request")
    if sort is None or request is None:
        return {"sort_url": "", "sorted": ""}
    now = request.GET.get("sort", "")
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{sort}" if now == sort else sort
    order = {sort: "ascending", f"-{sort}": "descending"}.get(now, "")
    return {"sort_url": f"?{query.urlencode()}", "sorted": order}
