"""Where files of people lie: a folder of this machine, or a bucket that speaks S3. One small interface for both.

A key is `<room>/<what the room names it by>`, mostly the hash of the file. What is put is whole or not there at all,
and the same key twice is one file.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from toli.kit.errors import NotFound, ToliError

if TYPE_CHECKING:
    import httpx

    from toli.kit.s3 import Account

BLOCK = 1024 * 1024
IN_MEMORY = 4 * BLOCK
_KEY = re.compile(r"[a-z]+(/[a-z0-9][a-z0-9._-]{0,99}){1,3}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoreFull(ToliError):
    status = 507
    default = _("There is no room left for files on this server. Your file was not kept. Please tell its keeper.")


class StoreAway(ToliError):
    status = 503
    default = _("The place where files lie does not answer. Nothing was changed. Please try again in a few minutes.")


class FileGone(NotFound):
    """A row speaks of a file that the store does not have."""

    default = _("This file is no longer kept.")


class Store(Protocol):
    """Every file of one deployment. Keys are checked: no key leaves the store."""

    def put(self, key: str, body: IO[bytes]) -> None:
        """Keep what `body` holds from its beginning. Raises StoreFull or StoreAway; then nothing is kept."""

    def open(self, key: str) -> IO[bytes]:
        """The file, at its beginning. Raises FileGone or StoreAway."""

    def has(self, key: str) -> bool: ...

    def remove(self, key: str) -> None:
        """A file that is not there is no fault."""

    def older_than(self, moment: datetime, *, room: str) -> Iterator[str]:
        """Keys of a room whose file was written before `moment`; leftovers of broken writes too."""


def checked(key: str) -> str:
    """The key itself. Raises ValueError for one that is none: keys are made by us, never typed."""
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of a file")
    return key


def measured(body: IO[bytes]) -> tuple[str, int]:
    """SHA-256 in hex and length in bytes of a file, from its beginning."""
    body.seek(0)
    found, size = hashlib.sha256(), 0
    while block := body.read(BLOCK):
        found.update(block)
        size += len(block)
    return found.hexdigest(), size


def sharded(room: str, digest: str, ending: str) -> str:
    """The key of a file named by its hash, in one of 256 folders."""
    return f"{room}/{digest[:2]}/{digest[2:]}.{ending}"


class LocalStore:
    """A folder for the owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def path_of(self, key: str) -> Path:
        return self.folder / checked(key)

    def put(self, key: str, body: IO[bytes]) -> None:
        target = self.path_of(key)
        if target.exists():
            return
        try:
            self._write(target, body)
        except OSError as fault:
            if fault.errno in _FULL:
                raise StoreFull() from None
            raise

    def _write(self, target: Path, body: IO[bytes]) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix="half-", suffix=".new")  # 0600 from its first byte
        try:
            with os.fdopen(handle, "wb") as file:
                body.seek(0)
                while block := body.read(BLOCK):
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def open(self, key: str) -> IO[bytes]:
        try:
            return self.path_of(key).open("rb")
        except FileNotFoundError:
            raise FileGone() from None

    def has(self, key: str) -> bool:
        return self.path_of(key).is_file()

    def remove(self, key: str) -> None:
        self.path_of(key).unlink(missing_ok=True)

    def older_than(self, moment: datetime, *, room: str) -> Iterator[str]:
        for path in (self.folder / room).rglob("*"):
            if path.is_file() and path.stat().st_mtime < moment.timestamp():
                yield path.relative_to(self.folder).as_posix()


class S3Store:
    """A bucket of a service that speaks Amazon's S3, addressed by path. Every request is signed (version 4)."""

    def __init__(self, account: Account, *, timeout: float = 30.0) -> None:
        self.account, self.timeout = account, timeout

    def put(self, key: str, body: IO[bytes]) -> None:
        digest, size = measured(body)
        answer = self._ask("PUT", key, digest=digest, headers={"content-length": str(size)}, body=body)
        if answer.status_code == 507:
            raise StoreFull()
        if answer.status_code != 200:
            raise StoreAway()

    def open(self, key: str) -> IO[bytes]:
        file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
        answer = self._ask("GET", key, into=file)
        if answer.status_code == 404:
            raise FileGone()
        if answer.status_code != 200:
            raise StoreAway()
        file.seek(0)
        return file

    def has(self, key: str) -> bool:
        answer = self._ask("HEAD", key)
        if answer.status_code not in (200, 404):
            raise StoreAway()
        return answer.status_code == 200

    def remove(self, key: str) -> None:
        if self._ask("DELETE", key).status_code not in (200, 204, 404):
            raise StoreAway()

    def older_than(self, moment: datetime, *, room: str) -> Iterator[str]:
        from toli.kit import s3

        token: str | None = ""
        while token is not None:
            query = {"list-type": "2", "prefix": f"{room}/", **({"continuation-token": token} if token else {})}
            answer = self._ask("GET", None, query=query)
            if answer.status_code != 200:
                raise StoreAway()
            rows, token = s3.listed(answer.content)
            yield from (key for key, written in rows if written < moment)

    def _ask(
        self, method: str, key: str | None, *, query: dict[str, str] | None = None, digest: str = "",
        headers: dict[str, str] | None = None, body: IO[bytes] | None = None, into: IO[bytes] | None = None,
    ) -> httpx.Response:  # fmt: skip
        import httpx  # here: a fifth of a second, which only who uses a bucket needs

        from toli.kit import s3

        asked = s3.request(
            self.account, method, "" if key is None else checked(key), query=query or {}, digest=digest or s3.EMPTY,
            headers=headers or {}, at=datetime.now(UTC),
        )  # fmt: skip
        try:
            with (
                httpx.Client(timeout=self.timeout, trust_env=False) as client,
                client.stream(method, asked.url, headers=asked.headers, content=_blocks(body)) as answer,
            ):
                if into is not None and answer.status_code == 200:
                    for block in answer.iter_bytes(BLOCK):
                        into.write(block)
                else:
                    answer.read()
                return answer
        except (httpx.HTTPError, OSError):
            raise StoreAway() from None


def store() -> Store:
    """The store of this deployment: the bucket that TOLI_FILES_URL names, else the folder `files` of TOLI_HOME."""
    if not settings.FILES_URL:
        return LocalStore(settings.MEDIA_ROOT)
    from toli.kit.s3 import Account

    return S3Store(Account(settings.FILES_URL, settings.FILES_REGION, settings.FILES_KEY, settings.FILES_SECRET))


def _blocks(body: IO[bytes] | None) -> Iterator[bytes] | None:
    if body is None:
        return None
    body.seek(0)
    return iter(lambda: body.read(BLOCK), b"")
