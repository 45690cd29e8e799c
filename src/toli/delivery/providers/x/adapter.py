"""A declared account on X. A post that may have been taken is looked for before it is tried again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toli.delivery.providers import Begun, Outgoing, SendFault, Standing, Taken, text_of
from toli.delivery.providers.http import AtUrl, ask
from toli.delivery.providers.x import errors, payload

URL = "https://api.x.com/"
CATEGORIES = {"image": "tweet_image"}


@dataclass(frozen=True, slots=True)
class X(AtUrl):
    """One user token; `to` of a post is the account's numeric id."""

    name: str
    token: str = field(repr=False)
    url: str = URL
    repeatable: bool = False

    def send(self, out: Outgoing, *, timeout: float) -> Taken | Begun:
        """One step: bring the picture over, or post. Raises SendFault."""
        if out.media and "media" not in out.progress:
            return Begun({"media": self._upload(out, timeout)})
        return Taken(_id_of(self._ask("POST", "2/tweets", timeout, json=payload.post(out))))

    def _upload(self, out: Outgoing, timeout: float) -> str:
        kind = CATEGORIES.get(out.media[0].kind)
        if kind is None:
            raise SendFault("no_film_here", final=True)
        file = Path(out.media[0].path)
        files = {"media": (file.name, file.read_bytes())}
        return _id_of(self._ask("POST", "2/media/upload", timeout, data={"media_category": kind}, files=files))

    def find(self, out: Outgoing, *, timeout: float) -> Taken | None:
        said = self._ask("GET", f"2/users/{out.to}/tweets", timeout, params={"max_results": "20"})
        posts = said.get("data")
        for post in posts if isinstance(posts, list) else []:
            if isinstance(post, dict) and str(post.get("text", "")).startswith(out.text):
                return Taken(text_of(post, "id"))
        return None

    def remove(self, provider_ref: str, *, to: str, timeout: float) -> None:
        self._ask("DELETE", f"2/tweets/{provider_ref}", timeout)

    def standing(self, to: str, *, timeout: float) -> Standing:
        self._ask("GET", "2/users/me", timeout)
        return Standing()

    def _ask(self, method: str, path: str, timeout: float, **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return errors.read(ask(method, f"{self.url}{path}", headers=headers, timeout=timeout, **body))


def _id_of(said: dict[str, Any]) -> str:
    if not (ref := text_of(said, "data", "id")):
        raise SendFault("garbage", unsure=True)
    return ref
