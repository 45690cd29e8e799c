"""Photos handed in: read with limits, made anew without metadata, kept under their own hash."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from toli.kit.errors import BadInput, Sentence

LARGEST_FILE = 10_000_000
MOST_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A JPEG (MPO: one with a second picture) can be read small; the others unfold to four bytes a pixel first."""
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A picture encoded anew: nothing of the phone, the place or the hour is in it."""

    body: bytes
    digest: str
    width: int
    height: int


def clean_photo(body: bytes) -> CleanPhoto:
    """The picture as a JPEG of at most 1,600 pixels a side, without metadata, upright. Raises BadInput.

    What the file says of itself (its name, its declared type) is not read: its first bytes are. The size in pixels
    is known before a pixel is decoded, so that a small file cannot unfold into gigabytes.
    """
    if len(body) > LARGEST_FILE:
        raise _refused(_("This photo is larger than 10 MB. Please take a smaller one."))
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS.get(str(picture.format), 0):
                raise _refused(_("This photo has too many pixels. Please take a smaller one."))
            return _encoded(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise _refused(
            _("This file is not a photo that can be opened. Please choose a JPEG, PNG or WebP photo.")
        ) from None


def _refused(sentence: Sentence) -> BadInput:
    return BadInput(fields={"photo": sentence})


def _encoded(picture: Image.Image) -> CleanPhoto:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)  # only pixels cross over
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    body = out.getvalue()
    return CleanPhoto(body, hashlib.sha256(body).hexdigest(), *bare.size)


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "tasks"


def file_of(digest: str) -> Path:
    """Where the photo with this hash lies, if it is kept."""
    return folder() / digest[:2] / f"{digest[2:]}.jpg"


def keep_file(photo: CleanPhoto) -> None:
    """Write the file for the owner only, whole or not at all; the same picture twice is one file."""
    target = file_of(photo.digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".new")  # 0600 from its first byte
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(photo.body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove_file(digest: str) -> None:
    file_of(digest).unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """The hash a kept file is named by; of a half-written one nothing that any row holds."""
    return path.parent.name + path.stem


def files_older_than(moment: datetime) -> Iterator[Path]:
    """Every file of this room that was written before `moment`."""
    for path in folder().glob("*/*"):
        if path.stat().st_mtime < moment.timestamp():
            yield path
