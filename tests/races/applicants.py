"""People at phones, over real HTTP: they join or hand in, and press again until a page has said that it was taken."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx

from toli.kit.ids import uuid7

TOKEN = "a" * 32
PATIENCE = 60.0
RECEIPT = re.compile(r"\b(\d{3} \d{3} \d{4})\b")


@dataclass
class Phone:
    """One signed-in person. `pages` counts the answers by status; an answer that is no page of ours fails the test."""

    origin: str
    cookie: str
    stopped: threading.Event
    pages: dict[int, int] = field(default_factory=dict)
    torn: int = 0

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=self.origin,
            timeout=20,
            verify=False,
            trust_env=False,
            cookies={"toli": self.cookie, "csrftoken": TOKEN, "language": "en"},
        )

    def send(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """The answer, or None when the connection broke."""
        try:
            answer = self.http.request(method, path, **more)
        except httpx.TransportError:
            self.torn += 1
            return None
        self.pages[answer.status_code] = self.pages.get(answer.status_code, 0) + 1
        return answer

    def until(self, method: str, path: str, *, wanted: set[int], **more: Any) -> httpx.Response | None:
        """Press again until the answer is one of those wanted; None when the test ends first."""
        while not self.stopped.is_set():
            answer = self.send(method, path, **more)
            if answer is not None and answer.status_code in wanted:
                return answer
            self.stopped.wait(0.2)
        return None


def join(phone: Phone, draft: str) -> str | None:
    """Send the form that waits for it, and read the receipt aloud."""
    if phone.until("GET", f"/join/youth/send/?draft={draft}", wanted={302}) is None:
        return None
    page = phone.until("GET", "/join/status/", wanted={200})
    found = RECEIPT.search(page.text) if page else None
    return found[1].replace(" ", "") if found else None


def hand_in(phone: Phone, share: str, photo: bytes, ref: str = "") -> str | None:
    """Hand in a share; the ref is the phone's, and the same each time it presses."""
    ref = ref or str(uuid7())
    answer = phone.until(
        "POST", f"/me/tasks/{share}/hand-in/", wanted={302},
        data={"ref": ref, "number": "12", "csrfmiddlewaretoken": TOKEN},
        files={"photo": ("p.jpg", photo, "image/jpeg")},
    )  # fmt: skip
    return ref if answer is not None else None


def picture(seed: int) -> bytes:
    """A photo nobody else hands in."""
    import io
    import random

    from PIL import Image

    body = Image.frombytes("RGB", (64, 48), random.Random(seed).randbytes(64 * 48 * 3))
    out = io.BytesIO()
    body.resize((640, 480)).save(out, "JPEG")
    return out.getvalue()
