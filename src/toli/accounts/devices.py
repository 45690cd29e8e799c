"""What kind of browser somebody uses, in two words of its own long name. Never a fingerprint: only what people know."""

from __future__ import annotations

import re

_BROWSERS = (
    ("Edg", "Edge"), ("OPR|Opera", "Opera"), ("SamsungBrowser", "Samsung"), ("UCBrowser", "UC"),
    ("Firefox|FxiOS", "Firefox"), ("Chrome|CriOS|Chromium", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone|iPad|iOS", "iPhone"), ("Windows", "Windows"), ("Mac OS X|Macintosh", "Mac"),
    ("CrOS", "Chromebook"), ("KaiOS", "KaiOS"), ("Linux", "Linux"),
)  # fmt: skip


def name_of(user_agent: str) -> str:
    """ "Chrome · Android"; nothing for a browser that says nothing we know."""
    words = [_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)]
    return " · ".join(word for word in words if word)


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, text)), "")
