"""A site that takes our posts: checks the signature, keeps each post once."""

from __future__ import annotations

from toli.delivery.providers.serving import LOCAL_TOKEN, Asked, Reply, Wall
from toli.delivery.providers.webhook import receipts


class WebhookSpeaker(Wall):
    """The site; `token` is the secret it shares with us."""

    key = "webhook"

    def __init__(self, token: str = LOCAL_TOKEN) -> None:
        super().__init__()
        self.token = token

    def answer(self, asked: Asked) -> Reply:
        if not receipts.is_genuine(asked.headers, asked.body, self.token):
            return Reply(401, {"error": "signature"})
        said, ref = asked.said, str(asked.said.get("id", ""))
        with self.lock:
            if said.get("act") == "post":
                self.posts.setdefault(ref, str(said["text"]))
            elif said.get("act") == "remove":
                self.posts.pop(ref, None)
        return Reply(said={"ok": True, "id": ref})
