"""What an approver reads on a page: the words with their marked passages, the questions, the points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict

from toli.content import compliance, queries, rules
from toli.content.compliance import Question
from toli.content.models import Item
from toli.kit.errors import BadInput

WHY = "why-"


def reasons(typed: QueryDict) -> dict[str, str]:
    """Reasons as they were typed, by the key of the passage."""
    return {name.removeprefix(WHY): str(why)[:500] for name, why in typed.items() if name.startswith(WHY)}


def of_item(item: Item, *, typed: QueryDict, error: BadInput | None, now: datetime) -> dict[str, Any]:
    """Template values of one item."""
    questions = compliance.questions(queries.wording_of(item))
    hold = queries.hold_of(item)
    return {
        "wordings": _marked(item, questions),
        "asked": _asked(item, questions, queries.reasons_of_all([item])[item.pk], "", typed, error),
        "hold": hold,
        "turn": rules.turn_of(item, held_at=hold.at if hold else None),
        "urgent_until": _urgent_until(item, now),
        "points": _points(typed, needed=queries.are_under_the_code([item], now=now)),
        "error": error,
    }


def of_sheet(items: Sequence[Item], *, typed: QueryDict, error: BadInput | None, now: datetime) -> dict[str, Any]:
    """Template values of a sheet; each slogan comes with its marked words."""
    read = [(item, compliance.questions(queries.wording_of(item))) for item in items]
    said = queries.reasons_of_all(items)
    return {
        "slogans": [(item, _marked(item, questions)) for item, questions in read],
        "asked": [
            row
            for item, questions in read
            for row in _asked(item, questions, said[item.pk], f"{item.place}-", typed, error)
        ],
        "points": _points(typed, needed=queries.are_under_the_code(items, now=now)),
        "error": error,
    }


def _marked(item: Item, questions: Sequence[Question]) -> list[dict[str, Any]]:
    return [
        {"language": row.language, "source": row.source, "parts": compliance.marked(row.text, questions, row.language)}
        for row in item.texts.all()
    ] + [
        {"language": row.language, "source": "", "channel": row.get_channel_display(), "key": row.channel,
         "parts": compliance.marked(row.text, questions, f"{row.channel}.{row.language}")}
        for row in item.channel_texts.all()
    ]  # fmt: skip


def _asked(
    item: Item,
    questions: Sequence[Question],
    said: Mapping[str, str],
    prefix: str,
    typed: QueryDict,
    error: BadInput | None,
) -> list[dict[str, Any]]:
    wrong: Mapping[str, Any] = error.fields if error else {}
    names = [(one, f"{WHY}{prefix}{one.key}") for one in questions]
    return [
        {
            "question": one,
            "place": item.place,
            "name": name,
            "said": said.get(one.key, ""),
            "typed": typed.get(name, ""),
            "error": wrong.get(name),
        }
        for one, name in names
    ]


def _points(typed: QueryDict, *, needed: bool) -> list[dict[str, Any]]:
    ticked = typed.getlist("point")
    return [{"point": point, "ticked": point.key in ticked} for point in compliance.points()] if needed else []


def _urgent_until(item: Item, now: datetime) -> datetime | None:
    until = item.urgent_at + rules.URGENT_FOR if item.urgent_at else None
    return until if until and until > now and item.state == "submitted" else None
