"""toli import invitations FILE --drive KEY: numbers that persons gave to be invited, checked and then written."""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toli.recruitment.models import InvitationBatch

EXAMPLE = (
    'toli import invitations calls.csv --drive youth --source missed_calls --words "calls of 3 to 9 May" --vouched'
)
SOURCES = ("missed_calls", "paper_sheet", "holders_sheet")
SHOWN = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--drive", required=True, metavar="KEY", help="the word in the address of its join page")
    parser.add_argument("--source", required=True, choices=SOURCES, help="who gave the numbers")
    parser.add_argument("--words", required=True, metavar="TEXT", help="when and where they were given; no name")
    parser.add_argument("--vouched", action="store_true", help="each person gave the number themselves, to be invited")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")


def run(options: argparse.Namespace) -> int:
    """Check and write; the same command again goes on where it was broken off. Sending is asked for on the desk."""
    from toli.recruitment.services.inviting_file import work

    started = perf_counter()
    batch = _taken_up(options)
    if batch.state == "checking":
        work(batch)
    if options.dry_run:
        _forget(batch)
    else:
        _go_on(batch)
    would = "would be " if options.dry_run else ""
    print(f"{batch.lines:,} rows read in {perf_counter() - started:.1f} s.")
    print(f"{batch.fit if options.dry_run else batch.made:,} invitations {would}made, {batch.refused:,} rows refused.")
    if not options.dry_run:
        print("Nobody is written to yet: open the batch on the desk and send it with its certificate.")
    return _reasons(batch)


def _taken_up(options: argparse.Namespace) -> InvitationBatch:
    """The import of this very file that was broken off, or a new one."""
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.kit.errors import BadInput
    from toli.recruitment import queries
    from toli.recruitment.services import Declared, declare_batch

    if not options.file.is_file():
        raise BadInput(f"There is no file {options.file}.")
    raw = options.file.read_bytes()
    found = None if options.dry_run else queries.broken_off(raw=raw, key=options.drive)
    if found is not None:
        print(f"This import was broken off after {found.parts} parts; it goes on from there.")
        return found
    return declare_batch(
        actor=SystemActor(request_id="import", language="en"), key=options.drive, raw=raw, name=options.file.name,
        declared=Declared(options.source, options.words, options.vouched), on_desk=False, now=timezone.now(),
    )  # fmt: skip


def _go_on(batch: InvitationBatch) -> None:
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.recruitment.services import load_batch
    from toli.recruitment.services.inviting_file import work

    if batch.state != "loading":
        load_batch(actor=SystemActor(request_id="import"), ref=batch.ref, now=timezone.now())
        batch.refresh_from_db()
    work(batch)


def _forget(batch: InvitationBatch) -> None:
    """A dry run leaves its reasons for this moment and no batch to go on with."""
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.recruitment.services import undo_batch

    undo_batch(actor=SystemActor(request_id="import"), ref=batch.ref, partly=False, now=timezone.now(), files_too=False)


def _reasons(batch: InvitationBatch) -> int:
    from toli.org.importing import files
    from toli.org.importing.reasons import sentence_of
    from toli.org.importing.rows import Reason

    refused = [one for one in files.reasons_of(batch) if one.refused]
    for one in refused[:SHOWN]:
        print(f"line {one.line}: {sentence_of(Reason(one.line, one.code))}")
    if refused:
        print(f"All of them lie with their reasons in {files.rejects_of(batch)}.")
    return 0
