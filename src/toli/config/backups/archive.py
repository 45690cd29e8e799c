"""The file of a backup: a zip with the dump, the uploads, and last a manifest signed with the keyring.

The manifest is written last, so a file that was cut off has none; every member is named in it with its digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from toli.kit import secrets as keyring

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
UPLOADS = "files/"
CHUNK = 1 << 20
KIND = "toli backup"


class BadBackup(Exception):
    """The file cannot be used; the message says why, and that nothing was changed."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Size in bytes and SHA-256 (hex) of a member."""

    size: int
    sha256: str


def copy(source: IO[bytes], target: IO[bytes] | None = None, done: Callable[[int], None] | None = None) -> Digest:
    """Read `source` to its end, into `target` when there is one; what it was."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
        if done is not None:
            done(len(chunk))
    return Digest(size, digest.hexdigest())


class Writer:
    """A backup being written. Nobody but the owner can read it; its name is there only once it is whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self.members: dict[str, Digest] = {}

    def add(self, name: str, source: IO[bytes], done: Callable[[int], None] | None = None) -> None:
        with self._zip.open(name, "w", force_zip64=True) as target:
            self.members[name] = copy(source, target, done)

    def finish(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Write the manifest: the facts, the members, and a signature over both."""
        members = {name: {"bytes": one.size, "sha256": one.sha256} for name, one in self.members.items()}
        manifest = {"kind": KIND, "format": FORMAT, **facts, "members": members}
        manifest["signature"] = sign(manifest, keyring.keyring())
        self._zip.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        self._zip.close()
        return manifest


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file of mode 0600 that takes its name when all went well. Raises FileExistsError, OSError."""
    if path.exists():
        raise FileExistsError(f"{path} exists already: choose another name, nothing is overwritten.")
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def sign(manifest: dict[str, Any], ring: keyring.Keyring) -> str:
    told = json.dumps(
        {key: value for key, value in manifest.items() if key != "signature"}, sort_keys=True, ensure_ascii=False
    )
    return keyring.signature("backup", hashlib.sha256(told.encode()).hexdigest(), ring=ring)


def fingerprint(ring: keyring.Keyring) -> str:
    """Tells one keyring from another and says nothing about it."""
    return keyring.signature("backup", "which keyring", ring=ring)[:16]


class Reader:
    """A backup that is read. Raises BadBackup with a sentence for whatever is wrong with the file."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = self._manifest()
        except FileNotFoundError:
            raise BadBackup(f"There is no file {path}.") from None
        except (zipfile.BadZipFile, KeyError, ValueError, EOFError, UnicodeDecodeError):
            raise BadBackup(
                f"{path} is not a whole backup: it was cut off or is another kind of file. "
                "Nothing was changed. Take another copy of it."
            ) from None
        except OSError as error:
            raise BadBackup(f"{path} cannot be read ({error.strerror}). Nothing was changed.") from None

    def _manifest(self) -> dict[str, Any]:
        manifest = json.loads(self._zip.read(MANIFEST))
        if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
            raise ValueError("no manifest of ours")
        if int(manifest["format"]) > FORMAT:
            raise BadBackup(
                f"This backup has format {manifest['format']}, made by a newer Toli; this one reads format {FORMAT}. "
                "Nothing was changed. Update the program and restore with it."
            )
        return manifest

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def size(self) -> int:
        return sum(int(one["bytes"]) for one in self.manifest["members"].values())

    @property
    def uploads(self) -> list[str]:
        return [name for name in self.manifest["members"] if name.startswith(UPLOADS)]

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(name)

    def check(self, ring: keyring.Keyring, done: Callable[[int], None] | None = None) -> None:
        """Read all of it. Raises BadBackup when a byte differs from what was written, or the keys are others."""
        if fingerprint(ring) != self.manifest.get("keys"):
            raise BadBackup("These keys belong to another Toli: phone numbers could not be read. Nothing was changed.")
        if not keyring.is_equal(sign(self.manifest, ring), str(self.manifest.get("signature"))):
            raise BadBackup(_TAMPERED.format("its list of contents"))
        if set(self._zip.namelist()) != {*self.manifest["members"], MANIFEST}:
            raise BadBackup(_TAMPERED.format("its list of contents"))
        for name, expected in self.manifest["members"].items():
            if self._digest(name, done) != Digest(expected["bytes"], expected["sha256"]):
                raise BadBackup(_TAMPERED.format(name))

    def _digest(self, name: str, done: Callable[[int], None] | None) -> Digest | None:
        try:
            with self._zip.open(name) as member:
                return copy(member, done=done)
        except (zipfile.BadZipFile, EOFError, OSError, KeyError, NotImplementedError):
            return None


_TAMPERED = "The backup was damaged or changed after it was made: {}. Nothing was restored. Take another copy of it."
