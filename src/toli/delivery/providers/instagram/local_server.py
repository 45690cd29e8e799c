"""A professional account on this machine: containers that need a moment, and the count of 24 hours."""

from __future__ import annotations

from toli.delivery.providers import meta
from toli.delivery.providers.serving import LOCAL_TOKEN, Asked, Reply, Wall


class InstagramSpeaker(Wall):
    """One account; `quota` posts in 24 hours, containers are ready at the `ready_at`-th look."""

    key = "instagram"

    def __init__(self, token: str = LOCAL_TOKEN, quota: int = 50, ready_at: int = 1) -> None:
        super().__init__()
        self.token, self.quota, self.ready_at = token, quota, ready_at
        self.boxes: dict[str, str] = {}
        self.looks: dict[str, int] = {}
        self.refused = False

    def refusal(self, mode: str) -> Reply:
        return meta.refusal(mode)

    def answer(self, asked: Asked) -> Reply:
        if asked.bearer != self.token:
            return meta.refusal("401")
        last = asked.path.rstrip("/").rsplit("/", 1)[-1]
        if last == "debug_token":
            return meta.debug(asked, self.token, 0)
        if last == "content_publishing_limit":
            used = {"quota_usage": len(self.posts), "config": {"quota_total": self.quota}}
            return Reply(said={"data": [used]})
        if last == "media_publish":
            return self._publish(asked)
        if last == "media":
            return self._box(asked) if asked.method == "POST" else self._list()
        return self._state(last)

    def _box(self, asked: Asked) -> Reply:
        with self.lock:
            ref = f"box{len(self.boxes) + 1}"
            self.boxes[ref] = asked.one("caption")
        return Reply(said={"id": ref}) if asked.one("image_url") or asked.one("video_url") else meta.refusal("refuse")

    def _state(self, box: str) -> Reply:
        if box not in self.boxes:
            return meta.refusal("refuse")
        self.looks[box] = self.looks.get(box, 0) + 1
        ready = "FINISHED" if self.looks[box] >= self.ready_at else "IN_PROGRESS"
        state = "ERROR" if self.refused else "PUBLISHED" if box in self.posts else ready
        return Reply(said={"status_code": state, "id": box})

    def _list(self) -> Reply:
        return Reply(said={"data": [{"id": f"ig-{box}", "caption": text} for box, text in self.posts.items()]})

    def _publish(self, asked: Asked) -> Reply:
        box = asked.one("creation_id")
        if box not in self.boxes or len(self.posts) >= self.quota:
            error = {"code": 9, "error_subcode": 2207042} if box in self.boxes else {"code": 100}
            return Reply(400, {"error": error})
        self.posts.setdefault(box, self.boxes[box])
        return Reply(said={"id": f"ig-{box}"})
