"""What the Graph API is asked for Instagram: it fetches the file from a public address.

Source: developers.facebook.com/docs/instagram-platform/content-publishing.
"""

from __future__ import annotations

from collections.abc import Mapping

from toli.delivery.providers import Outgoing, SendFault

LONGEST_CAPTION = 2200


def container(out: Outgoing) -> Mapping[str, str]:
    """The fields of a container. Raises SendFault without a file that the public can fetch."""
    if not out.media or not out.media[0].url.startswith("http"):
        raise SendFault("no_media", final=True)
    if len(caption(out)) > LONGEST_CAPTION:
        raise SendFault("too_long", final=True)
    if out.media[0].kind == "video":
        return {"media_type": "REELS", "video_url": out.media[0].url, "caption": caption(out)}
    return {"image_url": out.media[0].url, "caption": caption(out)}


def caption(out: Outgoing) -> str:
    """The text with its link."""
    return f"{out.text}\n{out.link}" if out.link else out.text


def publish(container_id: str) -> Mapping[str, str]:
    """The fields of media_publish."""
    return {"creation_id": container_id}
