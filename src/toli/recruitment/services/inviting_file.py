"""The worker's side of a batch: every row checked, then written in parts, each in a transaction that also says so.

What a part costs: parsing and one keyed digest per row, one cipher per new number, one COPY of digests to be looked up,
and two COPYs of what fits (bench: `toli bench invitations`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice

from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from toli.accounts.queries import is_demo
from toli.audit import services as audit
from toli.kit import secrets
from toli.kit.actor import SystemActor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, ToliError, WrongState
from toli.kit.forbidden import has_aadhaar
from toli.org.importing import files
from toli.org.importing.copying import copy_in, escaped, new_ids, refs
from toli.org.importing.reading import Sheet, SheetRow, stream_of
from toli.org.importing.rows import Reason
from toli.people.queries import CONTACT_CONTEXT
from toli.recruitment import queries
from toli.recruitment.inviting import SAMPLE, InviteRow, columns_not_given, read_rows
from toli.recruitment.models import InvitationBatch
from toli.recruitment.services.batches import WHY_NOT, find_columns

log = logging.getLogger("toli.invitations")
State = InvitationBatch.State
PART = 20_000
KEPT = timedelta(days=30)
PARTED = 7_413_001
"""The advisory lock of a part: two files with the same number are written one after the other."""


Told = Callable[[InvitationBatch], None]


def _nobody(_batch: InvitationBatch) -> None:
    """Where nobody watches the parts go by."""


def carry_on_batches() -> int:
    """Take up the batch that has waited longest; how many were worked on. What was killed goes on behind its part."""
    waiting = InvitationBatch.objects.filter(on_desk=True, state__in=[State.CHECKING, State.LOADING])
    batch = waiting.order_by("changed_at", "id").first()
    if batch is None:
        return 0
    carry_on(batch)
    return 1


def carry_on(batch: InvitationBatch, *, told: Told = _nobody) -> None:
    """Check the batch or write it, whichever it waits for; a fault leaves it failed, with the reason.

    `told` hears of each part.
    """
    with translation.override(batch.language):
        try:
            work(batch, told=told)
        except ToliError as refusal:
            sentences = [str(refusal), *map(str, getattr(refusal, "fields", {}).values())]
            _end(batch, State.FAILED, why=" ".join(dict.fromkeys(sentences))[:500])
        except OperationalError:
            raise  # the database is away: the tick tries again
        except Exception:
            log.exception("batch %s failed", batch.ref)
            _end(batch, State.FAILED, why=_("A fault of ours stopped the import. What was loaded stays; try to go on."))


def work(batch: InvitationBatch, *, told: Told = _nobody) -> None:
    """Check the batch or write it, whichever it waits for. Raises ToliError."""
    if batch.state == State.CHECKING:
        _check(batch, told)
    else:
        _load(batch, told)


@dataclass
class _File:
    """The rows of an upload as they are read, with the reasons gathered on the way."""

    batch: InvitationBatch
    refused: list[Reason] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)
    """The first bytes of every digest so far: a number that stands twice is invited once."""

    def __post_init__(self) -> None:
        self.sheet, rows = stream_of(files.path_of(self.batch).read_bytes())
        first = list(islice(rows, SAMPLE))
        self.heading, self.columns, below = find_columns(first)
        self.units = queries.UnitNames(self.batch.unit)
        self._rows = chain(below, rows)
        self.cells: dict[int, list[str]] = {}

    def parts(self) -> Iterator[list[InviteRow | None]]:
        rows = read_rows(self._watched(), self.columns, demo=is_demo(), refused=self.refused)
        while part := list(islice(rows, PART)):
            yield part
            self.cells.clear()

    def _watched(self) -> Iterator[SheetRow]:
        """The rows, watched to the last one for what refuses the whole file."""
        while block := list(islice(self._rows, SAMPLE)):
            self._watch(block)
            yield from block

    def _watch(self, block: list[SheetRow]) -> None:
        for row in block:
            self.cells[row.line] = row.cells
            if any(len(cell) > 11 and has_aadhaar(cell) for cell in row.cells):
                raise BadInput(_("A cell of this file holds an Aadhaar number. Nothing of it may be kept; remove it."))
        if found := columns_not_given(self.heading.cells, (row.cells for row in block)):
            raise BadInput(WHY_NOT[found[0][1]])

    def fitting(self, part: list[InviteRow | None]) -> tuple[list[InviteRow], list[int], list[bytes]]:
        """Rows with a unit and a number that no earlier row had, with unit ids and digests."""
        read = [row for row in part if row is not None]
        rows: list[InviteRow] = []
        units: list[int] = []
        digests: list[bytes] = []
        for row, digest in zip(read, secrets.blind_indexes(row.phone for row in read), strict=True):
            unit = self.units.find(row.unit)
            if isinstance(unit, str):
                self.refuse(row.line, unit, "unit")
            elif digest[:12] in self.seen:
                self.refuse(row.line, "same_phone", "phone")
            else:
                self.seen.add(digest[:12])
                rows.append(row)
                units.append(unit)
                digests.append(digest)
        return rows, units, digests

    def refuse(self, line: int, code: str, column: str) -> None:
        self.refused.append(Reason(line, code, column, "", tuple(self.cells.get(line, ()))))

    def keep_reasons(self) -> None:
        refused = sorted(self.refused)
        notes = [Reason(line, code, "", detail) for line, code, detail in self.sheet.notes]
        rows = [self.heading, *(SheetRow(one.line, list(one.cells)) for one in refused)]
        headed = Sheet(rows=rows, encoding="", heading_line=self.heading.line)
        files.keep_reasons(self.batch, refused, notes, headed)


# Who gets no invitation: invited before, a number of somebody who joined (or asked to be forgotten), or one that said
# stop. One reason for all, so that nobody can try out whose number is known. A row of this very batch is a resumed one.
LOOK_UP = """
SELECT p.place, EXISTS (
    SELECT 1 FROM people_invitee i JOIN recruitment_invitation n ON n.invitee_id = i.id
    WHERE i.index = p.index AND n.batch_id = %(batch)s
) FROM invite_part p
WHERE EXISTS (SELECT 1 FROM people_invitee i WHERE i.index = p.index AND i.erased_at IS NULL)
   OR EXISTS (SELECT 1 FROM people_contactpoint c WHERE c.index = p.index AND c.valid_to IS NULL)
   OR EXISTS (SELECT 1 FROM consent_numberstop s WHERE s.index = p.index AND s.lifted_at IS NULL)
