"""The canonical form of a wording and its hash: what an approval holds for."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


def clean(text: str) -> str:
    """NFC, one kind of line end, no space at the ends, no characters that only hide things."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in text if c in "\n\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip()


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything of an item that an approver says yes to."""

    kind: str
    matter: str
    texts: Mapping[str, str]
    sources: Mapping[str, str]
    link: str = ""
    file_hash: str = ""
    paid: bool = False
    ai: str = "none"
    topics: Sequence[str] = ()
    names_units: Sequence[int] = ()
    constituency_id: int | None = None
    on_date: date | None = None
    names_person: bool = False
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """{channel: {tag: text}}: other words for one channel."""
    _version: int = field(default=1)

    def canonical(self) -> dict[str, Any]:
        """Plain values in one order, texts in NFC."""
        found = asdict(self)
        for name in ("texts", "sources"):
            found[name] = {tag: clean(text) for tag, text in sorted(found[name].items())}
        found["topics"] = sorted(set(self.topics))
        found["names_units"] = sorted(set(self.names_units))
        found["on_date"] = self.on_date.isoformat() if self.on_date else None
        found["channels"] = {
            channel: {tag: clean(text) for tag, text in sorted(texts.items())}
            for channel, texts in sorted(self.channels.items())
        }
        for name in ("names_person", "channels"):
            if not found[name]:
                del found[name]  # younger than the first approvals, which go on holding
        return found

    def every_text(self) -> dict[str, str]:
        """All that is said, by language, and by channel and language: "hi", "x.hi"."""
        more = {f"{name}.{tag}": text for name, texts in self.channels.items() for tag, text in texts.items()}
        return {**self.texts, **more}

    def hash(self) -> str:
        """SHA-256, in hex, of the canonical form as JSON."""
        words = json.dumps(self.canonical(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(words.encode()).hexdigest()
