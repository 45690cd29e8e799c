"""What X is asked. Source: docs.x.com/x-api/posts/create-post and .../media/upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toli.delivery.providers import Outgoing, SendFault

LONGEST_TEXT = 280
LINK_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Letters that count one, Devanagari among them; all others count two."""


def weight(text: str, link: str = "") -> int:
    """How long X finds a text; a link counts 23 whatever its length."""
    letters = sum(1 if any(low <= ord(letter) <= high for low, high in LIGHT) else 2 for letter in text)
    return letters + (1 + LINK_WEIGHT if link else 0)


def words(out: Outgoing) -> str:
    """The text with its link."""
    return f"{out.text} {out.link}".strip()


def post(out: Outgoing) -> Mapping[str, Any]:
    """The body of a post. Raises SendFault for what does not fit."""
    if weight(out.text, out.link) > LONGEST_TEXT:
        raise SendFault("too_long", final=True)
    media = out.progress.get("media", "")
    return {"text": words(out), **({"media": {"media_ids": [media]}} if media else {})}
