"""toli import invitations FILE --drive KEY: numbers that persons gave to be invited, checked and then written."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from toli.recruitment.models import InvitationBatch
    from toli.recruitment.services import Declared

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
    from toli.kit.errors import BadInput

    started = perf_counter()
    if not options.file.is_file():
        raise BadInput(f"There is no file {options.file}.")
    raw = options.file.read_bytes()
    batch = _tried(options, raw) if options.dry_run else _carried(_taken_up(options, raw))
    if batch.state == "failed":
        print(batch.why, file=sys.stderr)
        return 1
    would, made = ("would be ", batch.fit) if options.dry_run else ("", batch.made)
    print(f"{batch.lines:,} rows read in {perf_counter() - started:.1f} s.")
    print(f"{made:,} invitations {would}made, {batch.refused:,} rows refused.")
    if options.dry_run:
        print("Nothing was written.")
        return 0
    _say_refused(batch, keeps=True)
    print("Nobody is written to yet: open the batch on the desk and send it with its certificate.")
    print(f"To take it back: toli import undo {batch.ref}")
    return 0


def _declared(options: argparse.Namespace) -> Declared:
    from toli.recruitment.services import Declared

    return Declared(options.source, options.words, options.vouched)


def _declare(options: argparse.Namespace, raw: bytes) -> InvitationBatch:
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.recruitment.services import declare_batch

    return declare_batch(
        actor=SystemActor(request_id="import", language="en"), key=options.drive, raw=raw, name=options.file.name,
        declared=_declared(options), on_desk=False, now=timezone.now(),
    )  # fmt: skip


def _tried(options: argparse.Namespace, raw: bytes) -> InvitationBatch:
    """What an import would do: checked as any other, then neither a row, a record nor a file of it is left.

    A list that was not given by the persons is recorded as refused all the same.
    """
    from django.db import transaction
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.org.importing import files
    from toli.recruitment.services import check_declared
    from toli.recruitment.services.inviting_file import carry_on

    actor = SystemActor(request_id="import", language="en")
    check_declared(actor=actor, key=options.drive, declared=_declared(options), raw=raw, now=timezone.now())
    with transaction.atomic():
        batch = _declare(options, raw)
        try:
            carry_on(batch, told=_progress)
            _say_refused(batch, keeps=False)
        finally:
            files.erase([batch])
        transaction.set_rollback(True)
    return batch


def _taken_up(options: argparse.Namespace, raw: bytes) -> InvitationBatch:
    """The import of this very file that was broken off, or a new one."""
    from toli.recruitment import queries

    found = queries.broken_off(raw=raw, key=options.drive)
    if found is None:
        return _declare(options, raw)
    print(f"This import was broken off after {found.done:,} of {found.total:,} rows; it goes on from there.")
    return found


def _carried(batch: InvitationBatch) -> InvitationBatch:
    """The batch checked and written, or failed with its reason."""
    from toli.recruitment.services.inviting_file import carry_on

    if batch.state == "failed":
        _let_go_on(batch)
    if batch.state == "checking":
        carry_on(batch, told=_progress)
    if batch.state == "checked":
        _let_go_on(batch)
    if batch.state == "loading":
        carry_on(batch, told=_progress)
    return batch


def _let_go_on(batch: InvitationBatch) -> None:
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.recruitment.services import load_batch

    load_batch(actor=SystemActor(request_id="import"), ref=batch.ref, now=timezone.now())
    batch.refresh_from_db()


def _progress(batch: InvitationBatch) -> None:
    if sys.stderr.isatty():
        step = "checked" if batch.state == "checking" else f"written of {batch.total:,}"
        print(f"\r{batch.done:,} rows {step}", end="", file=sys.stderr, flush=True)


def _say_refused(batch: InvitationBatch, *, keeps: bool) -> None:
    from toli.org.importing import files
    from toli.org.importing.reasons import sentence_of
    from toli.org.importing.rows import Reason

    refused = [one for one in files.reasons_of(batch) if one.refused]
    if sys.stderr.isatty():
        print(file=sys.stderr)
    for code, number in Counter(one.code for one in refused).most_common():
        lines = [one.line for one in refused if one.code == code]
        more = ", …" if number > SHOWN else ""
        print(f"{number:,} × {sentence_of(Reason(0, code))} Lines {', '.join(map(str, lines[:SHOWN]))}{more}")
    if refused and keeps:
        print(f"All of them lie with their reasons in {files.rejects_of(batch)}.")


def undo(ref: UUID, *, partly: bool) -> int | None:
    """Take the invitations of a batch back, whoever brought it; None where there is no such batch."""
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.kit.errors import WrongState
    from toli.recruitment.models import InvitationBatch
    from toli.recruitment.services import undo_batch

    if not InvitationBatch.objects.filter(ref=ref).exists():
        return None
    try:
        done = undo_batch(actor=SystemActor(request_id="import"), ref=ref, partly=partly, now=timezone.now())
    except WrongState as refusal:
        print(refusal, file=sys.stderr)
        print("--rest takes back everything else.", file=sys.stderr)
        return 1
    print(f"{done.removed:,} invitations taken back, {done.kept:,} stay.")
    return 0


def last_batches() -> list[tuple[Any, ...]]:
    """The last batches as lines of `toli import undo list`."""
    from toli.recruitment.models import InvitationBatch

    rows = InvitationBatch.objects.order_by("-id")[:20]
    return [(one.ref, one.state, one.declared_at, f"{one.made:,} invitations", one.file_name) for one in rows]
