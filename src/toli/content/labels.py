"""The label of synthetic media, burnt into what it names. Pure.

Election Commission of India, order of 24 October 2025: "AI-Generated", "Digitally Enhanced" or "Synthetic Content"
over at least 10 % of the visible area, at the top of a video's frame, in the first 10 % of a sound; the responsible
entity in the metadata.
"""

from __future__ import annotations

import io
import math
from html import escape
from typing import Final

from PIL import Image, ImageDraw

from toli.elections.law import packs
from toli.kit.picture import CleanPicture, encoded
from toli.ui import lettering

SHARE: Final = packs()["synthetic"][-1].numbers["label_percent_of_area"] / 100
"""Of the area of a picture or frame, of the length of a sound."""
SMALLEST_BAND = 28
GROUND, INK = "#111111", "#ffffff"
QUALITY = 84
WORDS: Final = {
    "generated": "AI-Generated · एआई से बनाया गया",
    "enhanced": "Digitally Enhanced · एआई से बदला गया",
    "synthetic": "Synthetic Content · कृत्रिम सामग्री",
}
# IPTC, "Digital Source Type": what made the picture.
SOURCE_TYPES: Final = {
    "generated": "trainedAlgorithmicMedia", "enhanced": "compositeWithTrainedAlgorithmicMedia",
    "synthetic": "compositeSynthetic",
}  # fmt: skip


def band_height(height: int) -> int:
    """Pixels of a band over the whole width: never less than a tenth of the area."""
    return min(height, max(SMALLEST_BAND, math.ceil(height * SHARE)))


def band(label: str, width: int, height: int) -> Image.Image:
    """The band for a picture or frame of this size. Raises `lettering.CannotDraw`."""
    if not lettering.can_draw():
        raise lettering.CannotDraw()
    tall = band_height(height)
    picture = Image.new("RGB", (width, tall), GROUND)
    sizes = range(max(8, int(tall * 0.56)), 7, -1)
    room = (width * 0.96, float(tall))
    size, lines = lettering.largest_that_fits(WORDS[label], sizes, room, bold=True, step=lambda size: size * 1.3)
    canvas = ImageDraw.Draw(picture)
    top = (tall - len(lines) * size * 1.3) / 2
    for nth, line in enumerate(lines):
        x = (width - lettering.length(line, size, True)) / 2
        lettering.write(canvas, (x, top + (nth + 0.78) * size * 1.3), line, size, INK, bold=True)
    return picture


def burn(body: bytes, *, label: str, responsible: str) -> CleanPicture:
    """A clean picture of ours with the label over its top tenth, and in its metadata who answers for it."""
    with Image.open(io.BytesIO(body), formats=["JPEG"]) as opened:
        picture = opened.convert("RGB")
    picture.paste(band(label, *picture.size), (0, 0))
    return encoded(picture, quality=QUALITY, progressive=True, xmp=metadata(label, responsible))


def metadata(label: str, responsible: str) -> bytes:
    """An XMP packet: the label as description, who is responsible, and what made the picture."""
    said, name = escape(WORDS[label]), escape(responsible)
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/"
        f"{SOURCE_TYPES[label]}</Iptc4xmpExt:DigitalSourceType>"
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{said}</rdf:li></rdf:Alt></dc:description>'
        f"<dc:publisher><rdf:Bag><rdf:li>{name}</rdf:li></rdf:Bag></dc:publisher>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
