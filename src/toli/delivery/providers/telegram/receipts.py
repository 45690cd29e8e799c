"""What Telegram posts to us: the secret we gave it stands in a header of every update."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from toli.delivery.providers import Gone, Heard, Posted, text_of

HEADER = "x-telegram-bot-api-secret-token"
LEFT = ("kicked", "left")


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """True when whoever posts knows our secret; header names are lower case."""
    return bool(secret) and hmac.compare_digest(headers.get(HEADER, "").encode(), secret.encode())


def read(said: Mapping[str, Any]) -> list[Posted]:
    """What somebody wrote to the bot alone, or that they blocked it. Groups are not listened to."""
    update = dict(said)
    if text_of(update, "my_chat_member", "chat", "type") == "private":
        if text_of(update, "my_chat_member", "new_chat_member", "status") in LEFT:
            return [Gone(text_of(update, "my_chat_member", "chat", "id"))]
        return []
    if text_of(update, "message", "chat", "type") == "private" and text_of(update, "message", "text"):
        sender, text = text_of(update, "message", "chat", "id"), text_of(update, "message", "text")
        return [Heard(sender, text, text_of(update, "update_id"))]
    return []
