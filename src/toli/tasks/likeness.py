"""How alike two photos look: a hash of 256 bits that a changed size, quality or brightness hardly moves.

Of two photos of one wall more than `ALIKE` bits differ; of one photo sent twice, cropped by a twentieth or mirrored,
fewer do: the new photo is also looked at with its edges cut, and with edges put on where it may have been cut itself.
Measured on drawn photos in tests/tasks/test_likeness.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from PIL import Image, ImageOps

BITS = 256
BAND = 16
ALIKE = 48
"""Bits that may differ."""
_SIDE = 256
_FREQUENCIES = 16
_CUT = 0.05

# How much is cut from the left, the top, the right and the bottom, as a part of that side.
_HALF = _CUT / 2
CUTS = (
    (_HALF, _HALF, _HALF, _HALF), (_CUT, _CUT, _CUT, _CUT),
    (_CUT, 0, 0, 0), (0, _CUT, 0, 0), (0, 0, _CUT, 0), (0, 0, 0, _CUT),
    (_CUT, _CUT, 0, 0), (0, _CUT, _CUT, 0), (_CUT, 0, 0, _CUT), (0, 0, _CUT, _CUT),
)  # fmt: skip

Look = str
"""256 letters 0 or 1, as PostgreSQL reads a bit string."""


def look_of(file: IO[bytes]) -> tuple[Look, list[Look]]:
    """The photo's own hash, and the hashes it is searched by: itself first. Raises OSError for a broken file."""
    with Image.open(file) as picture:
        small = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    return _hash(small), [_hash(view) for view in _views(small)]


def _views(small: Image.Image) -> Iterator[Image.Image]:
    yield small
    yield ImageOps.mirror(small)
    for cut in CUTS:
        yield _cut(small, cut)
        yield _put_on(small, cut)


def _cut(picture: Image.Image, cut: tuple[float, float, float, float]) -> Image.Image:
    left, top, right, bottom = (round(part * _SIDE) for part in cut)
    return picture.crop((left, top, _SIDE - right, _SIDE - bottom))


def _put_on(picture: Image.Image, cut: tuple[float, float, float, float]) -> Image.Image:
    """Edges as they may have been: the picture's own, turned over."""
    import numpy as np  # here and below: only the worker looks at photos, and the web need not hold 30 MB for it

    left, top, right, bottom = (round(part * _SIDE) for part in cut)
    return Image.fromarray(np.pad(np.asarray(picture), ((top, bottom), (left, right)), mode="reflect"))


def _hash(picture: Image.Image) -> Look:
    import imagehash

    bits = imagehash.phash(picture, hash_size=_FREQUENCIES).hash.ravel()
    return "".join("1" if bit else "0" for bit in bits)


def bands_of(look: Look) -> list[int]:
    """The hash in 16 pieces, each a number that names its place too: what an index finds."""
    return [(at // BAND << BAND) | int(look[at : at + BAND], 2) for at in range(0, BITS, BAND)]


def differing(one: Look, other: Look) -> int:
    """In how many bits two hashes differ."""
    return (int(one, 2) ^ int(other, 2)).bit_count()
