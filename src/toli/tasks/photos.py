"""Photos handed in: drawn anew without metadata, kept under their own hash."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput, Sentence
from toli.kit.filestore import sharded, store
from toli.kit.picture import CleanPicture, NoPicture, TooManyPixels, drawn_anew

LARGEST_FILE = 10_000_000
LONGEST_SIDE = 1600
_QUALITY = 80
CleanPhoto = CleanPicture


def clean_photo(body: bytes) -> CleanPhoto:
    """The picture as a JPEG of at most 1,600 pixels a side, without metadata, upright. Raises BadInput."""
    if len(body) > LARGEST_FILE:
        raise _refused(_("This photo is larger than 10 MB. Please take a smaller one."))
    try:
        return drawn_anew(body, longest_side=LONGEST_SIDE, quality=_QUALITY)
    except TooManyPixels:
        raise _refused(_("This photo has too many pixels. Please take a smaller one.")) from None
    except NoPicture:
        raise _refused(
            _("This file is not a photo that can be opened. Please choose a JPEG, PNG or WebP photo.")
        ) from None


def _refused(sentence: Sentence) -> BadInput:
    return BadInput(fields={"photo": sentence})


def key_of(digest: str) -> str:
    """The name of the photo with this hash in the store."""
    return sharded("tasks", digest, "jpg")


def keep_file(photo: CleanPhoto) -> None:
    """Write the file for the owner only, whole or not at all; the same picture twice is one file."""
    store().put(key_of(photo.digest), io.BytesIO(photo.body))


def open_file(digest: str) -> IO[bytes]:
    """Raises FileGone."""
    return store().open(key_of(digest))


def remove_file(digest: str) -> None:
    store().remove(key_of(digest))


def files_older_than(moment: datetime) -> Iterator[tuple[str, str]]:
    """The key of every file of this room written before `moment`, and the hash it is named by.

    Of a half-written one it is a hash that no row holds.
    """
    for key in store().older_than(moment, room="tasks"):
        folder, name = key.split("/")[-2:]
        yield key, folder + name.split(".")[0]
