"""Cards of facts, beside Pillow drawing the same words on the same ground without any layout.

Ours measures, breaks lines, chooses sizes, shapes Devanagari and encodes; the peer writes the same words in one size in
lines cut by number of letters, without shaping, and encodes the same way. Every card has other words, as two hundred
constituencies have, so nothing is drawn from memory but the ground.
"""

from __future__ import annotations

import random
import resource
import textwrap
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PIL import Image, ImageDraw, ImageFont

from toli.content import cards, facts
from toli.kit.picture import encoded
from toli.ui import lettering

FULL_SIZE = 1_200
"""Pictures: 200 constituencies in two languages and three sizes."""
PLACES = ("सहाड़ा", "वल्लभनगर", "सुजानगढ़", "राजसमंद", "श्रीगंगानगर", "झुंझुनूं", "चित्तौड़गढ़", "डूँगरपुर")
ENGLISH = (
    "Sahara",
    "Vallabhnagar",
    "Sujangarh",
    "Rajsamand",
    "Sri Ganganagar",
    "Jhunjhunu",
    "Chittorgarh",
    "Dungarpur",
)
WHAT = ("उप स्वास्थ्य केंद्र का भवन", "मुख्य सड़क का चौड़ीकरण", "पेयजल की टंकी", "राजकीय विद्यालय में कक्षाएँ")
WHAT_ENGLISH = ("a building for the sub-centre", "the main road widened", "a tank for drinking water", "class rooms")
BY = {"hi": "प्रकाशक: ज़िला समिति", "en": "Published by the district committee"}
Job = tuple[cards.Words, str]


def run(*, size: int | None, quiet: bool) -> dict[str, object]:
    """One JSON object; `ratio` is our cards a second over the peer's."""
    size = size or FULL_SIZE
    jobs = build(size)
    cards.draw(*jobs[0]), plain(*jobs[0])  # fonts are opened once, by both
    spans, seconds = _timed(jobs, lambda job: cards.draw(*job))
    _peer_spans, peer_seconds = _timed(jobs, lambda job: plain(*job))
    spans.sort()
    found: dict[str, object] = {
        "bench": "cards", "size": size, "seconds": round(seconds, 2), "rate": round(size / seconds, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peer": "Pillow writes the same words without shaping, measuring or breaking lines, and encodes the same way",
        "ratio": round(peer_seconds / seconds, 3), "p95_ms": round(spans[int(size * 0.95)] * 1000, 1),
        "peer_rate": round(size / peer_seconds, 1), "partial": size < FULL_SIZE,
    }  # fmt: skip
    if not quiet:
        for name, value in found.items():
            print(f"  {name}: {value}")
    return found


def _timed(jobs: Sequence[Job], act: Callable[[Job], object]) -> tuple[list[float], float]:
    spans, began = [], time.monotonic()
    for job in jobs:
        start = time.monotonic()
        act(job)
        spans.append(time.monotonic() - start)
    return spans, time.monotonic() - began


def build(size: int) -> list[Job]:
    """The same cards for the same size: each constituency in two languages and three sizes."""
    dice = random.Random(20_240_312)
    kinds = [(language, shape) for language in ("hi", "en") for shape in cards.SHAPES]
    found: list[Job] = []
    while len(found) < size:
        told = _told(dice, len(found))
        found += [(facts.words_of(told, language), shape) for language, shape in kinds]
    return found[:size]


def _told(dice: random.Random, number: int) -> facts.Told:
    at, what = dice.randrange(len(PLACES)), dice.randrange(len(WHAT))
    name = {"hi": f"{PLACES[at]} {number}", "en": f"{ENGLISH[at]} {number}"}
    return facts.Told(
        kind=dice.choice(("announced", "work")), amount_paise=dice.randrange(1, 9_999) * 100_000_00,
        title={"hi": f"{PLACES[at]} में {WHAT[what]} और आसपास के {number} गाँवों के लिए काम",
               "en": f"In {ENGLISH[at]} {WHAT_ENGLISH[what]}, and work for {number} villages around"},
        on_date=date(2024, 1, 1) + timedelta(days=dice.randrange(300)), constituency=name, place=name, by=BY,
        source_name={"hi": "सार्वजनिक निर्माण विभाग", "en": "Public Works Department"},
        source_link=f"https://pwd.example.org/orders/2024/{number}",
    )  # fmt: skip


def plain(words: cards.Words, shape: str) -> object:
    """The same words on the same ground as Pillow writes them when nobody lays them out."""
    at = cards.SHAPES[shape]
    picture = Image.new("RGB", (at.width, at.height), cards.PAPER)
    canvas = ImageDraw.Draw(picture)
    canvas.rectangle((0, 0, at.width, at.head), fill=cards.MAIN)
    script = "devanagari" if any("\u0900" <= c <= "\u097f" for c in words.title) else "latin"
    large, small = _plain_font(script, at.title), _plain_font(script, at.small)
    canvas.text((at.edge, at.head / 3), words.place, font=large, fill=cards.ON_MAIN)
    body = "\n".join([words.above, words.amount, *textwrap.wrap(words.title, 30)])
    canvas.multiline_text((at.edge, at.head + 20), body, font=large, fill=cards.INK)
    foot = "\n".join([*textwrap.wrap(words.source, 60), words.by])
    canvas.multiline_text((at.edge, at.height - at.small * 5), foot, font=small, fill=cards.SOFT)
    return encoded(picture, quality=cards.QUALITY)


_fonts: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}


def _plain_font(script: str, size: int) -> ImageFont.FreeTypeFont:
    if (script, size) not in _fonts:
        file = str(lettering.font_file(script, 400))
        _fonts[script, size] = ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
    return _fonts[script, size]
