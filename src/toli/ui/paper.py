"""Pages of paper: PDFs in Hindi and English, drawn with the font the product carries.

Devanagari is right only when its letters are shaped: joined, reordered, put on top of one another. Where the shaper is
missing nothing is drawn, because a letter with broken words is worse than none.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from datetime import datetime

import segno
from django.utils.translation import gettext_lazy as _
from fpdf import FPDF

from toli.kit.errors import WrongState
from toli.ui.vendor import VENDOR

FAMILY = "mukta"
INK, SOFT, LINE = (24, 34, 38), (92, 104, 110), (15, 92, 102)


def may_shape() -> bool:
    """True when Devanagari can be shaped on this machine."""
    return importlib.util.find_spec("uharfbuzz") is not None


class Paper(FPDF):
    """An A4 page with the product's font. `made_at` stands in the file, so the same content is the same file.

    Raises WrongState where Hindi cannot be drawn correctly.
    """

    def __init__(self, *, title: str, language: str, made_at: datetime) -> None:
        if not may_shape():
            raise WrongState(
                _("This server cannot draw Hindi letters correctly, so nothing was made. Tell its keeper.")
            )
        super().__init__(format="A4", unit="mm")
        for script in ("devanagari", "latin"):
            for style, weight in (("", 400), ("B", 600)):
                file = VENDOR / f"mukta-{script}-{weight}-normal.woff"
                self.add_font(FAMILY if script == "devanagari" else f"{FAMILY}-latin", style, str(file))
        self.set_fallback_fonts([f"{FAMILY}-latin"], exact_match=True)
        self.set_text_shaping(True)
        self.set_margins(22, 20, 22)
        self.set_auto_page_break(True, margin=18)
        self.set_title(title)
        self.set_lang(language)
        self.set_creation_date(made_at)
        self.set_producer("Toli")
        self.add_page()

    def words(self, text: str, *, size: float = 11, bold: bool = False, soft: bool = False, after: float = 2) -> None:
        """A paragraph over the width of the page."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*(SOFT if soft else INK))
        self.multi_cell(0, size * 0.56, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(after)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Lines of a name and what it is."""
        for name, value in rows:
            self.set_font(FAMILY, "", 10)
            self.set_text_color(*SOFT)
            self.cell(48, 7, name)
            self.set_font(FAMILY, "B", 11)
            self.set_text_color(*INK)
            self.multi_cell(0, 7, value, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def rule(self) -> None:
        """A line across the page."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.6)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())
        self.ln(4)

    def qr(self, text: str, *, side: float) -> None:
        """A QR code of `side` mm at the left margin, below what stands there."""
        matrix = segno.make_qr(text, error="l").matrix
        dot, top = side / len(matrix), self.get_y()
        self.set_fill_color(0, 0, 0)
        for y, row in enumerate(matrix):
            for x, on in enumerate(row):
                if on:
                    self.rect(self.l_margin + x * dot, top + y * dot, dot, dot, style="F")
        self.set_y(top + side + 3)

    def made(self) -> bytes:
        return bytes(self.output())
