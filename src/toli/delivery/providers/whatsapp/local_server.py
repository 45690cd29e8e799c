"""The Cloud API on this machine."""

from __future__ import annotations

from toli.delivery.providers import meta, text_of
from toli.delivery.providers.serving import LOCAL_TOKEN, Asked, Reply, Speaker


class WhatsAppSpeaker(Speaker):
    """One number."""

    key = "whatsapp"

    def __init__(self, token: str = LOCAL_TOKEN) -> None:
        super().__init__()
        self.token = token
        self.messages: list[tuple[str, str]] = []

    def refusal(self, mode: str) -> Reply:
        return meta.refusal(mode)

    def answer(self, asked: Asked) -> Reply:
        if asked.bearer != self.token:
            return meta.refusal("401")
        if asked.path == "/debug_token":
            return meta.debug(asked, self.token, 0)
        if asked.said.get("type") != "template" or not text_of(asked.said, "template", "name"):
            return meta.refusal("refuse")
        text = text_of(asked.said, "template", "components", 0, "parameters", 0, "text")
        with self.lock:
            self.messages.append((f"+{asked.said['to']}", text))
        return Reply(said={"messages": [{"id": f"wamid.{len(self.messages)}"}]})
