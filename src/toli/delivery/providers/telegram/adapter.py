"""A bot of ours: sends, edits and takes down. It cannot read a channel, so nobody can ask whether a post is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toli.delivery.providers import Media, Outgoing, Request, SendFault, Standing, Taken, text_of
from toli.delivery.providers.http import Answer, AtUrl, ask, ask_for
from toli.delivery.providers.telegram import errors, payload

URL = "https://api.telegram.org/"


@dataclass(frozen=True, slots=True)
class Telegram(AtUrl):
    """One bot, by its token."""

    name: str
    token: str = field(repr=False)
    url: str = URL
    repeatable: bool = False

    def send(self, out: Outgoing, *, timeout: float) -> Taken:
        """Post a text, or a picture or film with it. Raises SendFault."""
        if not out.media:
            return self.read(ask_for(self.request(out), timeout=timeout))
        method, fields, name = payload.send(out)
        return _taken(self._call(method, fields, timeout, name, out.media[:1]))

    def request(self, out: Outgoing) -> Request:
        method, fields, _name = payload.send(out)
        return Request.of_json(f"{self.url}bot{self.token}/{method}", fields)

    def read(self, answer: Answer) -> Taken:
        return _taken(errors.read(answer))

    def find(self, out: Outgoing, *, timeout: float) -> Taken | None:
        raise SendFault("unknown")

    def edit(self, provider_ref: str, *, to: str, text: str, timeout: float) -> None:
        """Change the text of a post. Raises SendFault."""
        self._call("editMessageText", payload.edit(provider_ref, to=to, text=text), timeout)

    def remove(self, provider_ref: str, *, to: str, timeout: float) -> None:
        self._call("deleteMessage", payload.delete(provider_ref, to=to), timeout)

    def standing(self, to: str, *, timeout: float) -> Standing:
        self._call("getChat", {"chat_id": to}, timeout)
        return Standing()

    def listen(self, url: str, secret: str, *, timeout: float) -> None:
        """Have what people write posted to `url`. Raises SendFault."""
        self._call("setWebhook", payload.webhook(url, secret), timeout)

    def _call(self, method: str, fields: Any, timeout: float, name: str = "", media: tuple[Media, ...] = ()) -> Any:
        address = f"{self.url}bot{self.token}/{method}"
        if not media:
            return errors.read(ask("POST", address, json=fields, timeout=timeout))
        file = Path(media[0].path)
        files = {name: (file.name, file.read_bytes())}
        return errors.read(ask("POST", address, data=fields, files=files, timeout=timeout))


def _taken(made: Any) -> Taken:
    if not (ref := text_of(made, "message_id")):
        raise SendFault("garbage", unsure=True)
    return Taken(ref)
