"""`toli restore` step by step: read and prove the file, make room, load, verify the chain, let the old go."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from toli.cli import passphrase
from toli.config import env
from toli.config.backups import keyfile, place, restoring
from toli.config.backups.archive import BadBackup, Reader, fingerprint
from toli.kit import secrets


def say(line: str) -> None:
    print(line, flush=True)


def check(options: argparse.Namespace) -> str:
    """Prove that the file and its keys are whole and belong together. Raises BadBackup."""
    with Reader(options.file) as reader, tempfile.TemporaryDirectory() as folder:
        _prove(reader, _keys(reader, options), Path(folder))
        chain = reader.manifest["chain"]
    return f"The backup is whole and the keys are its own.\nhead {chain['position']} {chain['head']}"


def restore(options: argparse.Namespace) -> str:
    """Raises BadBackup, ServerFault, CannotStart; what was there before is there still."""
    found = env.read()
    with Reader(options.file) as reader, tempfile.TemporaryDirectory() as folder:
        body = _keys(reader, options)
        say("Reading the backup ...")
        _prove(reader, body, Path(folder))
        _refuse_newer(reader)
        with _server(found) as address:
            _make_sure_of_room(found, address, options.replace)
            _put_back(reader, found, address, body)
        chain, made = reader.manifest["chain"], reader.manifest["made_at"]
    return (
        f"Restored as it was at {made}. The chain of records is whole and ends as it did then.\n"
        f"head {chain['position']} {chain['head']}\n"
        "Everybody has to sign in again. Start with: toli up"
    )


def _keys(reader: Reader, options: argparse.Namespace) -> bytes:
    """The keyring of the backup: from the named file, or the one in place when it is the same."""
    if options.keys is not None:
        words = passphrase.known(options.passphrase_file) if keyfile.is_sealed(options.keys) else ""
        return keyfile.read(options.keys, words)
    here = secrets.keyring_path()
    if here.exists() and fingerprint(secrets.read_keyring(here)) == reader.manifest["keys"]:
        return here.read_bytes()
    raise BadBackup(
        "The keys of this backup are not here: without them no phone number can be read. Nothing was changed. "
        f"Name their file: toli restore {options.file} --keys FILE"
    )


def _prove(reader: Reader, body: bytes, folder: Path) -> None:
    """Raises BadBackup unless every byte is as it was written by who had these keys."""
    keyfile.place(folder / "keys.json", body)
    try:
        ring = secrets.read_keyring(folder / "keys.json")
    except secrets.SecretsError:
        raise BadBackup("That file holds no keyring. Nothing was changed.") from None
    reader.check(ring)


def _refuse_newer(reader: Reader) -> None:
    from django.apps import apps

    found = env.read()
    place.use_django(found)
    from django.db.migrations.loader import MigrationLoader

    assert apps.ready
    known = {f"{room}.{name}" for room, name in MigrationLoader(None).disk_migrations or {}}
    if strangers := [name for name in reader.manifest["migrations"] if name not in known]:
        raise BadBackup(
            f"This backup was made by a newer Toli (it knows {', '.join(strangers[:3])}). Nothing was changed. "
            "Update the program and restore with it."
        )


@contextmanager
def _server(found: env.Environment) -> Iterator[str]:
    """The owner's address. A home we made for this and could not fill is taken away again."""
    if place.is_external(found):
        yield place.owner_address(found)
        return
    fresh = not (found.home / "postgres").exists()
    try:
        with place.running(found) as address:
            yield address
    except BaseException:
        if fresh:
            shutil.rmtree(found.home / "postgres", ignore_errors=True)
        raise


def name_of(found: env.Environment) -> str:
    """What `--replace` must name: the database on an external server, else the folder of the home."""
    from django.conf import settings

    return str(settings.DATABASES["default"]["NAME"]) if place.is_external(found) else found.home.name


def _make_sure_of_room(found: env.Environment, address: str, named: str) -> None:
    restoring.refuse_while_used(address)
    if restoring.take_back(address, found.home / "files"):
        say("An earlier restore was cut off; what stood here before it is back in its place.")
    files = found.home / "files"
    is_empty = restoring.is_empty(address) and not (files.is_dir() and any(files.iterdir()))
    if not is_empty and named != name_of(found):
        where = "the database" if place.is_external(found) else str(found.home)
        raise BadBackup(
            f"There is data in {where} already. Nothing was changed. Restore into an empty TOLI_HOME, or, to erase "
            f"what is there for good, name it: --replace {name_of(found)}"
        )


def _put_back(reader: Reader, found: env.Environment, address: str, body: bytes) -> None:
    with ExitStack() as steps:
        steps.enter_context(restoring.uploads_in_place(reader, found.home / "files"))
        steps.enter_context(_keyring_in_place(body))
        steps.enter_context(restoring.room_for_new(address))
        restoring.load_database(reader, address=address, say=say)
        say("Verifying the chain ...")
        _verify(reader)
        _open_doors(reader)


@contextmanager
def _keyring_in_place(body: bytes) -> Iterator[None]:
    """The keys of the backup in their place. Other keys that lay there stay beside them: older backups need them."""
    path = secrets.keyring_path()
    before = path.read_bytes() if path.exists() else None
    if before is not None and before != body:
        aside = path.with_name(f"{path.name}.before-{datetime.now():%Y%m%d-%H%M%S}")  # noqa: DTZ005
        keyfile.place(aside, before)
        say(f"The keys that lay here are kept as {aside}.")
    keyfile.place(path, body)
    try:
        yield
    except BaseException:
        keyfile.place(path, before) if before is not None else path.unlink(missing_ok=True)
        raise


def _verify(reader: Reader) -> None:
    """Raises BadBackup unless the chain is whole and ends where it ended at the moment of the backup."""
    from toli.audit import queries

    chain = queries.check_chain()
    told = reader.manifest["chain"]
    if not chain.is_whole:
        raise BadBackup(
            f"The chain of records in this backup is broken at position {chain.broken_position} ({chain.says}). "
            "Nothing was restored."
        )
    if queries.head() != (told["position"], told["head"]):
        raise BadBackup("The chain of records does not end as it did at the backup. Nothing was restored.")


def _open_doors(reader: Reader) -> None:
    """Rights of the application's role, and a record of what happened."""
    from django.db import connection

    from toli.audit import services as audit
    from toli.config import grants
    from toli.kit.actor import SystemActor

    grants.apply()
    audit.ensure_months()
    audit.record(
        SystemActor(request_id="restore"),
        "config.restored",
        None,
        data={"made_at": reader.manifest["made_at"], **reader.manifest["chain"]},
    )
    connection.close()
