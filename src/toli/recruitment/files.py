"""Files handed in with an answer: told by their content, a picture drawn anew, kept for the process's owner only."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from toli.content.pictures import redrawn
from toli.kit.errors import BadInput

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


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "recruitment"


def path_of(digest: str, kind: str) -> Path:
    return folder() / digest[:2] / f"{digest[2:]}.{ENDINGS[kind]}"


def keep(handed: Handed) -> None:
    """Write the file whole or not at all; the same file twice is one."""
    target = path_of(handed.digest, handed.kind)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".new")  # 0600 from its first byte
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(handed.body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def remove(digest: str, kind: str) -> None:
    path_of(digest, kind).unlink(missing_ok=True)


def older_than(moment: datetime) -> Iterator[tuple[Path, str]]:
    """Every kept file written before `moment`, with the digest its name says."""
    for path in folder().glob("*/*"):
        if path.stat().st_mtime < moment.timestamp():
            yield path, path.parent.name + path.stem
