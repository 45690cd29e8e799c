"""Words on pictures, Hindi and English on one line, in the font the product carries. Pure.

Hindi letters stand right only when raqm shapes them; without it nothing is drawn, because a wrong word is worse than
none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from django.utils.translation import gettext_lazy
from PIL import ImageDraw, ImageFont, features

from toli.kit.errors import ToliError
from toli.ui.vendor import VENDOR

_INDIC_TOO = "\u20b9\u200c\u200d"
# An amount is never cut from its word, nor a mark of the end from what it ends.
_BOUND = re.compile(
    r"(?<=\d) (?=(?:लाख|करोड़|करोड़|हज़ार|हज़ार|किमी|मीटर|lakh|crore|thousand|km|m|%)(?:[\s,.;)।]|$))"
    r"|(?<=₹) | (?=[।॥!?:;·])"
)
_HELD = "\u00a0"


class CannotDraw(ToliError):
    """This server lacks what draws Hindi letters."""

    status = 503
    default = gettext_lazy(
        "This server cannot draw Hindi letters (Pillow lacks raqm, or the font is missing). Nothing was made; copy the"
        " text instead."
    )


def can_draw() -> bool:
    """Whether Hindi would stand right here."""
    return bool(features.check("raqm")) and font_file("devanagari", 400).exists()


def font_file(script: str, weight: int) -> Path:
    return VENDOR / f"mukta-{script}-{weight}-normal.woff2"


@cache
def font(script: str, size: int, bold: bool) -> ImageFont.FreeTypeFont:
    """Raises CannotDraw."""
    try:
        file = str(font_file(script, 600 if bold else 400))
        return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.RAQM)
    except OSError:
        raise CannotDraw() from None


def _script(char: str) -> str:
    return "devanagari" if "\u0900" <= char <= "\u097f" or char in _INDIC_TOO else "latin"


def runs(text: str) -> Iterator[tuple[str, str]]:
    """(script, words): the font comes in two files, one for each script. A space stays with what stands before it."""
    previous = ""
    marked = []
    for char in text:
        previous = previous if char == " " and previous else _script(char)
        marked.append((previous, char))
    for script, chars in groupby(marked, lambda one: one[0]):
        yield script, "".join(char for _script_of, char in chars)


@lru_cache(maxsize=20_000)
def length(text: str, size: int, bold: bool = False) -> float:
    """How wide the words stand, in pixels. The same words come again on every card, so they are measured once."""
    return sum(font(script, size, bold).getlength(part) for script, part in runs(text))


def write(
    canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str, *, bold: bool = False
) -> None:
    """Words from the left end of their base line."""
    x, base = at
    for script, part in runs(text):
        letters = font(script, size, bold)
        canvas.text((x, base), part, font=letters, fill=colour, anchor="ls")
        x += letters.getlength(part)


def cut(text: str, size: int, room: float, *, bold: bool = False) -> str:
    """The text, or its beginning with an ellipsis; cut between letters, so no vowel sign stands alone."""
    if length(text, size, bold) <= room:
        return text
    kept = list(letters_of(text))
    while kept and length("".join(kept) + "…", size, bold) > room:
        kept.pop()
    return "".join(kept).rstrip() + "…"


def letters_of(text: str) -> Iterator[str]:
    """Letters as they are read: with their vowel sign, and joined ones together (क्ष, श्री)."""
    letter = ""
    for char in text:
        joined = letter.endswith(("\u094d", "\u200d")) or char in "\u200c\u200d"
        if letter and not joined and unicodedata.category(char)[0] != "M":
            yield letter
            letter = ""
        letter += char
    if letter:
        yield letter


def lines_of(text: str, size: int, room: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most `room` pixels. An amount stays with its word, a full stop with its sentence."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _BOUND.sub(_HELD, paragraph).split(" "):
            longer = f"{line} {word}" if line else word
            if length(longer, size, bold) <= room:
                line = longer
                continue
            if line:
                found.append(line)
            *whole, line = _broken(word, size, room, bold)
            found += whole
        found.append(line)
    return [line.replace(_HELD, " ") for line in found if line]


def _broken(word: str, size: int, room: float, bold: bool) -> list[str]:
    """A word too long for a line, cut between letters."""
    if length(word, size, bold) <= room:
        return [word]
    parts = [""]
    for letter in letters_of(word):
        if parts[-1] and length(parts[-1] + letter, size, bold) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def largest_that_fits(
    text: str, sizes: range, room: tuple[float, float], *, bold: bool = False,
    step: Callable[[int], float] = lambda size: size * 1.42,
) -> tuple[int, list[str]]:  # fmt: skip
    """The largest of these sizes, from the first on, at which the text stands in a room of width and height.

    At the last one the text is cut with an ellipsis.
    """
    for size in sizes:
        lines = lines_of(text, size, room[0], bold=bold)
        if len(lines) * step(size) <= room[1]:
            return size, lines
    most = max(1, int(room[1] // step(size)))
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), size, room[0], bold=bold)]
    return size, lines
