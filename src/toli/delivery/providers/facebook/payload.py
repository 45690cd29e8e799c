"""What the Graph API is asked for a Page. Source: developers.facebook.com/docs/pages-api/posts."""

from __future__ import annotations

from collections.abc import Mapping

from toli.delivery.providers import Outgoing

EDGES = {"image": "photos", "video": "videos"}
WORDS = {"feed": "message", "photos": "caption", "videos": "description"}


def edge(out: Outgoing) -> str:
    """Where it is posted: the feed, or the photos or videos of the Page."""
    return EDGES[out.media[0].kind] if out.media else "feed"


def post(out: Outgoing) -> Mapping[str, str]:
    """The fields of a post."""
    where = edge(out)
    said = f"{out.text}\n{out.link}" if out.link and where != "feed" else out.text
    return {WORDS[where]: said, **({"link": out.link} if out.link and where == "feed" else {})}