"""


def _look_up(batch: InvitationBatch, digests: list[bytes]) -> dict[int, str]:
    """Place -> reason of the numbers that get no invitation. One statement; the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS invite_part (place int, index bytea) ON COMMIT DROP")
        cursor.execute("TRUNCATE invite_part")
        lines = (f"{place}\t\\\\x{digest.hex()}\n" for place, digest in enumerate(digests))
        copy_in("COPY invite_part (place, index) FROM STDIN", lines)
        cursor.execute("ANALYZE invite_part")
        cursor.execute(LOOK_UP, {"batch": batch.pk})
        return {place: "same_phone" if ours else "no_invitation" for place, ours in cursor.fetchall()}


def _check(batch: InvitationBatch, told: Told) -> None:
    """Everything a load does except writing."""
    found, lines, fit = _File(batch), 0, 0
    for part in found.parts():
        rows, _units, digests = found.fitting(part)
        with transaction.atomic():
            no = _look_up(batch, digests)
        for place, code in no.items():
            found.refuse(rows[place].line, code, "phone")
        lines, fit = lines + len(part), fit + len(rows) - len(no)
        _progress(batch, lines, lines)
        told(batch)
    found.keep_reasons()
    _end(
        batch, State.CHECKED, lines=lines, fit=fit, refused=len(found.refused), encoding=found.sheet.encoding,
        total=lines, done=0,
    )  # fmt: skip


def _progress(batch: InvitationBatch, done: int, total: int) -> None:
    batch.done, batch.total = done, total
    InvitationBatch.objects.filter(pk=batch.pk).update(done=done, total=total, changed_at=timezone.now())


def _load(batch: InvitationBatch, told: Told) -> None:
    found, resumed, behind = _File(batch), batch.parts, batch.done
    for part in found.parts():
        if behind >= len(part):
            behind -= len(part)
            continue
        rows, units, digests = found.fitting(part)
        _write_part(batch, found, rows, units, digests, len(part))
        told(batch)
    if not resumed:
        found.keep_reasons()
    with transaction.atomic():
        _end(batch, State.LOADED, refused=batch.lines - batch.made if batch.lines else len(found.refused))
        actor = SystemActor(request_id=f"batch {batch.pk}")
        audit.record(actor, "recruitment.batch_loaded", batch, unit=batch.unit, data={"invitations": batch.made})


@transaction.atomic
def _write_part(
    batch: InvitationBatch, found: _File, rows: list[InviteRow], units: list[int], digests: list[bytes], size: int
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PARTED])
    no = _look_up(batch, digests)
    for place, code in no.items():
        found.refuse(rows[place].line, code, "phone")
    kept = [place for place in range(len(rows)) if place not in no]
    _copy(batch, [(rows[place], units[place], digests[place]) for place in kept])
    batch.made, batch.done = batch.made + len(kept), batch.done + size
    mine = InvitationBatch.objects.filter(pk=batch.pk, parts=batch.parts, state=State.LOADING)
    if not mine.update(parts=batch.parts + 1, made=batch.made, done=batch.done, changed_at=timezone.now()):
        raise WrongState(_("Another process goes on with this import."))
    batch.parts += 1


def _copy(batch: InvitationBatch, rows: list[tuple[InviteRow, int, bytes]]) -> None:
    now: datetime = timezone.now()
    ids = new_ids("people_invitee", len(rows))
    sealed = secrets.encrypt_many((row.phone for row, _unit, _digest in rows), context=CONTACT_CONTEXT)
    source = escaped(f"{batch.source}: {batch.source_words}")
    voucher = r"\N" if batch.declared_by_id is None else str(batch.declared_by_id)
    tail = f"\t{source}\t{voucher}\t{now.isoformat()}\t{local_day(now + KEPT)}\n"
    copy_in(
        "COPY people_invitee (id, ref, name, index, cipher, key_version, last_digits, source, vouched_by_id,"
        " imported_at, erase_on) FROM STDIN",
        (
            f"{pk}\t{ref}\t\t\\\\x{digest.hex()}\t\\\\x{cipher.hex()}\t{version}\t{row.phone[-3:]}{tail}"
            for pk, ref, (row, _unit, digest), (cipher, version) in zip(ids, refs(len(rows)), rows, sealed, strict=True)
        ),
    )
    copy_in(
        "COPY recruitment_invitation (batch_id, invitee_id, unit_id, line) FROM STDIN",
        (f"{batch.pk}\t{pk}\t{unit}\t{row.line}\n" for pk, (row, unit, _digest) in zip(ids, rows, strict=True)),
    )


def _end(batch: InvitationBatch, state: str, **values: object) -> None:
    batch.state = State(state)
    for name, value in values.items():
        setattr(batch, name, value)
    InvitationBatch.objects.filter(pk=batch.pk).update(state=state, changed_at=timezone.now(), **values)
