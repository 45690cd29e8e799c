"""What a file is, told by its first bytes and by nothing else: not by its name, not by what the browser says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_lazy as _

from toli.content import papers, pictures
from toli.content.models import Media
from toli.kit.errors import BadInput, Sentence
from toli.kit.filestore import measured
from toli.kit.picture import CleanPicture

MB = 1024 * 1024
LARGEST_MOVING = 64 * MB
_HEAD = 64


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it came. `demuxer` is how a moving one is read; `source_digest` is of the bytes that were sent."""

    kind: str
    demuxer: str
    source_digest: str
    size: int


def refused(sentence: Sentence) -> BadInput:
    return BadInput(fields={"file": sentence})


def look_at(file: IO[bytes]) -> Incoming:
    """What it is and how large. Raises BadInput for what the library does not take."""
    digest, size = measured(file)
    file.seek(0)
    head = file.read(_HEAD)
    kind, demuxer = _kind_of(head)
    if not kind:
        raise refused(_("This file is no picture (JPEG, PNG, WebP), video, sound or PDF that we can read."))
    if kind in (Media.Kind.VIDEO, Media.Kind.AUDIO) and size > LARGEST_MOVING:
        raise refused(_("Videos and sounds may have at most 64 MB. Please send a shorter or smaller one."))
    return Incoming(kind, demuxer, digest, size)


def _kind_of(head: bytes) -> tuple[str, str]:
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Media.Kind.IMAGE, ""
    if head.startswith(b"%PDF-"):
        return Media.Kind.PDF, ""
    if head[4:8] == b"ftyp":
        return (Media.Kind.AUDIO if head[8:11] in (b"M4A", b"M4B") else Media.Kind.VIDEO), "mov"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return Media.Kind.VIDEO, "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Media.Kind.AUDIO, "wav"
    if head.startswith(b"OggS"):
        return Media.Kind.AUDIO, "ogg"
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa")):
        return Media.Kind.AUDIO, "mp3"
    return "", ""


def picture_of(file: IO[bytes]) -> CleanPicture:
    """Raises BadInput."""
    file.seek(0)
    return pictures.clean(file.read(pictures.MOST_BYTES + 1))


def paper_of(file: IO[bytes]) -> bytes:
    """A PDF that cannot run anything. Raises BadInput."""
    file.seek(0)
    body = file.read(papers.LARGEST + 1)
    if len(body) > papers.LARGEST:
        raise refused(_("PDFs may have at most 10 MB."))
    try:
        return papers.clean(body)
    except papers.NoPaper:
        raise refused(_("This PDF is broken or incomplete. Please save it again and send that.")) from None
    except papers.ActivePaper:
        raise refused(
            _("This PDF holds a script, a form that sends, another file or a password. Please print it to a plain PDF"
              " and send that.")
        ) from None  # fmt: skip
