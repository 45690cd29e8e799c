"""A Page of ours. A post that may have been taken is looked for in the feed before it is tried again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from toli.delivery.providers import Outgoing, SendFault, Standing, Taken, meta, text_of
from toli.delivery.providers.facebook import errors, payload
from toli.delivery.providers.http import AtUrl, ask


@dataclass(frozen=True, slots=True)
class Facebook(AtUrl):
    """One Page token; `to` of a post is the Page's id."""

    name: str
    token: str = field(repr=False)
    url: str = meta.URL
    repeatable: bool = False

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Post to the Page. Raises SendFault."""
        address, fields = f"{self.url}{out.to}/{payload.edge(out)}", payload.post(out)
        headers = meta.bearer(self.token)
        if not out.media:
            return errors.taken(ask("POST", address, data=fields, headers=headers, timeout=timeout))
        file = Path(out.media[0].path)
        files = {"source": (file.name, file.read_bytes())}
        return errors.taken(ask("POST", address, data=fields, files=files, headers=headers, timeout=timeout))

    def find(self, out: Outgoing, *, timeout: float) -> Taken | None:
        """The newest post with this very text."""
        said = self._get(f"{out.to}/feed", {"fields": "id,message", "limit": "50"}, timeout)
        posts = said.get("data")
        wanted = next(iter(payload.post(out).values()))
        for post in posts if isinstance(posts, list) else []:
            if text_of({"m": post.get("message")}, "m") == wanted[:500]:
                return Taken(text_of(post, "id"))
        return None

    def remove(self, provider_ref: str, *, to: str, timeout: float) -> None:
        try:
            meta.read(ask("DELETE", f"{self.url}{provider_ref}", headers=meta.bearer(self.token), timeout=timeout))
        except SendFault as fault:
            if fault.reason != "refused":  # code 100: there is no such post any more
                raise

    def standing(self, to: str, *, timeout: float) -> Standing:
        return meta.standing(self.url, self.token, timeout=timeout)

    def _get(self, path: str, params: dict[str, str], timeout: float) -> dict[str, object]:
        answer = ask("GET", f"{self.url}{path}", params=params, headers=meta.bearer(self.token), timeout=timeout)
        return meta.read(answer)
