"""Keys kept outside the database: ciphers with versioned keys, blind indexes, signatures, seals anybody can check.

The keyring is one JSON file of mode 0600, named by TOLI_KEYS or lying at TOLI_HOME/keys.json. It is never
logged and never in an error message. Losing it loses every phone number: back it up apart from the database.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets as random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class SecretsError(Exception):
    """The keyring is missing, open to others or broken; or a cipher does not open. Holds no secret."""


class Sealed(NamedTuple):
    """A cipher (nonce, text and tag) and the version of the key that opens it."""

    cipher: bytes
    key_version: int


@dataclass(frozen=True, slots=True)
class Keyring:
    """`keys` by version for ciphers, one key for blind indexes, one for signatures, `seals` by version for seals."""

    active: int
    keys: Mapping[int, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    sign: bytes = field(repr=False)
    seals: Mapping[int, bytes] = field(repr=False, default_factory=dict)

    @property
    def active_seal(self) -> int:
        return max(self.seals)


def keyring_path() -> Path:
    """Return where the keyring lies. Raises SecretsError when neither TOLI_KEYS nor TOLI_HOME is set."""
    if named := os.environ.get("TOLI_KEYS"):
        return Path(named)
    if home := os.environ.get("TOLI_HOME"):
        return Path(home) / "keys.json"
    raise SecretsError("No keys: set TOLI_KEYS to the keyring file or TOLI_HOME to its folder.")


def create_keyring(path: Path | None = None) -> Path:
    """Make a new keyring of mode 0600 and return its path. An existing one is left as it is."""
    path = path or keyring_path()
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    return _write(path, {"active": 1, "keys": {"1": _new_key()}, "index": _new_key(), "sign": _new_key()})


def add_key(path: Path | None = None) -> int:
    """Add a cipher key, make it the active one and return its version. Old ciphers still open."""
    path = path or keyring_path()
    stored = json.loads(path.read_text())
    version = max(map(int, stored["keys"])) + 1
    stored["keys"][str(version)] = _new_key()
    _write(path, {**stored, "active": version})
    _load.cache_clear()
    return version


def add_seal_key(path: Path | None = None, *, forget: bool = False) -> int:
    """Add a key for seals, which every new seal takes, and return its version.

    What was sealed before is still good, unless `forget`: then a key that was stolen seals nothing any more.
    """
    path = path or keyring_path()
    stored = json.loads(path.read_text())
    seals = stored.get("seals") or {"1": _encoded(_first_seal(base64.b64decode(stored["sign"])))}
    version = max(map(int, seals)) + 1
    _write(path, {**stored, "seals": {**({} if forget else seals), str(version): _new_key()}})
    _load.cache_clear()
    return version


def _first_seal(sign: bytes) -> bytes:
    """The seal key of a keyring that was made before there were seals."""
    return hmac.digest(sign, b"toli.seal 1", hashlib.sha256)


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _new_key() -> str:
    return _encoded(random.token_bytes(32))


def _write(path: Path, stored: dict[str, object]) -> Path:
    """Written beside and moved into place: a full disk never leaves half a keyring."""
    draft = path.with_name(f"{path.name}.{random.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(stored, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


def keyring() -> Keyring:
    """Return the keyring, read once per file. Raises SecretsError."""
    return _load(keyring_path())


@lru_cache(maxsize=4)
def _load(path: Path) -> Keyring:
    try:
        if path.stat().st_mode & 0o077:
            raise SecretsError(f"The keyring {path} can be read by others. Run: chmod 600 {path}")
        stored = json.loads(path.read_text())
        keys = {int(version): base64.b64decode(key) for version, key in stored["keys"].items()}
        index, sign = (base64.b64decode(stored[name]) for name in ("index", "sign"))
        seals = {int(version): base64.b64decode(key) for version, key in stored.get("seals", {}).items()}
        ring = Keyring(stored["active"], keys, index, sign, seals or {1: _first_seal(sign)})
    except FileNotFoundError:
        raise SecretsError(f"There is no keyring at {path}. Put back the one of this database.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SecretsError(f"The keyring {path} cannot be read. Put back its copy.") from None
    every = (*keys.values(), *ring.seals.values(), ring.index, ring.sign)
    if ring.active not in keys or {len(key) for key in every} != {32}:
        raise SecretsError(f"The keyring {path} is not complete. Put back its copy.")
    return ring


def read_keyring(path: Path) -> Keyring:
    """Return the keyring of one file, which need not be the one in use. Raises SecretsError."""
    return _load(path)


def encrypt(text: str, *, context: str = "") -> Sealed:
    """Return the text under the active key (AES-256-GCM). The same `context` must be given to open it."""
    ring = keyring()
    nonce = random.token_bytes(_NONCE)
    cipher = AESGCM(ring.keys[ring.active]).encrypt(nonce, text.encode(), context.encode())
    return Sealed(nonce + cipher, ring.active)


def decrypt(cipher: bytes | memoryview, key_version: int, *, context: str = "") -> str:
    """Return the text. Raises SecretsError for an unknown key version, another context or altered bytes."""
    key = keyring().keys.get(key_version)
    if key is None:
        raise SecretsError(f"The keyring has no key of version {key_version}.")
    data = bytes(cipher)
    try:
        return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], context.encode()).decode()
    except (InvalidTag, ValueError):
        raise SecretsError("A stored value does not open with its key.") from None


def blind_index(value: str, *, context: str = "phone") -> bytes:
    """Return 32 bytes that are equal for equal values and say nothing without the key (HMAC-SHA256)."""
    return hmac.digest(keyring().index, f"{context}\0{value}".encode(), hashlib.sha256)


def encrypt_many(texts: Iterable[str], *, context: str = "") -> Iterator[Sealed]:
    """What `encrypt` gives for each text; the keyring is looked up once."""
    ring = keyring()
    seal, version, bound = AESGCM(ring.keys[ring.active]).encrypt, ring.active, context.encode()
    for text in texts:
        nonce = os.urandom(_NONCE)
        yield Sealed(nonce + seal(nonce, text.encode(), bound), version)


def blind_indexes(values: Iterable[str], *, context: str = "phone") -> Iterator[bytes]:
    """What `blind_index` gives for each value; the keyring is looked up once."""
    key, before = keyring().index, f"{context}\0".encode()
    for value in values:
        yield hmac.digest(key, before + value.encode(), "sha256")


def signature(purpose: str, message: str, *, ring: Keyring | None = None) -> str:
    """Return a URL-safe signature of the message, of use for one purpose only (HMAC-SHA256, 32 bytes)."""
    digest = hmac.digest((ring or keyring()).sign, f"{purpose}\0{message}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def seal(message: bytes) -> tuple[int, bytes]:
    """Return the key's version and 64 bytes that anybody can check with `seal_keys` (Ed25519, RFC 8032)."""
    ring = keyring()
    return ring.active_seal, Ed25519PrivateKey.from_private_bytes(ring.seals[ring.active_seal]).sign(message)


def seal_keys() -> dict[int, bytes]:
    """Return the public keys by version, 32 bytes each; they are no secret."""
    return {
        version: Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()
        for version, key in keyring().seals.items()
    }


def is_sealed(message: bytes, key_version: int, sealed: bytes) -> bool:
    """True when this seal is ours and of this very message."""
    key = keyring().seals.get(key_version)
    if key is None:
        return False
    try:
        Ed25519PrivateKey.from_private_bytes(key).public_key().verify(sealed, message)
    except InvalidSignature:
        return False
    return True


def is_equal(left: str | bytes, right: str | bytes) -> bool:
    """True when both are the same; takes the same time wherever they differ."""
    return hmac.compare_digest(_bytes(left), _bytes(right))


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value
