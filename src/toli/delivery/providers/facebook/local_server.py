"""A Page on this machine."""

from __future__ import annotations

from toli.delivery.providers import meta
from toli.delivery.providers.serving import LOCAL_TOKEN, Asked, Reply, Wall


class FacebookSpeaker(Wall):
    """One Page and its token; `expires_at` in seconds since 1970, 0 for no end."""

    key = "facebook"

    def __init__(self, token: str = LOCAL_TOKEN, expires_at: int = 0) -> None:
        super().__init__()
        self.token, self.expires_at = token, expires_at

    def refusal(self, mode: str) -> Reply:
        return meta.refusal(mode)

    def answer(self, asked: Asked) -> Reply:
        if asked.bearer != self.token:
            return meta.refusal("401")
        if asked.path == "/debug_token":
            return meta.debug(asked, self.token, self.expires_at)
        if asked.method == "DELETE":
            gone = self.posts.pop(asked.path.strip("/"), None)
            return Reply(said={"success": True}) if gone is not None else meta.refusal("refuse")
        if asked.method == "GET":
            shown = [{"id": ref, "message": text} for ref, text in reversed(self.posts.items())]
            return Reply(said={"data": shown})
        return self._post(asked)

    def _post(self, asked: Asked) -> Reply:
        fields = asked.said
        text = str(fields.get("message") or fields.get("caption") or fields.get("description") or "")
        if not text:
            return meta.refusal("refuse")
        with self.lock:
            ref = f"{asked.path.split('/')[1]}_{len(self.posts) + 1}"
            self.posts[ref] = text
        return Reply(said={"id": ref})
