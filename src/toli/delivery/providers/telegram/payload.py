"""What the Bot API is asked. Source: core.telegram.org/bots/api."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toli.delivery.providers import Outgoing, SendFault

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
METHODS = {"image": ("sendPhoto", "photo"), "video": ("sendVideo", "video")}


def words(out: Outgoing) -> str:
    """The text with its link below."""
    return f"{out.text}\n{out.link}" if out.link and out.link not in out.text else out.text


def send(out: Outgoing) -> tuple[str, Mapping[str, Any], str]:
    """The method, its fields and the name of the field that carries a file. Raises SendFault for what does not fit."""
    said = words(out)
    if not out.media:
        _fits(said, LONGEST_TEXT)
        return "sendMessage", {"chat_id": out.to, "text": said}, ""
    _fits(said, LONGEST_CAPTION)
    method, name = METHODS[out.media[0].kind]
    return method, {"chat_id": out.to, "caption": said}, name


def edit(message_id: str, *, to: str, text: str) -> Mapping[str, Any]:
    """The fields of editMessageText."""
    _fits(text, LONGEST_TEXT)
    return {"chat_id": to, "message_id": int(message_id), "text": text}


def delete(message_id: str, *, to: str) -> Mapping[str, Any]:
    """The fields of deleteMessage."""
    return {"chat_id": to, "message_id": int(message_id)}


def webhook(url: str, secret: str) -> Mapping[str, Any]:
    """The fields of setWebhook: what people write comes to `url`, with the secret in a header."""
    return {"url": url, "secret_token": secret, "allowed_updates": ["message", "my_chat_member"]}


def _fits(text: str, longest: int) -> None:
    """Telegram counts UTF-16 units."""
    if len(text.encode("utf-16-le")) // 2 > longest:
        raise SendFault("too_long", final=True)
