"""The Bot API on this machine: chats, messages and the webhook, with its own words for faults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from toli.delivery.providers.serving import Asked, Reply, Speaker, post_here


@dataclass
class Message:
    chat: str
    text: str
    has_file: bool = False
    is_gone: bool = False


@dataclass
class TelegramSpeaker(Speaker):
    """`gone` are chats that blocked the bot; `tokens` are those it knows."""

    tokens: frozenset[str] = frozenset({"1:local"})
    gone: set[str] = field(default_factory=set)
    key = "telegram"

    def __post_init__(self) -> None:
        super().__init__()
        self.messages: dict[int, Message] = {}
        self.hook, self.hook_secret = "", ""

    def shown(self, chat: str = "") -> list[str]:
        """The texts that stand in a chat, oldest first."""
        with self.lock:
            return [m.text for m in self.messages.values() if not m.is_gone and chat in ("", m.chat)]

    def answer(self, asked: Asked) -> Reply:
        _empty, bot, method = (*asked.path.split("/"), "", "")[:3]
        if bot.removeprefix("bot") not in self.tokens:
            return _no(401, "Unauthorized")
        fields = asked.said
        if str(fields.get("chat_id", "")) in self.gone:
            return _no(403, "Forbidden: bot was blocked by the user")
        acts = {
            "sendMessage": self._send, "sendPhoto": self._send, "sendVideo": self._send, "deleteMessage": self._delete,
            "editMessageText": self._edit, "getMe": self._me, "getChat": self._me, "setWebhook": self._listen,
        }  # fmt: skip
        return acts[method](fields) if method in acts else _no(404, "Not Found")

    def refusal(self, mode: str) -> Reply:
        if mode == "429":
            wait = {"retry_after": self.retry_after}
            return _no(429, f"Too Many Requests: retry after {self.retry_after}", parameters=wait)
        return _no(401, "Unauthorized") if mode == "401" else _no(400, "Bad Request: message text is empty")

    def _send(self, fields: dict[str, Any]) -> Reply:
        text = str(fields.get("text") or fields.get("caption") or "")
        if not fields.get("chat_id") or not (text or "photo" in fields or "video" in fields):
            return _no(400, "Bad Request: message text is empty")
        with self.lock:
            number = len(self.messages) + 1
            self.messages[number] = Message(str(fields["chat_id"]), text, "photo" in fields or "video" in fields)
        return _yes({"message_id": number, "chat": {"id": fields["chat_id"]}, "text": text})

    def _edit(self, fields: dict[str, Any]) -> Reply:
        found = self.messages.get(int(fields["message_id"]))
        if found is None or found.is_gone:
            return _no(400, "Bad Request: message to edit not found")
        found.text = str(fields["text"])
        return _yes({"message_id": fields["message_id"]})

    def _delete(self, fields: dict[str, Any]) -> Reply:
        found = self.messages.get(int(fields["message_id"]))
        if found is None or found.is_gone:
            return _no(400, "Bad Request: message to delete not found")
        found.is_gone = True
        return _yes(True)

    def _me(self, fields: dict[str, Any]) -> Reply:
        return _yes({"id": 1, "is_bot": True})

    def _listen(self, fields: dict[str, Any]) -> Reply:
        self.hook, self.hook_secret = str(fields["url"]), str(fields.get("secret_token", ""))
        return _yes(True)

    def say(self, chat: int, text: str, update: int = 1) -> int:
        """Play somebody who writes to the bot; the webhook's status."""
        message = {"message_id": update, "chat": {"id": chat, "type": "private"}, "text": text}
        body = json.dumps({"update_id": update, "message": message}).encode()
        return post_here(self.hook, body, {"X-Telegram-Bot-Api-Secret-Token": self.hook_secret})


def _yes(result: Any) -> Reply:
    return Reply(said={"ok": True, "result": result})


def _no(code: int, what: str, **more: Any) -> Reply:
    return Reply(code, {"ok": False, "error_code": code, "description": what, **more})
