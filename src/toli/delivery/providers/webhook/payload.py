"""What a site is asked: the post as JSON, signed with the time so that an old request is no new one."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256

from toli.delivery.providers import Outgoing


def post(out: Outgoing) -> bytes:
    """The body of one post."""
    media = [{"kind": one.kind, "url": one.url} for one in out.media]
    return _body({"act": "post", "id": out.client_ref, "text": out.text, "link": out.link, "media": media})


def remove(ref: str) -> bytes:
    """The body that takes a post down."""
    return _body({"act": "remove", "id": ref})


def ping() -> bytes:
    """The body that asks whether we are known there."""
    return _body({"act": "ping"})


def _body(said: Mapping[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def signature(body: bytes, secret: str, at: int) -> str:
    """HMAC-SHA256 over the second and the body, in hex."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()


def headers(body: bytes, secret: str, at: int, ref: str) -> Mapping[str, str]:
    """What makes it ours, and once."""
    return {
        "Content-Type": "application/json", "X-Toli-Time": str(at), "Idempotency-Key": ref,
        "X-Toli-Signature": f"sha256={signature(body, secret, at)}",
    }  # fmt: skip
