"""The keyring in a file of its own, under a passphrase: scrypt, then AES-256-GCM."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets as random
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toli.config.backups.archive import BadBackup, new_file

KIND = "toli keys"
FORMAT = 1
COST = {"n": 2**15, "r": 8, "p": 1}
"""RFC 7914: 32 MB and about a tenth of a second for each guess."""
SHORTEST = 12


def check_passphrase(words: str) -> str:
    """Raises BadBackup for one that can be guessed."""
    if len(words) < SHORTEST:
        raise BadBackup(f"The passphrase needs at least {SHORTEST} characters; five unrelated words are good.")
    return words


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, maxmem=128 * 2**20, dklen=32, **COST)


def write(path: Path, keyring: Path, passphrase: str) -> None:
    """Write the keyring sealed. Raises BadBackup, FileExistsError, OSError."""
    salt, nonce = random.token_bytes(16), random.token_bytes(12)
    box = AESGCM(_key(check_passphrase(passphrase), salt)).encrypt(nonce, keyring.read_bytes(), KIND.encode())
    stored = {"kind": KIND, "format": FORMAT, "salt": _text(salt), "box": _text(nonce + box)}
    with new_file(path) as file:
        file.write(json.dumps(stored, indent=1).encode())


def is_sealed(path: Path) -> bool:
    return _stored(path).get("kind") == KIND


def read(path: Path, passphrase: str = "") -> bytes:
    """The keyring in the file; a plain copy of a keyring is taken as it is. Raises BadBackup."""
    stored = _stored(path)
    if stored.get("kind") != KIND:
        return path.read_bytes()
    if stored.get("format") != FORMAT:
        raise BadBackup(f"{path} was made by a newer Toli. Nothing was changed. Update the program.")
    try:
        box = base64.b64decode(stored["box"])
        return AESGCM(_key(passphrase, base64.b64decode(stored["salt"]))).decrypt(box[:12], box[12:], KIND.encode())
    except (InvalidTag, KeyError, ValueError, TypeError):
        raise BadBackup(f"{path} does not open with this passphrase, or it was changed. Nothing was changed.") from None


def _stored(path: Path) -> dict[str, Any]:
    try:
        stored = json.loads(path.read_text())
    except FileNotFoundError:
        raise BadBackup(f"There is no file {path}.") from None
    except (OSError, ValueError):
        raise BadBackup(f"{path} is not a file of keys, or it was cut off. Nothing was changed.") from None
    if not isinstance(stored, dict):
        raise BadBackup(f"{path} is not a file of keys. Nothing was changed.")
    return stored


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def place(path: Path, body: bytes) -> None:
    """Write a keyring for its owner alone, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{random.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
