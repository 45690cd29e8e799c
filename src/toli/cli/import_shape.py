"""toli import directory FILE, toli import reorganisation FILE: public offices, and changes of the tree."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toli.org.importing.rows import Reason

SHOWN = 10
EXAMPLE = (
    "toli import directory legislators.csv --dry-run\n"
    "  toli import reorganisation districts-41.csv --on 2023-08-07 --dry-run"
)


def directory_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")


def reorganisation_arguments(parser: argparse.ArgumentParser) -> None:
    directory_arguments(parser)
    parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="from which day; default: today")
    parser.add_argument("--title", default="", help="what the change is called; default: the file's name")


def directory(options: argparse.Namespace) -> int:
    """Terms of public office. The exit status is 1 when no row could be used."""
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.org import services
    from toli.org.importing.directory import read_directory
    from toli.org.importing.reading import read_sheet

    read = read_directory(read_sheet(options.file))
    _unread(read.unread_columns)
    if options.dry_run:
        print(f"{len(read.rows)} terms can be taken, {len(read.refused)} rows refused. Nothing was written.")
    elif read.rows:
        actor = SystemActor(request_id="import")
        added, changed = services.list_terms(actor=actor, rows=read.rows, source=options.file.name, now=timezone.now())
        print(f"{added} terms added, {changed} known and brought up to date, {len(read.refused)} rows refused.")
    _refused(read.refused)
    return 0 if read.rows else 1


def reorganisation(options: argparse.Namespace) -> int:
    """A whole reorganisation: looked at with --dry-run, else done, or planned when its day is still to come."""
    from django.db import transaction
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.org import queries, services
    from toli.org.importing.reading import read_sheet
    from toli.org.importing.reorganisation import read_reorganisation

    wishes = read_reorganisation(read_sheet(options.file))
    _unread(wishes.unread_columns)
    _refused(wishes.refused)
    if wishes.refused or not wishes.lines:
        print("Nothing was changed: a reorganisation is done whole or not at all.")
        return 1
    actor, now, on = SystemActor(request_id="import"), timezone.now(), options.on or timezone.localdate()
    with transaction.atomic():
        made = services.draft_reorganisation(
            actor=actor, title=options.title or options.file.stem, on=on, lines=wishes.lines, now=now
        )
        seen = queries.preview_of(made)
        units = ", ".join(f"{names.get('en', '')} {n:,}" for names, n in seen.levels)
        print(f"{units or 'No unit'} moved; {seen.people:,} people, {seen.seats:,} seats ({seen.held:,} filled).")
        print(f"{seen.created} new units, {seen.merged} merged; {len(seen.lose)} seats lose sight of some.")
        if options.dry_run:
            transaction.set_rollback(True)
            print("Nothing was written.")
            return 0
        done = services.decide_reorganisation(actor=actor, ref=made.ref, now=now)
    print("Done. It can be undone at the desk." if done.state == "applied" else f"Planned for {on}.")
    return 0


def _unread(columns: Sequence[str]) -> None:
    if columns:
        print(f"Not read, because nobody knows these headings: {', '.join(columns)}")


def _refused(reasons: Sequence[Reason]) -> None:
    from toli.org.importing.reasons import sentence_of

    for reason in reasons[:SHOWN]:
        print(f"line {reason.line}: {sentence_of(reason)}")
    if len(reasons) > SHOWN:
        print(f"... and {len(reasons) - SHOWN} more")
