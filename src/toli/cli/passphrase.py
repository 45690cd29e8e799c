"""A passphrase from a file or from the keyboard; never from an argument, which everybody can list."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from toli.config.backups.archive import BadBackup
from toli.config.backups.keyfile import check_passphrase


def known(file: Path | None) -> str:
    """The passphrase of a file that is there already. Raises BadBackup."""
    if file is not None:
        return _of_file(file)
    return _asked("Passphrase of the keys: ")


def new(file: Path | None) -> str:
    """A passphrase to be used from now on, typed twice. Raises BadBackup."""
    if file is not None:
        return check_passphrase(_of_file(file))
    words = check_passphrase(_asked("A passphrase for the keys: "))
    if _asked("The same once more: ") != words:
        raise BadBackup("The two passphrases differ.")
    return words


def _of_file(file: Path) -> str:
    try:
        lines = file.read_text().splitlines()
    except OSError as error:
        raise BadBackup(f"{file} cannot be read ({error.strerror}).") from None
    return lines[0].strip() if lines else ""


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise BadBackup("There is nobody to ask for the passphrase: name a file with --passphrase-file.")
    return getpass.getpass(question)
