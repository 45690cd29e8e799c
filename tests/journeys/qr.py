"""Reads a QR from a picture of the screen, as the camera of a phone does: a clean and upright one, never repaired.

The tables of ISO/IEC 18004 are those of segno; the reading is our own, so that a code which says something else than
the page believes does not pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from segno import consts

Modules = NDArray[np.bool_]
MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


def read(picture: bytes) -> str:
    """The text of the only QR on a PNG. The picture holds the code and its white border, nothing else."""
    dark = modules(picture)
    level, mask = divmod(_format(dark), 8)
    version = (len(dark) - 17) // 4
    bits = (dark[y, x] ^ MASKS[mask](y, x) for y, x in _way(version))
    words = np.packbits(np.fromiter(bits, dtype=bool)).tobytes()
    return _text(_without_repair(words, consts.ECC[version][level]), version)


def modules(picture: bytes) -> Modules:
    """True where a module is dark."""
    dark = np.asarray(Image.open(BytesIO(picture)).convert("L")) < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    dark = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    finder = np.argmin(dark[0])  # the upper edge of the left finder is seven modules long
    count = round(dark.shape[1] * 7 / finder)
    count = 17 + 4 * round((count - 17) / 4)
    at = ((np.arange(count) + 0.5) * dark.shape[1] / count).astype(int)
    return np.asarray(dark[np.ix_(at, at)], dtype=np.bool_)


def _format(dark: Modules) -> int:
    """Level of correction and mask, as the 15 bits beside the first finder say."""
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    said = sum(int(dark[place]) << 14 - n for n, place in enumerate(places))
    return (said ^ 0b101010000010010) >> 10


def _way(version: int) -> Iterator[tuple[int, int]]:
    """The places of the data, in pairs of columns from the right, up and down."""
    size = 17 + 4 * version
    taken = _taken(version)
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for y in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((y, x) for x in (right, right - 1) if not taken[y, x])
        upwards = not upwards


def _taken(version: int) -> Modules:
    """Where finders, timing, alignment, format and version stand."""
    size = 17 + 4 * version
    taken = np.zeros((size, size), dtype=bool)
    taken[:9, :9] = taken[:9, -8:] = taken[-8:, :9] = True
    taken[6, :] = taken[:, 6] = True
    centres = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    for y in centres:
        for x in centres:
            if (y, x) not in ((6, 6), (6, centres[-1]), (centres[-1], 6)):
                taken[y - 2 : y + 3, x - 2 : x + 3] = True
    if version > 6:
        taken[:6, -11:-8] = taken[-11:-8, :6] = True
    return taken


def _without_repair(words: bytes, blocks: tuple[consts.EC, ...]) -> bytes:
    """The data of the blocks one after another; the words for repair are left out."""
    lengths = [block.num_data for block in blocks for _n in range(block.num_blocks)]
    found: list[list[int]] = [[] for _length in lengths]
    stream = iter(words)
    for place in range(max(lengths)):
        for block, length in zip(found, lengths, strict=True):
            if place < length:
                block.append(next(stream))
    return bytes(word for block in found for word in block)


def _text(data: bytes, version: int) -> str:
    """What stands in the one byte segment."""
    mode, width = data[0] >> 4, 8 if version < 10 else 16
    assert mode == consts.MODE_BYTE, f"not bytes: mode {mode}"
    number = int.from_bytes(data)
    left = 8 * len(data) - 4 - width
    length = number >> left & (1 << width) - 1
    return (number >> left - 8 * length & (1 << 8 * length) - 1).to_bytes(length).decode()
