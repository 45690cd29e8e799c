"""X on this machine: refuses a text twice, as X does."""

from __future__ import annotations

import time

from toli.delivery.providers.serving import LOCAL_TOKEN, Asked, Reply, Wall


class XSpeaker(Wall):
    """One account."""

    key = "x"

    def __init__(self, token: str = LOCAL_TOKEN) -> None:
        super().__init__()
        self.token = token

    def refusal(self, mode: str) -> Reply:
        status = {"401": 401, "429": 429, "refuse": 400}[mode]
        reset = {"x-rate-limit-reset": str(int(time.time()) + 90)} if status == 429 else {}
        return Reply(status, {"title": mode, "detail": mode}, headers=reset)

    def answer(self, asked: Asked) -> Reply:
        if asked.bearer != self.token:
            return self.refusal("401")
        parts = asked.path.strip("/").split("/")
        if parts[:2] == ["2", "media"]:
            return Reply(said={"data": {"id": "900"}})
        if parts[:2] == ["2", "users"]:
            shown = [{"id": ref, "text": text} for ref, text in reversed(self.posts.items())]
            return Reply(said={"data": {"id": "1"} if parts[-1] == "me" else shown})
        if asked.method == "DELETE":
            return Reply(said={"data": {"deleted": self.posts.pop(parts[-1], None) is not None}})
        return self._post(str(asked.said.get("text", "")))

    def _post(self, text: str) -> Reply:
        if not text:
            return self.refusal("refuse")
        with self.lock:
            if text in self.posts.values():
                return Reply(403, {"detail": "You are not allowed to create a Tweet with duplicate content."})
            ref = str(1000 + len(self.posts))
            self.posts[ref] = text
        return Reply(201, {"data": {"id": ref, "text": text}})
