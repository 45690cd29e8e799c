"""What Meta posts to us about a Page: what somebody wrote to it. Comments are not read here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toli.delivery.providers import Heard, Posted, text_of
from toli.delivery.providers.meta import is_genuine

__all__ = ["is_genuine", "read"]


def read(said: Mapping[str, Any]) -> list[Posted]:
    """Messages to the Page."""
    heard: list[Posted] = []
    entries = said.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        events = entry.get("messaging") if isinstance(entry, dict) else None
        for event in events if isinstance(events, list) else []:
            if text := text_of(event, "message", "text"):
                heard.append(Heard(text_of(event, "sender", "id"), text, text_of(event, "message", "mid")))
    return heard
