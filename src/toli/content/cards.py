"""Cards: one fact for one constituency, drawn for a phone. Pure: every word is passed in, in the card's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from PIL import Image, ImageDraw

from toli.kit.picture import CleanPicture, encoded
from toli.ui import lettering

INK, SOFT, PAPER, MAIN, ON_MAIN, LINE = "#21303a", "#4b5962", "#faf8f4", "#0f5c66", "#ffffff", "#d8d2c6"
QUALITY = 86


class Shape(NamedTuple):
    """Pixels of the whole, of its edge, of its head, and the largest size of each kind of words."""

    width: int
    height: int
    edge: int
    head: int
    place: int
    amount: int
    title: int
    small: int


SHAPES = {
    "square": Shape(1080, 1080, 64, 190, 68, 132, 64, 30),
    "story": Shape(1080, 1920, 72, 300, 84, 160, 84, 36),
    "wide": Shape(1200, 630, 52, 120, 50, 96, 48, 24),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a card. `amount` may be empty; `source` never is."""

    place: str
    above: str
    """What kind of fact it is, and its day."""
    amount: str
    title: str
    source: str
    by: str
    """Whose card it is."""


def draw(words: Words, size: str) -> CleanPicture:
    """The card as JPEG. Raises `lettering.CannotDraw`; ValueError for a card without a source."""
    if not words.source.strip():
        raise ValueError("no card without a source")
    if not lettering.can_draw():
        raise lettering.CannotDraw()
    shape = SHAPES[size]
    picture = _ground(size).copy()
    canvas = ImageDraw.Draw(picture)
    room = shape.width - 2 * shape.edge
    _head(canvas, words, shape, room)
    bottom = _foot(canvas, words, shape, room)
    _middle(canvas, words, shape, room, bottom)
    return encoded(picture, quality=QUALITY)


@cache
def _ground(size: str) -> Image.Image:
    shape = SHAPES[size]
    picture = Image.new("RGB", (shape.width, shape.height), PAPER)
    ImageDraw.Draw(picture).rectangle((0, 0, shape.width, shape.head), fill=MAIN)
    return picture


def _head(canvas: ImageDraw.ImageDraw, words: Words, shape: Shape, room: float) -> None:
    sizes = range(shape.place, shape.small, -4)
    size, lines = lettering.largest_that_fits(words.place, sizes, (room, shape.head * 0.72), bold=True)
    top = (shape.head - len(lines) * size * 1.42) / 2
    for nth, line in enumerate(lines):
        base = top + (nth + 0.98) * size * 1.42 - size * 0.3
        lettering.write(canvas, (shape.edge, base), line, size, ON_MAIN, bold=True)


def _foot(canvas: ImageDraw.ImageDraw, words: Words, shape: Shape, room: float) -> float:
    """Source and owner at the bottom; where they begin."""
    step = shape.small * 1.42
    _size, source = lettering.largest_that_fits(words.source, range(shape.small, shape.small - 7, -2), (room, step * 3))
    by = lettering.lines_of(words.by, shape.small - 4, room)[:2]
    top = shape.height - shape.edge * 0.6 - step * (len(source) + len(by))
    canvas.line((shape.edge, top - 12, shape.width - shape.edge, top - 12), fill=LINE, width=3)
    for nth, line in enumerate(source):
        lettering.write(canvas, (shape.edge, top + (nth + 0.75) * step), line, _size, INK)
    for nth, line in enumerate(by, len(source)):
        lettering.write(canvas, (shape.edge, top + (nth + 0.75) * step), line, shape.small - 4, SOFT)
    return top - 24


def _middle(canvas: ImageDraw.ImageDraw, words: Words, shape: Shape, room: float, bottom: float) -> None:
    small = shape.small + 4
    top = shape.head + shape.edge * 0.5
    lettering.write(canvas, (shape.edge, top + small), lettering.cut(words.above, small, room), small, SOFT)
    top += small * 1.7
    if words.amount:
        size, [amount] = lettering.largest_that_fits(
            words.amount, range(shape.amount, shape.small, -6), (room, shape.amount * 1.45), bold=True
        )
        lettering.write(canvas, (shape.edge, top + size), amount, size, MAIN, bold=True)
        top += size * 1.42
    sizes = range(shape.title, shape.small, -4)
    size, lines = lettering.largest_that_fits(words.title, sizes, (room, bottom - top), bold=not words.amount)
    for nth, line in enumerate(lines):
        base = top + (nth + 0.8) * size * 1.42
        lettering.write(canvas, (shape.edge, base), line, size, INK, bold=not words.amount)
