"""The language of the page in hand, and the right one of a text's languages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

DEFAULT = "hi"


def current() -> str:
    """The two-letter tag of the page's language."""
    return (get_language() or DEFAULT).split("-")[0]


def text_of(texts: Mapping[str, str] | None, language: str = "") -> str:
    """The text of a `{tag: text}` value in `language` (the page's, unless told), else in any language there is."""
    if not texts:
        return ""
    return texts.get(language or current()) or next((text for text in texts.values() if text), "")
