"""What only the war room's pages say."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit import dates, language
from toli.kit.numbers import group
from toli.warroom import rules
from toli.warroom.rules import Row

register = template.Library()


@register.filter
def until(end: datetime, start: datetime) -> str:
    """The span from `start` to `end` in words: "2 h 10 min"."""
    return dates.duration_text(end - start, language.current())


ITEM_TAGS = {
    "out": ("tag-good", pgettext_lazy("item of the day", "Out")),
    "approved": ("", _("Approved")),
    "draft": ("tag-warn", _("Draft")),
}
NO_ITEM = ("tag-none", pgettext_lazy("item of the day", "None"))


@register.filter
def item_tag(state: str) -> SafeString:
    """How far the item of the day has come."""
    shade, words = ITEM_TAGS.get(state, NO_ITEM)
    return format_html('<span class="tag {}">{}</span>', shade, words)


@register.filter
def tile(row: Row, figure: str) -> str:
    """The shade and pattern of a tile: "90", "70", "40", "0" or "none"."""
    return rules.step_of(row, figure)


@register.filter
def share(row: Row, figure: str) -> str:
    """A figure's share in percent; a dash where it is not known."""
    found = rules.share_of(row, figure)
    return "–" if found is None else f"{found} %"


@register.filter
def of_whole(row: Row, figure: str) -> str:
    """A figure and what it is a part of: 12 / 21."""
    part, whole = row.figures.get(figure), row.figures.get(rules.OF[figure])
    return " / ".join("–" if n is None else group(n) for n in (part, whole))


@register.filter
def moment_key(at: datetime) -> str:
    return rules.moment_key(at)


@register.filter
def changed(row: Row, key: str) -> int | None:
    """How a figure changed since the snapshot it is compared with; None where there is nothing to compare."""
    return row.change(key)


@register.filter
def change_tag(row: Row, key: str) -> SafeString | str:
    """The change beside a figure in a table: +3 or −2, nothing where nothing changed."""
    moved = row.change(key)
    if not moved:
        return ""
    return format_html(' <span class="moved">{}{}</span>', "+" if moved > 0 else "−", group(abs(moved)))


@register.filter
def reach_grade(row: Row) -> str:
    """Displays are counted by the phones themselves; where none is counted yet, nothing is known."""
    return row.grade if row.figures.get("reach") is not None else "D"
