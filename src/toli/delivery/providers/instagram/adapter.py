"""A professional account of ours: a container, then its publishing. Publishing a container twice is one post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from typing import Any

from toli.delivery.providers import Begun, Outgoing, SendFault, Standing, Taken, meta, text_of
from toli.delivery.providers.http import AtUrl, ask
from toli.delivery.providers.instagram import errors, payload

LOOK_AGAIN = 5.0


@dataclass(frozen=True, slots=True)
class Instagram(AtUrl):
    """One token; `to` of a post is the account's id."""

    name: str
    token: str = field(repr=False)
    url: str = meta.URL
    repeatable: bool = True

    def send(self, out: Outgoing, *, timeout: float) -> Taken | Begun:
        """One step: make the container, wait for it, publish it. Raises SendFault."""
        box = out.progress.get("container", "")
        if not box:
            made = self._ask("POST", f"{out.to}/media", timeout, data=payload.container(out))
            return Begun({"container": _id_of(made)})
        state = errors.state_of(self._ask("GET", box, timeout, params={"fields": "status_code"}))
        if state == errors.WAIT:
            return Begun(out.progress, LOOK_AGAIN)
        if state == errors.OUT:
            return self.find(out, timeout=timeout) or Taken(box)
        return Taken(_id_of(self._ask("POST", f"{out.to}/media_publish", timeout, data=payload.publish(box))))

    def find(self, out: Outgoing, *, timeout: float) -> Taken | None:
        said = self._ask("GET", f"{out.to}/media", timeout, params={"fields": "id,caption", "limit": "25"})
        posts, wanted = said.get("data"), payload.caption(out)
        for post in posts if isinstance(posts, list) else []:
            if isinstance(post, dict) and post.get("caption") == wanted:
                return Taken(text_of(post, "id"))
        return None

    def remove(self, provider_ref: str, *, to: str, timeout: float) -> None:
        raise SendFault("by_hand", final=True)  # the API takes no post down: its operator does

    def standing(self, to: str, *, timeout: float) -> Standing:
        """The token's end, and what is left of the posts of 24 hours as Instagram counts them."""
        found = meta.standing(self.url, self.token, timeout=timeout)
        params = {"fields": "config,quota_usage"}
        said = self._ask("GET", f"{to}/content_publishing_limit", timeout, params=params)
        total, used = text_of(said, "data", 0, "config", "quota_total"), text_of(said, "data", 0, "quota_usage")
        return changed(found, left_today=int(total) - int(used)) if total.isdigit() and used.isdigit() else found

    def _ask(self, method: str, path: str, timeout: float, **body: Mapping[str, str]) -> dict[str, Any]:
        headers = meta.bearer(self.token)
        return meta.read(ask(method, f"{self.url}{path}", headers=headers, timeout=timeout, **body))


def _id_of(said: dict[str, Any]) -> str:
    if not (ref := text_of(said, "id")):
        raise SendFault("garbage")
    return ref
