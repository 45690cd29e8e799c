"""Pictures that come in: read with limits and drawn anew, so that only pixels cross over."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS: Mapping[str, int] = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A JPEG (MPO: one with a second picture) can be read small; the others unfold to four bytes a pixel first."""
FORMATS = ("JPEG", "PNG", "WEBP")


class NoPicture(Exception):
    """The file is not a picture that can be opened."""


class TooManyPixels(Exception):
    """The file is small, what it unfolds to is not."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A JPEG encoded anew: nothing of the camera, the place or the hour is in it."""

    body: bytes
    digest: str
    width: int
    height: int


def drawn_anew(body: bytes, *, longest_side: int, quality: int, progressive: bool = False) -> CleanPicture:
    """The picture upright, at most `longest_side` pixels a side. Raises NoPicture or TooManyPixels.

    What the file says of itself (its name, its declared type) is not read: its first bytes are. The size in pixels is
    known before a pixel is decoded, so that a small file cannot unfold into gigabytes.
    """
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS.get(str(picture.format), 0):
                raise TooManyPixels()
            bare = _bare(picture, longest_side)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise NoPicture() from None
    return encoded(bare, quality=quality, progressive=progressive)


def _bare(picture: Image.Image, longest_side: int) -> Image.Image:
    picture.draft("RGB", (longest_side, longest_side))
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((longest_side, longest_side))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)  # only pixels cross over
    return bare


def encoded(picture: Image.Image, *, quality: int, progressive: bool = False, **more: object) -> CleanPicture:
    """As JPEG with its hash."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=progressive, **more)
    body = out.getvalue()
    return CleanPicture(body, hashlib.sha256(body).hexdigest(), *picture.size)
