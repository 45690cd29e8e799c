"""toli import stations FILE: a new station list against the old one; toli import undo IMPORT: take one back."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from toli.cli import import_invitations

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from toli.org.importing.undoing import Obstacle
    from toli.org.models import Import, StationPair

EXAMPLE = (
    "  toli import stations new-list.csv --state S20 --list-date 2027-01-05 --pairs pairs.csv\n"
    "  toli import stations new-list.csv --state S20 --decisions pairs.csv\n"
    "  toli import undo list\n"
)
COLUMNS = (
    "id", "decision", "rehome", "confidence", "old", "old name", "new", "new name", "kind", "line", "constituency",
)  # fmt: skip


def arguments(kinds: _SubParsersAction[argparse.ArgumentParser]) -> None:
    stations = kinds.add_parser("stations", help="a new list of polling stations against the old one")
    stations.add_argument("file", type=Path)
    stations.add_argument("--state", required=True, metavar="S20", help="the Election Commission's code of the state")
    stations.add_argument(
        "--list-date", type=date.fromisoformat, metavar="2026-01-31", help="numbers change on this day"
    )
    stations.add_argument(
        "--pairs", type=Path, metavar="OUT.csv", help="write the proposed pairs here, to be looked at"
    )
    stations.add_argument(
        "--decisions", type=Path, metavar="IN.csv", help="the pairs with the column decision filled in"
    )
    stations.add_argument("--accept", type=int, metavar="90", help="confirm pairs from this confidence on")
    stations.add_argument("--rest-new", action="store_true", help="whatever has no old station is a new one")
    stations.add_argument("--rest-closed", action="store_true", help="close vanished stations without people")
    stations.add_argument("--apply", action="store_true", help="apply the list once every station is decided")
    undo = kinds.add_parser("undo", help="take an import back; `list` shows the last ones")
    undo.add_argument("ref", metavar="IMPORT|list")
    undo.add_argument("--rest", action="store_true", help="take back what nothing came to, and keep the rest")


def stations(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.org.importing import renewing
    from toli.org.importing.reading import read_sheet

    actor, now = SystemActor(request_id="import"), timezone.now()
    job = _job(options)
    if job.state == "checking":
        renewing.propose(actor=actor, job=job, sheet=read_sheet(options.file))
    if options.decisions:
        _take_decisions(job, options.decisions)
    if options.accept:
        renewing.decide_many(actor=actor, ref=job.ref, act="same", at_least=options.accept, now=now)
    for act, asked in (("new", options.rest_new), ("gone", options.rest_closed)):
        if asked:
            renewing.decide_many(actor=actor, ref=job.ref, act=act, now=now)
    job.refresh_from_db()
    if options.pairs:
        _write_pairs(job, options.pairs)
    _say(job)
    if options.apply:
        done = renewing.apply(actor=actor, ref=job.ref, now=now)
        print(f"{done.same:,} kept their booth ({done.renumbered:,} with a new number),", end=" ")
        print(f"{done.new:,} new, {done.gone:,} closed.")
        print(f"To take it back: toli import undo {job.ref}")
    return 0


def _job(options: argparse.Namespace) -> Import:
    """The comparison of this very file that waits for decisions, or a new one."""
    from toli.kit.actor import SystemActor
    from toli.kit.errors import BadInput
    from toli.org.importing import journal
    from toli.org.models import Import

    if not options.file.is_file():
        raise BadInput(f"There is no file {options.file}.")
    digest = journal.digest_of(options.file, "stations", options.state)
    found = Import.objects.filter(digest=digest, on_desk=False, kind="stations", state__in=["checking", "pairing"])
    if waiting := found.order_by("-id").first():
        return waiting
    return journal.begin(
        actor=SystemActor(request_id="import"), source=options.file.name, digest=digest, layout="stations",
        state_code=options.state, list_date=options.list_date, kind="stations", state="checking",
    )  # fmt: skip


def _say(job: Import) -> None:
    from toli.org.importing import renewing

    counts = renewing.tally(job)
    print(", ".join(f"{name} {number:,}" for name, number in counts.items() if number) or "No station was read.")
    if job.refused:
        print(f"{job.refused:,} rows were refused; import them with `toli import units` to see why.")


def _write_pairs(job: Import, path: Path) -> None:
    from toli.kit.csvfile import write

    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(write(COLUMNS, (_pair_row(pair) for pair in _pairs(job))))
    print(f"The pairs lie in {path}. Decisions: same, new, gone, kept, part; or line:12 for another new station.")


def _pairs(job: Import) -> Iterator[StationPair]:
    rows = job.pairs.select_related("unit", "constituency", "rehome").order_by("constituency_id", "confidence", "id")
    return rows.iterator()


def _pair_row(pair: StationPair) -> list[object]:
    new = pair.station or {}
    code = pair.unit.codes.filter(scheme="eci", valid_to=None).first() if pair.unit else None
    return [
        pair.pk, pair.decision, "", pair.confidence, code.value if code else "", str(pair.unit or ""),
        new.get("code", ""), new.get("name", ""), new.get("kind", ""), pair.line or "", str(pair.constituency),
    ]  # fmt: skip


def _take_decisions(job: Import, path: Path) -> None:
    """A line that cannot be decided as written is said; the others are taken."""
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.kit.errors import BadInput, ToliError
    from toli.org.importing import renewing
    from toli.org.importing.reading import read_sheet

    sheet = read_sheet(path)
    heading = [cell.strip().casefold() for cell in sheet.rows[0].cells] if sheet.rows else []
    if not {"id", "decision"} <= set(heading):
        raise BadInput("The file of decisions needs the columns id and decision.")
    for row in sheet.rows[1:]:
        cells = dict(zip(heading, (cell.strip() for cell in row.cells), strict=False))
        decision, line = cells.get("decision", "").casefold(), None
        if decision.startswith("line:") and decision[5:].isdigit():
            decision, line = "same", int(decision[5:])
        if not decision or not cells["id"].isdigit():
            continue
        try:
            renewing.decide(
                actor=SystemActor(request_id="import"), ref=job.ref, pair_id=int(cells["id"]), decision=decision,
                rehome_code=cells.get("rehome", ""), other_line=line, now=timezone.now(),
            )  # fmt: skip
        except ToliError as error:
            said = " ".join(map(str, getattr(error, "fields", {}).values())) or str(error)
            print(f"line {row.line}: {said}", file=sys.stderr)


def undo(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from toli.kit.actor import SystemActor
    from toli.kit.errors import NotFound
    from toli.org.importing import undoing
    from toli.org.models import Import

    if options.ref == "list":
        _list()
        return 0
    ref = _uuid(options.ref)
    job = Import.objects.filter(ref=ref).first()
    if job is None and ref and (status := import_invitations.undo(ref, partly=options.rest)) is not None:
        return status
    if job is None:
        raise NotFound("There is no such import. `toli import undo list` shows them.")
    try:
        actor = SystemActor(request_id="import")
        done = undoing.undo(actor=actor, job=job, partly=options.rest, now=timezone.now())
    except undoing.Refused as refusal:
        print(refusal, file=sys.stderr)
        _say_obstacles(refusal.obstacles)
        return 1
    print(f"{done.removed:,} units removed, {done.restored:,} as before, {done.kept:,} kept.")
    return 0


def _say_obstacles(obstacles: Sequence[Obstacle]) -> None:
    from toli.org.models import Unit

    ids = [one.unit_id for one in obstacles]
    names = {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=ids[:200])}
    for one in obstacles[:200]:
        print(f"  {names.get(one.unit_id, one.unit_id)}: {one.says}", file=sys.stderr)
    print("--rest takes back everything else.", file=sys.stderr)


def _list() -> None:
    from toli.org.models import Import

    jobs = Import.objects.order_by("-id")[:20]
    rows: list[tuple[Any, ...]] = import_invitations.last_batches()
    rows += [(job.ref, job.state, job.created_at, f"{job.added:,} added", job.source) for job in jobs]
    out = csv.writer(sys.stdout, delimiter="\t")
    for ref, state, at, what, source in sorted(rows, key=lambda row: row[2], reverse=True)[:20]:
        out.writerow([ref, state, f"{at:%Y-%m-%d %H:%M}", what, source])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
