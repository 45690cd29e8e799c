"""The board as a picture for a message group: drawn for a phone held upright, under 200 kB."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from toli.ui import lettering
from toli.ui.figures import FIGURES
from toli.warroom.sheet import Line, Sheet, more

WIDTH, TALLEST, EDGE = 1080, 1600, 56
ROW, HEAD, FIGURES_END, FOOT = 76, 208, 610, 132
MOST_LINES = (TALLEST - FIGURES_END - FOOT) // ROW
COLOURS = 48
INK, SOFT, PAPER, CARD, MAIN, LINE = "#21303a", "#52616b", "#f7f5f1", "#ffffff", "#0f5c66", "#ddd8ce"
GRADES = {
    "A": ("#236344", "#e4f1e8"), "B": ("#45601f", "#eef3df"), "C": ("#7a4f00", "#fbf0d6"), "D": ("#52616b", "#f0ede7"),
}  # fmt: skip


def draw(sheet: Sheet) -> bytes:
    """The sheet as a PNG. Raises `lettering.CannotDraw`."""
    if not lettering.can_draw():
        raise lettering.CannotDraw()
    lines = sheet.lines if len(sheet.lines) <= MOST_LINES else sheet.lines[: MOST_LINES - 1]
    left_out = len(sheet.lines) - len(lines)
    rows = len(lines) + bool(left_out)
    image = Image.new("RGB", (WIDTH, FIGURES_END + rows * ROW + FOOT), PAPER)
    pen = _Pen(ImageDraw.Draw(image))
    _head(pen, sheet)
    _figures(pen, sheet)
    for nth, line in enumerate(lines):
        _row(pen, line, FIGURES_END + nth * ROW)
    if left_out:
        pen.write((EDGE, FIGURES_END + len(lines) * ROW + 14), more(left_out), 32, SOFT)
    _foot(pen, sheet, image.height - FOOT)
    out = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


class _Pen:
    """Writes words of two scripts on one line."""

    def __init__(self, canvas: ImageDraw.ImageDraw) -> None:
        self.canvas = canvas

    def length(self, text: str, size: int, *, bold: bool = False) -> float:
        return lettering.length(text, size, bold)

    def write(
        self, at: tuple[float, float], text: str, size: int, colour: str, *, bold: bool = False, room: float = 0,
        right: bool = False,
    ) -> float:  # fmt: skip
        """Write and return the width; with `room` the text is cut to it, with `right` it ends at `at`."""
        if room:
            text = lettering.cut(text, size, room, bold=bold)
        width = self.length(text, size, bold=bold)
        x = at[0] - width if right else at[0]
        lettering.write(self.canvas, (x, at[1] + size), text, size, colour, bold=bold)
        return width

    def grade(self, at: tuple[float, float], letter: str, size: int) -> None:
        ink, ground = GRADES.get(letter, GRADES["D"])
        x, y = at
        self.canvas.rounded_rectangle((x, y, x + size, y + size), 9, fill=ground, outline=ink, width=3)
        width = self.length(letter, int(size * 0.68), bold=True)
        self.write((x + (size - width) / 2, y + size * 0.07), letter, int(size * 0.68), ink, bold=True)

    def bar(self, box: tuple[float, float, float], share: int | None) -> None:
        x, y, width = box
        self.canvas.rounded_rectangle((x, y, x + width, y + 10), 5, fill="#e4dfd4")
        if share:
            self.canvas.rounded_rectangle((x, y, x + max(10, width * min(share, 100) / 100), y + 10), 5, fill=MAIN)


def _head(pen: _Pen, sheet: Sheet) -> None:
    pen.canvas.rectangle((0, 0, WIDTH, HEAD), fill=MAIN)
    pen.write((EDGE, 30), sheet.whole.name, 66, "#ffffff", bold=True, room=WIDTH - 2 * EDGE)
    pen.write((EDGE, 132), f"{sheet.level} · {sheet.moment}", 34, "#e3eff0", room=WIDTH - 2 * EDGE)


def _figures(pen: _Pen, sheet: Sheet) -> None:
    whole = sheet.whole
    pen.canvas.rounded_rectangle(
        (EDGE, HEAD + 28, WIDTH - EDGE, FIGURES_END - 28), 22, fill=CARD, outline=LINE, width=2
    )
    left = EDGE + 32
    pen.write((left, HEAD + 48), str(FIGURES["accepted"].label), 32, SOFT)
    width = pen.write((left, HEAD + 96), whole.accepted, 62, INK, bold=True)
    pen.write((left + width + 12, HEAD + 116), f"/ {whole.norm}", 40, SOFT)
    pen.grade((WIDTH - EDGE - 96, HEAD + 62), whole.grade, 64)
    pen.bar((left, HEAD + 186, WIDTH - 2 * EDGE - 64), whole.share)
    for nth, (key, value) in enumerate(sheet.figures.items()):
        x = left + nth * (WIDTH - 2 * EDGE - 40) / len(sheet.figures)
        pen.write((x, HEAD + 226), str(FIGURES[key].label), 30, SOFT, room=228)
        pen.write((x, HEAD + 274), value, 46, INK, bold=True, room=228)


def _row(pen: _Pen, line: Line, top: int) -> None:
    right = WIDTH - EDGE
    pen.grade((right - 44, top + 10), line.grade, 44)
    width = pen.write((right - 64, top + 8), f"{line.accepted} / {line.norm}", 34, INK, right=True)
    room = right - 64 - width - EDGE - 24
    used = pen.write((EDGE, top + 8), line.name, 34, INK, bold=True, room=room)
    if line.item and room - used > 150:
        pen.write((EDGE + used + 14, top + 12), f"· {line.item}", 28, SOFT, room=room - used - 14)
    pen.bar((EDGE, top + 60, WIDTH - 2 * EDGE - 64), line.share)


def _foot(pen: _Pen, sheet: Sheet, top: int) -> None:
    pen.canvas.line((EDGE, top + 16, WIDTH - EDGE, top + 16), fill=LINE, width=2)
    room = WIDTH - 2 * EDGE
    pen.write((EDGE, top + 28), _("Source: the board of Toli. Figures of %(time)s.") % {"time": sheet.moment}, 28, SOFT,
              room=room)  # fmt: skip
    pen.write((EDGE, top + 72), _("Grade: A 90 %, B 70 % verified; C less; D not known."), 26, SOFT, room=room)
