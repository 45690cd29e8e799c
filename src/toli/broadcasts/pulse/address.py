"""Addresses that carry their own permission: anybody who holds one may use it until it expires."""

import base64
import hashlib
import hmac
from typing import NamedTuple

STREAM_LIFE = 3600
"""Seconds; addresses end on whole multiples of it, so that every phone of a stream asks for the same one."""


class StreamAddress(NamedTuple):
    stream: str
    expires: int


class ReceiptAddress(NamedTuple):
    stream: str
    unit_id: int
    reader: str
    expires: int


def derive_key(secret: str) -> bytes:
    """The key of the pulse, of 32 bytes, so that the process never needs the secret it comes from."""
    return hmac.digest(secret.encode(), b"toli.pulse.address", "sha256")


def signature(key: bytes, head: bytes) -> bytes:
    """22 characters: 128 bits of the HMAC, for a path."""
    return base64.urlsafe_b64encode(hmac.digest(key, head, hashlib.sha256)[:16]).rstrip(b"=")


def stream_path(key: bytes, *, stream: str, now: float) -> str:
    """The address of a stream, good for between a half and one and a half of STREAM_LIFE."""
    half = STREAM_LIFE // 2
    expires = (int(now) + half) // STREAM_LIFE * STREAM_LIFE + STREAM_LIFE
    return _signed(key, f"/s/{stream}/{expires}")


def receipt_path(key: bytes, *, stream: str, unit_id: int, reader: str, expires: int) -> str:
    """The address where one phone tells what it showed; it names a home unit and a reader of one day, no person."""
    return _signed(key, f"/r/{stream}/{unit_id}/{reader}/{expires}")


def reader_of(key: bytes, *, person_id: int, day: str) -> str:
    """A name for a reader that holds for one day and leads to no person without the key."""
    digest = hmac.digest(key, f"reader:{day}:{person_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:12]).decode()


def read_stream(key: bytes, path: bytes) -> StreamAddress | None:
    """What a stream's path says, or None when we did not sign it. The caller compares `expires`."""
    parts = _verified(key, path, 4)
    if parts is None or parts[1] != "s":
        return None
    return StreamAddress(parts[2], int(parts[3]))


def read_receipt(key: bytes, path: bytes) -> ReceiptAddress | None:
    """What a receipt's path says, or None when we did not sign it."""
    parts = _verified(key, path, 6)
    if parts is None or parts[1] != "r":
        return None
    return ReceiptAddress(parts[2], int(parts[3]), parts[4], int(parts[5]))


def _signed(key: bytes, head: str) -> str:
    return f"{head}/{signature(key, head.encode()).decode()}"


def _verified(key: bytes, path: bytes, parts: int) -> list[str] | None:
    head, _, given = path.rpartition(b"/")
    if not hmac.compare_digest(signature(key, head), given):
        return None
    found = head.decode().split("/")
    return found if len(found) == parts else None
