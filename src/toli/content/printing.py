"""A page for the printer, with what the law wants on its face. Pure.

Section 127A of the Representation of the People Act 1951: name and address of printer and publisher on every election
pamphlet or poster; the number of copies goes with the declaration.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from toli.ui.paper import Paper

FOOT = 34
"""Millimetres at the bottom of the page, kept for the imprint."""


@dataclass(frozen=True, slots=True)
class Imprint:
    printer: str
    printer_address: str
    publisher: str
    publisher_address: str
    copies: int


def lines_of(imprint: Imprint) -> list[str]:
    """What stands on the face of every copy, in both languages."""
    return [
        f"मुद्रक / Printed by: {imprint.printer}, {imprint.printer_address}",
        f"प्रकाशक / Published by: {imprint.publisher}, {imprint.publisher_address}",
        f"प्रतियाँ / Copies: {imprint.copies:,}",
    ]


def page(picture: bytes, size: tuple[int, int], imprint: Imprint, *, title: str, made_at: datetime) -> bytes:
    """The picture as large as an A4 page holds it, the imprint below. Raises WrongState where Hindi cannot be drawn."""
    paper = Paper(title=title, language="hi", made_at=made_at)
    paper.set_auto_page_break(False)
    room = (paper.w - 20, paper.h - 20 - FOOT)
    scale = min(room[0] / size[0], room[1] / size[1])
    width, height = size[0] * scale, size[1] * scale
    paper.image(io.BytesIO(picture), x=(paper.w - width) / 2, y=10, w=width, h=height)
    paper.set_y(10 + room[1] + 3)
    for line in lines_of(imprint):
        paper.words(line, size=9, after=0.5)
    return paper.made()
