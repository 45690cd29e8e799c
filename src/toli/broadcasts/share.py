"""What a person shares: the words, whose words they are, and who shares them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from toli.broadcasts.links import code_of
from toli.kit.actor import Actor
from toli.kit.text import clean
from toli.org.models import Unit

OWN_WORDS = 300


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One item of a document, ready for a page."""

    told: Mapping[str, Any]
    text: str
    whatsapp: str


def sharer(actor: Actor, unit: Unit, language: str) -> str:
    """Who shares, without a name or a number: the organisation's words, and the seat or the constituency."""
    words = settings.SHARED_BY.get(language) or settings.SHARED_BY["en"]
    place = actor.seat_label.get(language) or unit.names.get(language) or str(unit)
    return _("Shared by: %(words)s, %(place)s (Toli)") % {"words": words, "place": place}


def own_words(text: str) -> str:
    """What somebody says in their own words before the text, shortened."""
    return clean(text)[:OWN_WORDS]


def link_to(item: int | str, unit_id: int) -> str:
    """The whole address of the share link of a text in a place."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/s/{code_of(item, unit_id)}/"


def links_of(unit: Unit) -> str:
    """Share links of one place, with a star where the text's own code goes; a phone fills it in."""
    return link_to("*", unit.pk)


def line(
    told: Mapping[str, Any], *, sharer: str = "", now: datetime | None = None, words: str = "", links: str = ""
) -> SharedLine:
    """The item with its whole text to share, one's own `words` first; without one when it may not be shared now.

    With `links` (see `links_of`) the text carries the place's own link, whose page shows the text's own link.
    """
    until = told.get("share_until")
    if until is None or (now is not None and now.timestamp() >= until):
        return SharedLine(told, "", "")
    link = links.replace("*", told["code"]) if links else told.get("link", "")
    parts = [words, told.get("paste") or told["text"], link, f"— {told['source']}", sharer]
    text = "\n".join(part for part in parts if part)
    return SharedLine(told, text, f"https://wa.me/?text={quote(text)}")


def best(reach: Mapping[int, Mapping[tuple[str, str], int]]) -> dict[str, int]:
    """The best item's figures, by kind and channel: phones are never added up over items."""
    found: dict[str, int] = {}
    for figures in reach.values():
        for (kind, channel), n in figures.items():
            key = f"{kind}_{channel}"
            found[key] = max(found.get(key, 0), n)
    return found


def silent_until(shown: Mapping[str, Any] | None) -> datetime | None:
    """Until when the law keeps this stream from appeals; None while it does not."""
    seconds = (shown or {}).get("silent_until")
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
