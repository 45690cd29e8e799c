"""Files handed in with an answer: told by their content, a picture drawn anew, kept for the process's owner only."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.utils.translation import gettext_lazy as _

from toli.content.pictures import redrawn
from toli.kit.errors import BadInput
from toli.kit.filestore import sharded, store

LARGEST = 5_000_000
"""In bytes; a phone's photo has 2 to 4 million."""
PDF, PICTURE = "application/pdf", "image/jpeg"
ENDINGS = {PDF: "pdf", PICTURE: "jpg"}


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that may be kept. Its name on the phone and the type it claimed are forgotten."""

    body: bytes
    digest: str
    kind: str


def read(upload: IO[bytes]) -> Handed:
    """A PDF as it is, a picture drawn anew without the camera's hidden facts. Raises BadInput for anything else."""
    body = upload.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise BadInput(_("This file is larger than 5 MB. Please choose a smaller one; the rest of the form is kept."))
    if body.startswith(b"%PDF-") and b"%%EOF" in body[-2048:]:
        return Handed(body, hashlib.sha256(body).hexdigest(), PDF)
    try:
        drawn = redrawn(body)
    except BadInput:
        raise BadInput(_("This is neither a picture nor a PDF that can be read. Please choose another file.")) from None
    return Handed(drawn, hashlib.sha256(drawn).hexdigest(), PICTURE)


def key_of(digest: str, kind: str) -> str:
    return sharded("recruitment", digest, ENDINGS[kind])


def keep(handed: Handed) -> None:
    """Write the file whole or not at all; the same file twice is one."""
    store().put(key_of(handed.digest, handed.kind), io.BytesIO(handed.body))


def open_file(digest: str, kind: str) -> IO[bytes]:
    """Raises FileGone."""
    return store().open(key_of(digest, kind))


def remove(digest: str, kind: str) -> None:
    store().remove(key_of(digest, kind))


def older_than(moment: datetime) -> Iterator[tuple[str, str]]:
    """The key of every kept file written before `moment`, with the digest its name says."""
    for key in store().older_than(moment, room="recruitment"):
        folder, name = key.split("/")[-2:]
        yield key, folder + name.split(".")[0]
