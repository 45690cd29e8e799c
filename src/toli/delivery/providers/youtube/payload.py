"""What YouTube is asked. Source: developers.google.com/youtube/v3/guides/using_resumable_upload_protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toli.delivery.providers import Outgoing, SendFault

CHUNK = 8 * 1024 * 1024
"""A multiple of 256 KiB, as the protocol asks."""
LONGEST_TITLE = 100
LONGEST_TEXT = 5000


def film(out: Outgoing) -> Mapping[str, Any]:
    """What is said of a film. Raises SendFault without one."""
    if not out.media or out.media[0].kind != "video":
        raise SendFault("no_media", final=True)
    said = f"{out.text}\n{out.link}" if out.link else out.text
    if len(said.encode()) > LONGEST_TEXT:
        raise SendFault("too_long", final=True)
    title = (out.title or out.text).splitlines()[0][:LONGEST_TITLE].replace("<", "").replace(">", "")
    status = {"privacyStatus": "public", "selfDeclaredMadeForKids": False}
    return {"snippet": {"title": title, "description": said}, "status": status}


def opening(size: int) -> Mapping[str, str]:
    """The headers that open an upload of so many bytes."""
    return {"X-Upload-Content-Length": str(size), "X-Upload-Content-Type": "video/*"}


def part(start: int, length: int, size: int) -> Mapping[str, str]:
    """The header of one part; of none, it asks how far the upload is."""
    reach = f"{start}-{start + length - 1}" if length else "*"
    return {"Content-Range": f"bytes {reach}/{size}"}
