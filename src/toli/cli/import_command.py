"""toli import units FILE --as FORMAT, holders, stations, undo, toli import schedule FILE, toli import map FILE"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from toli.cli import import_invitations, import_map, import_renewal, import_schedule, import_shape

if TYPE_CHECKING:
    from toli.org.importing.formats import Ask
    from toli.org.importing.loading import Outcome
    from toli.org.importing.reading import Sheet
    from toli.org.importing.rows import Reason
    from toli.org.models import Import

EXAMPLE = (
    "toli import units panchayats.csv --as panchayats --state S20 --dry-run\n"
    "  toli import units districts.csv --as lgd --state S20 --list-date 2022-12-01\n"
    "  toli import units stations.csv --as stations --state S04 --create-missing\n"
    "  toli import units odd.csv --as mapping --mapping odd.toml\n"
    "  toli import holders office-bearers.csv\n"
    f"  {import_schedule.EXAMPLE}\n"
    f"  {import_map.EXAMPLE}\n"
    f"  {import_invitations.EXAMPLE}"
)
FORMATS = ("toli", "lgd", "panchayats", "constituencies", "stations", "mapping")
SHOWN = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    names = "units|holders|stations|undo|schedule|map|invitations"
    kinds = parser.add_subparsers(dest="what", required=True, metavar=names)
    units = kinds.add_parser("units", help="places: our own CSV, published lists, or any layout with a mapping file")
    units.add_argument("file", type=Path)
    units.add_argument("--as", dest="format", choices=FORMATS, default="toli", help="default: toli (docs/import.md)")
    units.add_argument("--state", default="", metavar="S20", help="the Election Commission's code of the state")
    units.add_argument(
        "--mapping", type=Path, metavar="FILE.toml", help="which heading holds which field; or a name saved on the desk"
    )
    units.add_argument(
        "--sheet", default="", metavar="NAME", help="which sheet of a workbook; default: the first filled"
    )
    units.add_argument("--list-date", type=date.fromisoformat, metavar="2026-01-31", help="the date of the list")
    units.add_argument("--create-missing", action="store_true", help="add constituencies the tree does not have")
    holders = kinds.add_parser("holders", help="the sheet of office-bearers: names seats, sends one invitation each")
    holders.add_argument("file", type=Path)
    holders.add_argument("--invite", action="store_true", help="send the one invitation now")
    import_renewal.arguments(kinds)
    import_shape.directory_arguments(kinds.add_parser("directory", help="public offices, each with its source"))
    import_shape.reorganisation_arguments(kinds.add_parser("reorganisation", help="moves, new units and mergers"))
    import_schedule.arguments(kinds.add_parser("schedule", help="poll days and closing hours, as they are published"))
    import_invitations.arguments(kinds.add_parser("invitations", help="numbers that persons gave to be invited"))
    import_map.arguments(kinds.add_parser("map", help="borders of units for the board, GeoJSON or TopoJSON"))
    for kind in (units, holders):
        kind.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        kind.add_argument("--rejects", type=Path, metavar="FOLDER", help="default: TOLI_HOME/rejects")


def run(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.db import OperationalError
    from django.utils import translation

    from toli.kit.errors import ToliError

    try:
        with translation.override("en"):  # as everything at the terminal
            return READERS[options.what](options)
    except ToliError as error:
        print(error, file=sys.stderr)
        for sentence in getattr(error, "fields", {}).values():
            print(f"  {sentence}", file=sys.stderr)
        return 1
    except OperationalError as error:
        print(
            f"The database does not answer: {str(error).splitlines()[0]}\nStart Toli with `make up` first.",
            file=sys.stderr,
        )
        return 1


def _units(options: argparse.Namespace) -> int:
    from toli.kit.actor import SystemActor
    from toli.org.importing import journal
    from toli.org.importing.formats import Ask, units_in
    from toli.org.importing.loading import load_units

    started = perf_counter()
    ask = Ask(options.format, options.state, _mapping(options), options.create_missing, page=options.sheet)
    parsed = units_in(options.file, ask)
    if parsed.unread_columns:
        print(f"Not read, because nobody knows these headings: {', '.join(parsed.unread_columns)}")
    _show_counts("read with a note", parsed.notes)
    actor = SystemActor(request_id="import")
    job = None if options.dry_run else _taken_up(options, ask)
    outcome = load_units(
        actor=actor, rows=parsed.rows, source=options.file.name, dry_run=options.dry_run, progress=_progress,
        list_date=options.list_date, job=job,
    )  # fmt: skip
    if job is not None and job.pk and not job.parts:
        journal.forget(job)
    refused = [*parsed.refused, *outcome.refused]
    _say(outcome, parsed.lines, perf_counter() - started)
    return _rejects(refused, options, parsed.sheet)


def _taken_up(options: argparse.Namespace, ask: Ask) -> Import:
    """The import of this very file that was broken off, or a new one."""
    from toli.kit.actor import SystemActor
    from toli.org.importing import journal

    mapping = ask.mapping.read_text(encoding="utf-8-sig") if ask.mapping else ""
    how = (ask.format, ask.state, mapping, ask.create_missing, ask.page, options.list_date)
    digest = journal.digest_of(options.file, *how)
    found = journal.unfinished(digest)
    if found is not None:
        print(f"This import was broken off after {found.parts} parts; it goes on from there.")
        return found
    return journal.begin(
        actor=SystemActor(request_id="import"), source=options.file.name, digest=digest, layout=ask.format,
        state_code=ask.state, list_date=options.list_date,
    )  # fmt: skip


def _mapping(options: argparse.Namespace) -> Path | None:
    """The mapping file: a path, or the name under which the desk saved one."""
    from toli.org.importing.files import saved_mapping

    if options.mapping is None or options.mapping.exists() or options.mapping.suffix:
        return options.mapping
    return saved_mapping(str(options.mapping))


def _progress(step: str, done: int, total: int) -> None:
    if sys.stderr.isatty() and done:
        print(f"\r{step} {done:,} of {total:,}", end="" if done < total else "\n", file=sys.stderr, flush=True)


def _say(outcome: Outcome, lines: int, seconds: float) -> None:
    would = "would be " if outcome.dry_run else ""
    levels = ", ".join(f"{level} {n:,}" for level, n in sorted(outcome.by_level.items()))
    print(f"{lines:,} lines read in {seconds:.1f} s.")
    print(f"{outcome.added:,} units {would}added{f' ({levels})' if levels else ''}.")
    print(f"{outcome.changed:,} {would}completed, {outcome.same:,} as they were.")
    if outcome.seats:
        print(f"{outcome.seats:,} seats opened by norms.")


def _show_counts(title: str, reasons: Sequence[Reason]) -> None:
    from toli.org.importing.reasons import sentence_of

    for code, number in Counter(reason.code for reason in reasons).most_common():
        first = next(reason for reason in reasons if reason.code == code)
        print(f"{number:,} {title}: {sentence_of(first)} (first: line {first.line})")


def _rejects(refused: Sequence[Reason], options: argparse.Namespace, sheet: Sheet | None) -> int:
    from toli.config import env
    from toli.org.importing.reasons import sentence_of
    from toli.org.importing.rejects import write_rejects

    if not refused:
        print("No row was refused.")
        return 0
    for reason in refused[:SHOWN]:
        print(f"line {reason.line}: {sentence_of(reason)}")
    folder = options.rejects or env.read().home / "rejects"
    path = write_rejects(folder, options.what, refused, sheet)
    print(f"{len(refused):,} rows were refused; they lie with their reasons in {path}.")
    print("Correct them there and import that file again; everything else is done.")
    return 0


def _holders(options: argparse.Namespace) -> int:
    from toli.kit.actor import SystemActor
    from toli.org.importing.holders import name_holders, parse_holders
    from toli.org.importing.reading import read_sheet

    actor = SystemActor(request_id="import")
    parsed = parse_holders(read_sheet(options.file))
    outcome = name_holders(actor=actor, rows=parsed.rows, source=options.file.name, dry_run=options.dry_run)
    if parsed.unread_columns:
        print(f"Not read, because nobody knows these headings: {', '.join(parsed.unread_columns)}")
    would = "would be " if options.dry_run else ""
    print(f"{outcome.named:,} seats {would}named, {outcome.same:,} were named already.")
    if options.invite and not options.dry_run:
        print(f"{_invite():,} invitations are on their way; nobody is invited twice.")
    return _rejects([*parsed.refused, *outcome.refused], options, parsed.sheet)


def _invite() -> int:
    """Send the one invitation to everybody who is named and was not invited yet; how many."""
    from django.conf import settings
    from django.utils import timezone

    from toli.delivery.services import queue_invitation
    from toli.kit.actor import SystemActor
    from toli.org.importing.holders import mark_invited
    from toli.org.models import NamedHolder

    now = timezone.now()
    named = NamedHolder.objects.filter(state="named", invitee__invited_at=None).select_related("invitee", "seat__unit")
    invited = []
    for holder in named:
        unit = holder.seat.unit
        params = {"unit": unit.names.get("hi") or str(unit), "link": f"{settings.PUBLIC_URL}/me/"}
        if queue_invitation(invitee=holder.invitee, params=params, unit=unit, now=now):
            invited.append(holder)
    return mark_invited(actor=SystemActor(request_id="import"), holders=invited, now=now)


READERS = {
    "units": _units, "holders": _holders, "stations": import_renewal.stations, "undo": import_renewal.undo,
    "schedule": import_schedule.run, "directory": import_shape.directory,
    "reorganisation": import_shape.reorganisation, "map": import_map.run,
    "invitations": import_invitations.run,
}  # fmt: skip
