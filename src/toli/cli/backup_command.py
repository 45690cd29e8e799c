"""toli backup"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

EXAMPLE = "toli backup /safe/place/toli-2026-11-22.backup --keys /another/place/toli.keys"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where the backup goes; must not exist yet")
    parser.add_argument("--keys", type=Path, metavar="FILE", help="also write the keyring there, under a passphrase")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase")


def run(options: argparse.Namespace) -> int:
    from toli.cli import passphrase
    from toli.config.backups.archive import BadBackup
    from toli.config.launcher import CannotStart
    from toli.config.postgres import ServerFault
    from toli.kit.secrets import SecretsError

    began = perf_counter()
    try:
        words = passphrase.new(options.passphrase_file) if options.keys else ""
        manifest = _take(options.file.absolute(), options.keys, words)
    except (BadBackup, SecretsError, ServerFault, CannotStart) as fault:
        print(f"No backup was made. {fault}", file=sys.stderr)
        return 1
    except OSError as fault:
        print(f"No backup was made: {fault.strerror or fault} ({options.file}).", file=sys.stderr)
        return 1
    _tell(manifest, options, perf_counter() - began)
    return 0


def _take(path: Path, keys: Path | None, words: str) -> dict[str, Any]:
    import psycopg

    from toli.config import env
    from toli.config.backups import keyfile, taking
    from toli.config.backups.archive import BadBackup
    from toli.config.backups.place import serving
    from toli.kit import secrets

    found = env.read()
    if keys is not None:
        keyfile.write(keys.absolute(), secrets.keyring_path(), words)
    try:
        with serving(found) as address:
            return taking.take(path, address=address, uploads=found.home / "files", say=_say)
    except psycopg.Error as fault:
        raise BadBackup(f"The database could not be read: {str(fault).strip()}") from None


def _tell(manifest: dict[str, Any], options: argparse.Namespace, seconds: float) -> None:
    from toli.kit import secrets

    size = options.file.stat().st_size / 2**20
    chain = manifest["chain"]
    print(f"Backed up in {seconds:.1f} s: {options.file} ({size:,.1f} MB, {manifest['uploads']:,} uploads).")
    print(f"head {chain['position']} {chain['head']}\n")
    print("The file holds names and all that people wrote: keep it where only you can read it.")
    if options.keys:
        print(
            f"The keys are in {options.keys}, under your passphrase. Without both, no phone number of this backup can\n"
            "be read: keep the keys in another place than the backup, and the passphrase in a third."
        )
    else:
        print(
            f"The keys are NOT in it. Without a copy of {secrets.keyring_path()} no phone number of this backup\n"
            "can be read again. Write one now, into another place: toli backup FILE --keys FILE"
        )


def _say(line: str) -> None:
    print(line, flush=True)
