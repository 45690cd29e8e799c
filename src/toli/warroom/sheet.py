"""What leaves the board for a message group: one set of figures, drawn as a text or as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from toli.kit.numbers import group
from toli.warroom.rules import ITEM_WORDS, Row

TEXT_LIMIT = 1000
UNKNOWN = "–"


@dataclass(frozen=True)
class Line:
    """One unit below: its name, accepted and norm as they are written, its grade, and today's item if it has one."""

    name: str
    accepted: str
    norm: str
    share: int | None
    grade: str
    item: str = ""


@dataclass(frozen=True)
class Sheet:
    """The figures of a unit at a moment, as words; text and picture are both made of nothing else."""

    whole: Line
    level: str
    moment: str
    figures: dict[str, str]
    """verified, active, silent, on_duty."""
    lines: tuple[Line, ...]


def sheet_of(whole: Row, rows: Sequence[Row], *, level: str, moment: str, language: str) -> Sheet:
    """The sheet in one language; a figure nobody counts is a dash, never a nought."""
    keys = ("verified", "active", "silent", "on_duty")
    return Sheet(
        _line(whole, language), level, moment, {key: _number(whole.figure(key)) for key in keys},
        tuple(_line(row, language) for row in rows),
    )  # fmt: skip


def _line(row: Row, language: str) -> Line:
    name = row.names.get(language) or next(iter(row.names.values()), "")
    item = str(ITEM_WORDS.get(row.item, ""))
    accepted, norm = _number(row.figure("accepted")), _number(row.figure("norm"))
    return Line(name, accepted, norm, row.share, row.grade, item)


def _number(n: int | None) -> str:
    return UNKNOWN if n is None else group(n)


def text_of(sheet: Sheet, *, limit: int = TEXT_LIMIT) -> str:
    """The sheet as a message, at most `limit` characters: the head, then as many units as fit."""
    whole = sheet.whole
    head = [
        f"*{whole.name}* · {sheet.moment}",
        _("Accepted %(accepted)s of %(norm)s, grade %(grade)s")
        % {"accepted": whole.accepted, "norm": whole.norm, "grade": whole.grade},
        _("Verified %(verified)s · active today %(active)s · silent %(silent)s · on duty %(on_duty)s") % sheet.figures,
    ]
    lines = [
        f"{one.name}: {one.accepted}/{one.norm} ({one.grade}){f' · {one.item}' if one.item else ''}"
        for one in sheet.lines
    ]
    return _fitting("\n".join(head), lines, limit)


def _fitting(head: str, lines: list[str], limit: int) -> str:
    """As many lines as fit below the head, with room for saying how many do not."""
    whole = "\n".join([head, "", *lines]).strip()
    if len(whole) <= limit:
        return whole
    text = f"{head}\n"
    for shown, line in enumerate(lines):
        rest = more(len(lines) - shown - 1)
        if len(text) + len(line) + len(rest) + 2 > limit:
            return f"{text}\n{more(len(lines) - shown)}"[:limit]
        text = f"{text}\n{line}"
    return text[:limit]


def more(count: int) -> str:
    """ "and 12 more"."""
    return _("and %(count)s more") % {"count": count}
