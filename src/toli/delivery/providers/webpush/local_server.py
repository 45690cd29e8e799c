"""A push service and the browsers behind it: checks who sends and really opens what came."""

from __future__ import annotations

import json
import os
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from toli.delivery.providers.serving import Asked, Reply, Speaker
from toli.delivery.providers.webpush.payload import keys, packed, point, unpacked


@dataclass
class Browser:
    """One that subscribed: its keys never leave it. `shown` holds notices by tag, so one twice is one."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)

    def subscription(self, endpoint: str) -> str:
        said = {"p256dh": packed(point(self.key.public_key())), "auth": packed(self.auth)}
        return json.dumps({"endpoint": endpoint, "keys": said})

    def open(self, body: bytes) -> bytes:
        """The plaintext. Raises InvalidTag or ValueError for what was not meant for this browser."""
        salt, (_record, length) = body[:16], struct.unpack(">IB", body[16:21])
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        content, nonce = keys(shared, self.auth, salt, browser=point(self.key.public_key()), sender=sender)
        return AESGCM(content).decrypt(nonce, sealed, None).rstrip(b"\0").removesuffix(b"\x02")


class WebPushSpeaker(Speaker):
    """The push service."""

    key = "push"

    def __init__(self) -> None:
        super().__init__()
        self.browsers: dict[str, Browser] = {}

    def subscribe(self, name: str, base: str) -> str:
        """A new browser of that name; its subscription as JSON."""
        browser = self.browsers.setdefault(name, Browser())
        return browser.subscription(f"{base.rstrip('/')}/{name}")

    def forget(self, name: str) -> None:
        """The browser took its subscription back."""
        self.browsers.pop(name, None)

    def answer(self, asked: Asked) -> Reply:
        browser = self.browsers.get(asked.path.strip("/"))
        if browser is None:
            return Reply(410)
        if not _knows_sender(asked):
            return Reply(403)
        if asked.headers.get("content-encoding") != "aes128gcm" or not asked.headers.get("ttl", "").isdigit():
            return Reply(400)
        try:
            said = json.loads(browser.open(asked.body))
        except (InvalidTag, ValueError, struct.error):
            return Reply(400)
        browser.shown[str(said.get("tag"))] = said
        return Reply(201, body=b"", headers={"Location": f"{asked.base}/m/{len(browser.shown)}"})


def _knows_sender(asked: Asked) -> bool:
    """RFC 8292: the token is signed by the key beside it, for this service, and has not ended."""
    given = dict(
        part.strip().split("=", 1) for part in asked.headers.get("authorization", "")[6:].split(",") if "=" in part
    )
    said, _dot, signed = given.get("t", "").rpartition(".")
    try:
        raw = unpacked(signed)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(given["k"]))
        found = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key.verify(found, said.encode(), ec.ECDSA(SHA256()))
        claims = json.loads(unpacked(said.split(".")[1]))
    except (KeyError, ValueError, IndexError, InvalidSignature):
        return False
    return asked.base.startswith(str(claims["aud"])) and time.time() < claims["exp"] < time.time() + 86400
