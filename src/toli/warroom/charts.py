"""The board for people who would rather look: plain values that the chart script draws."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from toli.warroom import rules
from toli.warroom.rules import Row

MOST_BARS = 60


def areas(rows: Iterable[Row], figure: str, language: str) -> list[dict[str, object]]:
    """One entry per unit for the map: its ref joins it to its shape; the words and the pattern say what colour says."""
    return [
        {
            "ref": str(row.ref), "name": row.names.get(language) or next(iter(row.names.values()), ""),
            "share": rules.share_of(row, figure), "step": rules.step_of(row, figure), "grade": row.grade,
            "url": reverse("warroom:unit", args=[row.ref]),
        }
        for row in rows
    ]  # fmt: skip


def data(rows: Iterable[Row], language: str) -> list[dict[str, object]]:
    """One entry per unit, in the board's order: name, figures, grade and the address of its own board."""
    return [
        {
            "name": row.names.get(language) or next(iter(row.names.values()), ""),
            "norm": row.norm, "accepted": row.accepted, "missing": row.missing, "share": row.share,
            "grade": row.grade, "url": reverse("warroom:unit", args=[row.ref]),
        }
        for row in list(rows)[:MOST_BARS]
    ]  # fmt: skip
