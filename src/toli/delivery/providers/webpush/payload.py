"""What a push service is asked: RFC 8030 (the request), RFC 8291 and 8188 (encryption), RFC 8292 (who sends)."""

from __future__ import annotations

import base64
import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from toli.delivery.providers import Outgoing, SendFault

RECORD = 4096
LONGEST_TEXT = RECORD - 16 - 1 - 86
"""Bytes of plaintext: one record of 4096 less the tag, the delimiter and the header (RFC 8291, section 4)."""
TOKEN_LIFE = timedelta(hours=12)
"""Push services refuse tokens of more than 24 hours (RFC 8292, section 2)."""
KEEP = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one browser is reached, and its keys."""

    endpoint: str = field(repr=False)
    key: bytes = field(repr=False)
    auth: bytes = field(repr=False)


def subscription(text: str) -> Subscription:
    """What a browser's PushSubscription says of itself in JSON. Raises ValueError."""
    try:
        said = json.loads(text)
        found = Subscription(str(said["endpoint"]), unpacked(said["keys"]["p256dh"]), unpacked(said["keys"]["auth"]))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), found.key)
    except (TypeError, KeyError, AttributeError):
        raise ValueError("no subscription") from None
    if len(found.auth) != 16:
        raise ValueError("no subscription")
    return found


def notice(out: Outgoing) -> bytes:
    """What the phone shows; its `tag` makes a repeated notice one. Raises SendFault for what does not fit."""
    said = {"title": out.title, "body": out.text, "url": out.link, "tag": out.client_ref}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > LONGEST_TEXT:
        raise SendFault("too_long", final=True)
    return text


def encrypt(
    text: bytes, to: Subscription, *, key: ec.EllipticCurvePrivateKey | None = None, salt: bytes = b""
) -> bytes:
    """The body only that browser opens (aes128gcm). `key` and `salt` are new ones unless a test names them."""
    key, salt = key or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    ours = point(key.public_key())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.key))
    content, nonce = keys(shared, to.auth, salt, browser=to.key, sender=ours)
    sealed = AESGCM(content).encrypt(nonce, text + b"\x02", None)
    return salt + struct.pack(">IB", RECORD, len(ours)) + ours + sealed


def keys(shared: bytes, auth: bytes, salt: bytes, *, browser: bytes, sender: bytes) -> tuple[bytes, bytes]:
    """The content key and the nonce of the one record (RFC 8291, section 3.4)."""
    secret = _hkdf(shared, auth, b"WebPush: info\0" + browser + sender, 32)
    return (
        _hkdf(secret, salt, b"Content-Encoding: aes128gcm\0", 16),
        _hkdf(secret, salt, b"Content-Encoding: nonce\0", 12),
    )


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def headers(
    out: Outgoing, to: Subscription, *, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime
) -> Mapping[str, str]:
    """Who sends (VAPID), how long it is kept, and the topic under which a later one takes its place."""
    token = vapid(to.endpoint, key=key, contact=contact, now=now)
    topic = base64.urlsafe_b64encode(out.client_ref.encode())[-32:].decode().strip("=") if out.client_ref else ""
    return {
        "Authorization": f"vapid t={token}, k={packed(point(key.public_key()))}", "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream", "TTL": str(int(KEEP.total_seconds())), "Urgency": "normal",
        **({"Topic": topic} if topic else {}),
    }  # fmt: skip


def vapid(endpoint: str, *, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """A signed token (ES256) good for that push service alone."""
    at = urlsplit(endpoint)
    claims = {"aud": f"{at.scheme}://{at.netloc}", "exp": int((now + TOKEN_LIFE).timestamp()), "sub": contact}
    said = ".".join(packed(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    first, second = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(SHA256())))
    return f"{said}.{packed(first.to_bytes(32, 'big') + second.to_bytes(32, 'big'))}"


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """65 bytes of a public key."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(str(text) + "=" * (-len(str(text)) % 4))
