"""The rows of the board's table, written in one go.

A board has up to 60 rows of eight figures; through the template engine they took most of the page's time.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from toli.kit import language
from toli.kit.numbers import group
from toli.ui.figures import FIGURES, GRADES
from toli.ui.templatetags.ui import UNKNOWN
from toli.ui.templatetags.ui import grade as grade_tag
from toli.warroom.rules import Row
from toli.warroom.templatetags.warroom import change_tag, item_tag

register = template.Library()

COLUMNS = ("verified", "active", "silent", "on_duty", "tasks_done", "reach")
UNIT = "00000000-0000-0000-0000-000000000000"


@register.simple_tag
def board_rows(rows: Iterable[Row], moment_query: str, with_items: bool) -> SafeString:
    """Table rows: a link down, accepted of the norm with its grade and bar, the other figures with their change."""
    address = reverse("warroom:unit", args=[UNIT])
    labels = {key: escape(FIGURES[key].label) for key in ("accepted", *COLUMNS)}
    grades = {letter: grade_tag(letter) for letter in GRADES}
    tag, item_label = language.current(), escape(_("Today's item"))
    lines = []
    for row in rows:
        name = escape(row.names.get(tag) or language.text_of(row.names))
        link = f'<a href="{address.replace(UNIT, str(row.ref))}{escape(moment_query)}">{name}</a>'
        cells = "".join(_cell(row, key, labels[key]) for key in COLUMNS)
        item = f'<td data-name="{item_label}">{item_tag(row.item)}</td>' if with_items else ""
        accepted = _accepted(row, labels["accepted"], grades[row.grade])
        lines.append(f'<tr>\n<th scope="row">{link}</th>{accepted}{cells}{item}</tr>')
    return mark_safe("\n".join(lines))  # noqa: S308 - names, labels and the query are escaped above; the rest is ours


def _number(n: int | None) -> str:
    return UNKNOWN if n is None else group(n)


def _accepted(row: Row, label: str, grade: str) -> str:
    norm, accepted = row.figure("norm"), row.figure("accepted")
    figure = f'{_number(accepted)}<span class="of"> / {_number(norm)}</span>{grade}{change_tag(row, "accepted")}'
    bar = ""
    if norm:
        bar = (
            f'<meter min="0" max="{norm}" low="{norm * 0.7:.1f}" high="{norm * 0.9:.1f}" optimum="{norm}"'
            f' value="{accepted or 0}" aria-hidden="true"></meter>'
        )
    return f'<td class="num wide-cell" data-name="{label}"><span class="share"><span>{figure}</span>{bar}</span></td>'


def _cell(row: Row, key: str, label: str) -> str:
    n = row.figure(key)
    worry = " worry" if key == "silent" and n else ""
    whole = row.figure("tasks_given") if key == "tasks_done" else None
    of = f'<span class="of"> / {group(whole)}</span>' if whole else ""
    return f'<td class="num{worry}" data-name="{label}"><span>{_number(n)}{of}{change_tag(row, key)}</span></td>'
