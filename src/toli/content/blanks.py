"""Blanks of a template, like {constituency}: which there are, and a text with them filled. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

BLANKS: Mapping[str, tuple[str, ...]] = {
    "constituency": ("constituency", "विधानसभा"),
    "district": ("district", "ज़िला"),
    "fact": ("fact", "तथ्य"),
    "amount": ("amount", "राशि"),
    "day": ("day", "तारीख़"),
    "source": ("source", "स्रोत"),
}
"""What a blank may be called; each names one value."""
OF_A_FACT = frozenset({"fact", "amount", "day", "source"})
_NAMES = {name: key for key, names in BLANKS.items() for name in names}
_BLANK = re.compile(r"\{([^{}]*)\}")


def unknown_in(text: str) -> list[str]:
    """Blanks nobody can fill, as they are written; a brace without its twin is one."""
    found = [f"{{{name}}}" for name in _BLANK.findall(text) if name.strip() not in _NAMES]
    return found + [brace for brace in "{}" if brace in _BLANK.sub("", text)]


def keys_in(text: str) -> set[str]:
    """Which values the text asks for."""
    return {_NAMES[name.strip()] for name in _BLANK.findall(text) if name.strip() in _NAMES}


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each blank in its words. Raises KeyError for a value that is not there."""
    return _BLANK.sub(lambda found: values[_NAMES[found[1].strip()]], text)
