"""Pictures of items: drawn anew without the camera's hidden facts, kept under the hash of the file."""

import hashlib
import io
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from toli.kit.errors import BadInput

LONGEST_SIDE = 1280
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A JPEG (MPO: one with a second picture) can be read small; the others unfold to four bytes a pixel first."""


def store(upload: IO[bytes], folder: Path) -> tuple[str, str]:
    """Keep the picture as JPEG of at most 1280 pixels a side; its file name and SHA-256. Raises BadInput."""
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise BadInput(fields={"file": _("The picture is too large. At most 8 MB.")})
    drawn = redrawn(data)
    digest = hashlib.sha256(drawn).hexdigest()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{digest}.jpg"
    if not path.exists():
        path.write_bytes(drawn)
    return path.name, digest


def redrawn(data: bytes) -> bytes:
    """A picture as JPEG of at most 1280 pixels a side, upright, without what the camera wrote. Raises BadInput."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > MOST_PIXELS.get(str(picture.format), 0):
                raise BadInput(fields={"file": _("The picture has too many pixels. Please use a smaller one.")})
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadInput(fields={"file": _("This is not a picture we can read. Use JPEG, PNG or WebP.")})
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)  # only pixels cross over
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()
