"""toli import schedule FILE...: the part of `toli import` that brings poll schedules in."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toli.elections.importing import Loaded
    from toli.elections.services import ImportResult

SHOWN = 10
EXAMPLE = (
    "toli import schedule schedules.csv list-of-phase-1.csv --dry-run\n"
    "  toli import schedule phase2.xlsx --election BR-AE-2020 --phase 2 --state Bihar"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="+", help="CSV or workbook; several are read as one schedule")
    parser.add_argument("--election", default="", help="its key, where the file has no such column")
    parser.add_argument("--state", default="", help="its state, where the file has no such column")
    parser.add_argument("--phase", default="", help="its phase, where the file has no such column")
    parser.add_argument("--day", default="", metavar="DATE", help="the poll day, where the file has no such column")
    parser.add_argument("--source", default="", help="the notification, where the file has no such column")
    parser.add_argument("--dry-run", action="store_true", help="say what the file means, write nothing")
    parser.add_argument("--json", action="store_true", help="print every poll with its windows as JSON")


def run(options: argparse.Namespace) -> int:
    """Read, show, and unless it is a dry run write. The exit status is 1 when nothing could be used."""
    from toli.elections.importing import load_files

    names = ("election", "state", "phase", "day", "source")
    loaded = load_files(options.file, defaults={n: v for n in names if (v := getattr(options, n))})
    if options.json:
        print_json(loaded)
    else:
        print_plan(loaded)
    if options.dry_run or not (loaded.plan.polls or loaded.exits):
        return 0 if loaded.plan.polls or loaded.exits else 1
    return write(loaded, quiet=options.json)


def print_json(loaded: Loaded) -> None:
    from toli.elections.importing import as_rows

    said = {
        "polls": as_rows(loaded.plan),
        "exit_polls": [
            {"election": w.election, "from": w.starts.isoformat(), "to": w.ends.isoformat()} for w in loaded.exits
        ],
        "warnings": loaded.plan.warnings,
        "rejects": loaded.plan.rejects,
        "unknown_columns": loaded.unknown_columns,
    }
    print(json.dumps(said, ensure_ascii=False))


def print_plan(loaded: Loaded) -> None:
    if loaded.unknown_columns:
        print(f"Not read, because nobody knows these headings: {', '.join(loaded.unknown_columns)}")
    polls = [poll for poll in loaded.plan.polls if poll.status == "scheduled"]
    hours = sum(1 for poll in polls if poll.silence and poll.silence.confirmed)
    several = sum(1 for poll in polls if poll.silence and not poll.silence.confirmed)
    none = sum(1 for poll in polls if poll.silence is None)
    print(f"{len(polls)} polls: {hours} with one closing hour, {several} unconfirmed, {none} without any hour.")
    show("warning", loaded.plan.warnings)
    show("not used", loaded.plan.rejects)


def show(title: str, lines: list[tuple[int, str]]) -> None:
    for line, sentence in lines[:SHOWN]:
        print(f"{title}, line {line}: {sentence}")
    if len(lines) > SHOWN:
        print(f"... and {len(lines) - SHOWN} more")


def write(loaded: Loaded, *, quiet: bool) -> int:
    from django.utils import timezone

    from toli.elections import services
    from toli.kit.actor import SystemActor

    result = services.import_schedule(
        actor=SystemActor(request_id="import"), plan=loaded.plan, exits=loaded.exits, now=timezone.now()
    )
    if not quiet:
        say(result, len(loaded.plan.rejects))
    return 0


def say(result: ImportResult, shown_already: int) -> None:
    print(
        f"{result.created} polls are in force, {result.unchanged} were known, {result.exits} exit-poll windows;"
        f" {result.proposed} corrections wait for two people at the desk."
    )
    show("not imported", result.rejects[shown_already:])
