"""Our channel: an upload is opened once and goes on where it stopped, so a film is never there twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from toli.delivery.providers import Begun, Outgoing, SendFault, Standing, Taken, text_of
from toli.delivery.providers.http import Answer, AtUrl, ask
from toli.delivery.providers.youtube import errors, payload

URL = "https://www.googleapis.com/"


@dataclass(frozen=True, slots=True)
class YouTube(AtUrl):
    """One token of the channel's owner; `to` of a post is the channel's id."""

    name: str
    token: str = field(repr=False)
    url: str = URL
    repeatable: bool = True

    def send(self, out: Outgoing, *, timeout: float) -> Taken | Begun:
        """One step: open the upload, ask how far it is, or bring the next part over. Raises SendFault."""
        session, film = out.progress.get("session", ""), payload.film(out)
        size = Path(out.media[0].path).stat().st_size
        if not session:
            return self._open(film, size, timeout)
        if not session.startswith(self.url):
            raise SendFault("refused", final=True)
        start = int(out.progress.get("at", "-1"))
        return self._part(out, session, start, size, timeout)

    def _open(self, film: object, size: int, timeout: float) -> Begun:
        address = f"{self.url}upload/youtube/v3/videos?uploadType=resumable&part=snippet,status"
        answer = ask("POST", address, json=film, headers={**self._who, **payload.opening(size)}, timeout=timeout)
        session = answer.headers.get("location", "")
        if answer.status != 200 or not session.startswith(self.url):
            raise errors.fault(answer)
        return Begun({"session": session, "at": "0"})

    def _part(self, out: Outgoing, session: str, start: int, size: int, timeout: float) -> Taken | Begun:
        part = b"" if start < 0 else _read(out.media[0].path, start)
        headers = {**self._who, **payload.part(start, len(part), size)}
        try:
            answer = ask("PUT", session, content=part, headers=headers, timeout=timeout)
        except SendFault as fault:
            return self._ask_how_far(out, fault)
        if answer.status == 308:
            return Begun({"session": session, "at": str(errors.reached(answer))})
        if answer.status >= 500:
            return self._ask_how_far(out, errors.fault(answer))
        if not answer.is_fine:
            raise errors.fault(answer)
        return _film(answer)

    def _ask_how_far(self, out: Outgoing, fault: SendFault) -> Begun:
        """A part whose answer did not come: the next step asks, once, how far the upload is."""
        if out.progress.get("at") == "-1":
            raise fault
        return Begun({**out.progress, "at": "-1"}, 2.0)

    def find(self, out: Outgoing, *, timeout: float) -> Taken | None:
        return None

    def remove(self, provider_ref: str, *, to: str, timeout: float) -> None:
        address = f"{self.url}youtube/v3/videos"
        answer = ask("DELETE", address, params={"id": provider_ref}, headers=self._who, timeout=timeout)
        if not answer.is_fine and answer.status != 404:
            raise errors.fault(answer)

    def standing(self, to: str, *, timeout: float) -> Standing:
        params = {"part": "id", "mine": "true"}
        answer = ask("GET", f"{self.url}youtube/v3/channels", params=params, headers=self._who, timeout=timeout)
        if not answer.is_fine or text_of(answer.said(), "items", 0, "id") != to:
            raise errors.fault(answer) if not answer.is_fine else SendFault("not_authorised")
        return Standing()

    @property
    def _who(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _read(path: str, start: int) -> bytes:
    with Path(path).open("rb") as film:
        film.seek(start)
        return film.read(payload.CHUNK)


def _film(answer: Answer) -> Taken:
    if not (ref := text_of(answer.said(), "id")):
        raise SendFault("garbage", unsure=True)
    return Taken(ref)
