"""What Meta posts to us: what became of a message, and what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toli.delivery.providers import Heard, Posted, Receipted, text_of
from toli.delivery.providers.meta import is_genuine

__all__ = ["is_genuine", "read"]
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "delivered", "failed": "failed"}


def read(said: Mapping[str, Any]) -> list[Posted]:
    """Receipts by our reference, and what people wrote."""
    found: list[Posted] = []
    for value in _values(said):
        for one in _rows(value, "statuses"):
            if status := STATUSES.get(text_of(one, "status")):
                found.append(Receipted(text_of(one, "biz_opaque_callback_data"), status))
        for one in _rows(value, "messages"):
            if text := text_of(one, "text", "body") or text_of(one, "button", "text"):
                found.append(Heard(f"+{text_of(one, 'from')}", text, text_of(one, "id")))
    return found


def _values(said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in _rows(said, "entry"):
        for change in _rows(entry, "changes"):
            if isinstance(change.get("value"), dict):
                yield change["value"]


def _rows(said: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    rows = said.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
