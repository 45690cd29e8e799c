"""How files of the library go out: as what they are, and never so that a browser runs them."""

from __future__ import annotations

from django.http import FileResponse

from toli.content import services
from toli.kit.filestore import store

TYPES = {"jpg": "image/jpeg", "mp4": "video/mp4", "m4a": "audio/mp4", "pdf": "application/pdf"}


def served(name: str, *, download: str = "") -> FileResponse:
    """The file of this name; a PDF is always downloaded. Raises FileGone or StoreAway."""
    ending = name.rpartition(".")[2]
    attached = bool(download) or ending == "pdf"
    return FileResponse(
        store().open(services.key_of(name)), as_attachment=attached, filename=download or f"{name[:12]}.{ending}",
        content_type=TYPES[ending], headers={"Cache-Control": "private, max-age=86400"},
    )  # fmt: skip
