"""A channel on this machine: uploads in parts, each film once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from toli.delivery.providers.serving import LOCAL_TOKEN, Asked, Reply, Speaker

RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+)")


@dataclass
class Upload:
    title: str
    body: bytearray = field(default_factory=bytearray)
    film: str = ""


class YouTubeSpeaker(Speaker):
    """One channel."""

    key = "youtube"

    def __init__(self, token: str = LOCAL_TOKEN, channel: str = "UC1") -> None:
        super().__init__()
        self.token, self.channel = token, channel
        self.uploads: list[Upload] = []
        self.films: dict[str, Upload] = {}

    def shown(self) -> list[str]:
        """The titles that stand there, oldest first."""
        return [one.title for one in self.films.values()]

    def refusal(self, mode: str) -> Reply:
        reason = {"401": "authError", "429": "quotaExceeded", "refuse": "invalidTitle"}[mode]
        status = {"401": 401, "429": 403, "refuse": 400}[mode]
        return Reply(status, {"error": {"code": status, "errors": [{"reason": reason}]}})

    def answer(self, asked: Asked) -> Reply:
        if asked.bearer != self.token:
            return self.refusal("401")
        if asked.method == "POST":
            with self.lock:
                self.uploads.append(Upload(str(asked.said["snippet"]["title"])))
                number = len(self.uploads) - 1
            return Reply(body=b"", headers={"Location": f"{asked.base}/upload/session/{number}"})
        if asked.method == "PUT":
            return self._part(asked)
        if asked.method == "DELETE":
            return Reply(204 if self.films.pop(asked.one("id"), None) else 404, body=b"")
        return Reply(said={"items": [{"id": self.channel}]})

    def _part(self, asked: Asked) -> Reply:
        upload = self.uploads[int(asked.path.rsplit("/", 1)[-1])]
        found = RANGE.match(asked.headers.get("content-range", ""))
        if found is None:
            return self.refusal("refuse")
        if found[1] is not None and int(found[1]) == len(upload.body):
            upload.body += asked.body
        if len(upload.body) < int(found[2]):
            headers = {"Range": f"bytes=0-{len(upload.body) - 1}"} if upload.body else {}
            return Reply(308, body=b"", headers=headers)
        with self.lock:
            upload.film = upload.film or f"film{len(self.films) + 1}"
            self.films[upload.film] = upload
        return Reply(said={"id": upload.film})
