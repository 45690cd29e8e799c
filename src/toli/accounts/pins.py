"""Keeping PINs. Four digits fall to any hash, so what protects a stolen table is a key that is not in the database."""

from __future__ import annotations

import hashlib
import os
from uuid import UUID

from toli.kit import secrets

COST = 2**12
"""scrypt's n: about 10 ms. Dearer would slow a morning on which thousands open their phones, and add nothing."""
SALT_BYTES = 16


def hash_pin(holder_ref: UUID, digits: str) -> str:
    """Return the text to keep: salt and digest. The PIN is bound to its person, so equal PINs look different."""
    salt = os.urandom(SALT_BYTES)
    return f"{salt.hex()}${_digest(holder_ref, digits, salt)}"


def is_pin(kept: str, holder_ref: UUID, digits: str) -> bool:
    """True for the right PIN; takes the same time for any wrong one. Nothing kept is never right."""
    salt, _dollar, digest = kept.partition("$")
    tried = _digest(holder_ref, digits, bytes.fromhex(salt))
    return bool(digest) and secrets.is_equal(digest, tried)


def _digest(holder_ref: UUID, digits: str, salt: bytes) -> str:
    peppered = secrets.blind_index(f"{holder_ref}:{digits}", context="pin")
    return hashlib.scrypt(peppered, salt=salt, n=COST, r=8, p=1, dklen=32).hex()
