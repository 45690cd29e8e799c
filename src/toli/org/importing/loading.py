"""Writes a checked forest of units in sets: blocks of ids, paths in one pass, COPY straight into the tables."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from time import perf_counter
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed, WrongState
from toli.org import access, services
from toli.org.importing.cells import bare
from toli.org.importing.copying import Folder, array_value, copy_in, escaped, json_value, new_ids, refs, stage
from toli.org.importing.journal import begin, complete, count_part, finish, note_made, slices
from toli.org.importing.kept import Picked
from toli.org.importing.levels import ensure_levels
from toli.org.importing.present import find_known
from toli.org.importing.rows import HIERARCHIES, Reason, UnitRow, above
from toli.org.importing.tree import Known, Plan, plan
from toli.org.models import Import, Norm, Unit
from toli.org.services.counts import lock_tree

PART = 25_000
TRIES = 3
Progress = Callable[[str, int, int], None]


@dataclass
class Outcome:
    """What an import did, or would do. `seconds` by step."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: list[Reason] = field(default_factory=list)
    by_level: Counter[str] = field(default_factory=Counter)
    seats: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    dry_run: bool = False


def _silent(step: str, done: int, total: int) -> None:
    pass


def load_units(
    *,
    actor: Actor,
    rows: Sequence[UnitRow],
    source: str,
    dry_run: bool = False,
    list_date: date | None = None,
    progress: Progress = _silent,
    job: Import | None = None,
) -> Outcome:
    """Add what is new and complete what is known. A second run of the same file changes nothing.

    It is written in parts of PART rows, each a transaction with a record of its own; refused rows are reported and
    the rest goes in. Whoever starts a broken import again with its `job` goes on behind the last part: what is in the
    tree is found by its codes. 200,000 booths take about 20 s. Raises journal.Stopped when asked to stop.
    """
    check_right(actor)
    load = _Load(actor, source, list_date, progress, Outcome(dry_run=dry_run), job)
    for attempt in range(TRIES):
        try:
            return load.run(rows)
        except IntegrityError:
            if attempt == TRIES - 1:
                raise WrongState(
                    _("The tree was changed while the file was loaded. What is in stays; start it again to go on.")
                )
    raise AssertionError


def check_right(actor: Actor) -> None:
    """Importing shapes the whole tree, so the right must hold at its root. Raises NotAllowed, NeedsSecondFactor."""
    if actor.is_system:
        return
    for root in Unit.objects.filter(path__gt="", parent_links=None):
        access.require(actor, "org.import", root)
    if not Unit.objects.exists():
        raise NotAllowed()


@dataclass
class _Load:
    actor: Actor
    source: str
    list_date: date | None
    progress: Progress
    outcome: Outcome
    job: Import | None = None
    levels: dict[str, tuple[int, int]] = field(default_factory=dict)
    parents: frozenset[str] = frozenset()
    """Every key that a row names as being above it."""
    known: Mapping[str, Known] = field(default_factory=dict)
    placed: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Id and path of new units: of those of the part at work, and of all that others stand below."""
    folder: Folder = field(default_factory=Folder)
    total: int = 0
    written: int = 0

    def run(self, rows: Sequence[UnitRow]) -> Outcome:
        clock = perf_counter()
        with transaction.atomic():
            self.levels = ensure_levels()
            self.parents = frozenset(key for row in rows for key in above(row))
            ranks = {key: rank for key, (_id, rank) in self.levels.items()}
            self.known, self.placed = find_known(rows, self.parents, ranks), {}
            checked = plan(rows, ranks, self.known, top=self._top(rows, ranks))
        self._refuse_moves(checked)
        self.outcome.refused = sorted(checked.refused)
        self.outcome.seconds["check"] = perf_counter() - clock
        if self.outcome.dry_run:
            return self._only_say(checked)
        self._write(checked)
        self.outcome.seconds["all"] = perf_counter() - clock
        return self.outcome

    def _top(self, rows: Sequence[UnitRow], ranks: Mapping[str, int]) -> int:
        """The lowest rank at which a new unit may stand alone: that of the tops there are, or of the file's first. A
        person's right ends at the top they have, so only the command makes another one.
        """
        tops = Unit.objects.filter(path__gt="", parent_links=None).values_list("level__rank", flat=True)
        if highest := list(tops):
            return max(highest) if self.actor.is_system else -1
        return min((ranks[row.level] for row in rows if row.level in ranks and not above(row)), default=0)

    def _only_say(self, checked: Plan) -> Outcome:
        self.outcome.added = len(checked.new)
        self.outcome.by_level = Counter(checked.by_level)
        self.outcome.changed = sum(len(self._changes(list(same))) for same in slices(checked.same, PART))
        self.outcome.same = len(checked.same) - self.outcome.changed
        return self.outcome

    def _write(self, checked: Plan) -> None:
        self.total = len(checked.new) + len(checked.same)
        for new in slices(checked.new, PART):
            with transaction.atomic():
                lock_tree()
                self._add(list(new))
        for same in slices(checked.same, PART):
            with transaction.atomic():
                lock_tree()
                self._bring_up_to_date(list(same))
        with transaction.atomic():
            lock_tree()
            self._finish()

    def _add(self, new: Sequence[UnitRow]) -> None:
        """One part of new units: everything of it, or nothing."""
        clock = perf_counter()
        job = self._count_part(added=len(new))
        self._place(new)
        self._copy_units(new)
        self._spend("units", clock)
        clock = perf_counter()
        self._copy_codes(new)
        self._copy_links(new)
        note_made(job, (self._id_of(row.key) for row in new))
        self._spend("codes and links", clock)
        self._count(new)
        self.outcome.added += len(new)
        self.outcome.by_level.update(row.level for row in new)
        self._record(added=len(new), changed=0)
        for row in new:
            if row.key not in self.parents:
                del self.placed[row.key]

    def _bring_up_to_date(self, same: Sequence[UnitRow]) -> None:
        """One part of known units: what the file adds to them, with what stood there kept for an undo."""
        changes = self._changes(same)
        self._stage_known(same, changes)
        if not changes and not self._adds_rows():
            self.outcome.same += len(same)
            return
        job = self._count_part(changed=len(changes))
        complete(job, on=self.list_date)
        self.outcome.changed += len(changes)
        self.outcome.same += len(same) - len(changes)
        if changes:
            self._record(added=0, changed=len(changes))

    def _finish(self) -> None:
        """Figures and seats, once all parts are in; the levels are asked of the book, because another run may have
        written some of the parts.
        """
        while services.fold_counts():
            pass
        if self.job is None:
            return
        self._open_seats(self.job)
        total = {"same": self.outcome.same, "refused": len(self.outcome.refused), "seats": self.outcome.seats}
        finish(self.job, **total)

    def _count_part(self, **counts: int) -> Import:
        if self.job is None:
            self.job = begin(actor=self.actor, source=self.source, list_date=self.list_date)
        self.written += sum(counts.values())
        self.progress("units", self.written, self.total)
        count_part(self.job, step="units", done=self.written, total=self.total, **counts)
        return self.job

    def _record(self, **counts: int) -> None:
        data = {"source": self.source, "refused": len(self.outcome.refused), **counts}
        audit.record(self.actor, "org.units_imported", self.job, data=data)

    def _spend(self, step: str, since: float) -> None:
        self.outcome.seconds[step] = self.outcome.seconds.get(step, 0.0) + perf_counter() - since

    # -- what is there already --

    def _refuse_moves(self, checked: Plan) -> None:
        """An import never moves a unit by accident: another parent than today's is a refusal, not a move."""
        kept = array("I")
        for place, row in zip(checked.same.places, checked.same, strict=True):
            there, parent = self.known[row.key], self.known.get(row.parent)
            if row.parent and not row.loose and there.path and (parent is None or parent.id != there.parent_id):
                cells = (row.level, row.key, row.parent)
                checked.refused.append(Reason(row.line, "other_parent", detail=row.parent[:120], cells=cells))
            else:
                kept.append(place)
        checked.same = Picked(checked.rows, kept)

    def _changes(self, same: Sequence[UnitRow]) -> list[tuple[Any, ...]]:
        """(id, names, aliases, attrs, tokens) of known units to which the file adds something."""
        if not same:
            return []
        present = _details([self._id_of(row.key) for row in same])
        changes = []
        for row in same:
            unit_id = self._id_of(row.key)
            names, aliases, attrs = present[unit_id]
            spelt = {*names.values(), *aliases}
            more = [a for a in (*row.aliases, *_other_spellings(row, names)) if a not in spelt]
            new_names, new_attrs = {**row.names, **names}, {**attrs, **row.attrs}
            if more or new_names != names or new_attrs != attrs:
                all_aliases = [*aliases, *dict.fromkeys(more)]
                tokens = self.folder.tokens([*new_names.values(), *all_aliases])
                changes.append((unit_id, new_names, all_aliases, new_attrs, tokens))
        return changes

    # -- where it stands --

    def _id_of(self, key: str) -> int:
        return self._path_of(key)[0]

    def _path_of(self, key: str) -> tuple[int, str]:
        if key in self.placed:
            return self.placed[key]
        there = self.known[key]
        return there.id, there.path

    # -- what is written --

    def _place(self, new: Sequence[UnitRow]) -> None:
        """Ids from the sequence and paths, parents first: one pass."""
        for row, unit_id in zip(new, new_ids("org_unit", len(new)), strict=True):
            if row.parent:
                upper = self._path_of(row.parent)[1]
                path = f"{upper}{unit_id}/" if upper else ""
            else:
                path = f"{unit_id}/" if not above(row) else ""
            self.placed[row.key] = (unit_id, path)

    def _copy_units(self, new: Sequence[UnitRow]) -> None:
        """The index of search keys collects more before it sorts it in; the last row makes it take the rest."""
        columns = "id, ref, level_id, names, aliases, tokens, path, attrs, active, valid_from"
        statement = f"COPY org_unit ({columns}) FROM STDIN"
        lines = self._unit_lines(new)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL gin_pending_list_limit = '64MB'")
            copy_in(statement, islice(lines, max(0, len(new) - 1)))
            cursor.execute("SET LOCAL gin_pending_list_limit = '64kB'")
            copy_in(statement, lines)
            cursor.execute("RESET work_mem; RESET gin_pending_list_limit")

    def _unit_lines(self, new: Sequence[UnitRow]) -> Iterator[str]:
        levels = {key: level_id for key, (level_id, _rank) in self.levels.items()}
        since = self.list_date.isoformat() if self.list_date else "\\N"
        placed = self.placed
        tokens_of, array = self.folder.array, array_value
        for row, ref in zip(new, refs(len(new)), strict=True):
            unit_id, path = placed[row.key]
            names = row.names
            tokens = tokens_of((*names.values(), *row.aliases))
            aliases = array(row.aliases) if row.aliases else "{}"
            yield (
                f"{unit_id}\t{ref}\t{levels[row.level]}\t{json_value(names)}\t{aliases}\t{tokens}\t{path}\t"
                f"{json_value(row.attrs)}\tt\t{since}\n"
            )

    def _copy_codes(self, new: Sequence[UnitRow]) -> None:
        since = self.list_date.isoformat() if self.list_date else "\\N"
        placed = self.placed
        copy_in(
            "COPY org_unitcode (unit_id, scheme, value, list_date) FROM STDIN",
            (
                f"{placed[row.key][0]}\t{scheme}\t{escaped(value)}\t{since}\n"
                for row in new
                for scheme, value in row.codes
            ),
        )

    def _copy_links(self, new: Sequence[UnitRow]) -> None:
        copy_in("COPY org_unitlink (hierarchy, child_id, parent_id, valid_from) FROM STDIN", self._link_lines(new))

    def _link_lines(self, rows: Sequence[UnitRow]) -> Iterator[str]:
        since = self.list_date.isoformat() if self.list_date else "\\N"
        for row in rows:
            child = self._id_of(row.key)
            for hierarchy, column in HIERARCHIES:
                if parent := getattr(row, column):
                    yield f"{hierarchy}\t{child}\t{self._id_of(parent)}\t{since}\n"

    def _stage_known(self, same: Sequence[UnitRow], changes: Sequence[tuple[Any, ...]]) -> None:
        """Names, codes and links the file adds to units that were there, in tables of this transaction."""
        stage(STAGE_CODES, (
            f"{self._id_of(row.key)}\t{scheme}\t{escaped(value)}\n" for row in same for scheme, value in row.codes
        ))  # fmt: skip
        firm = [row for row in same if not row.loose]
        stage(STAGE_LINKS, (line.rsplit("\t", 1)[0] + "\n" for line in self._link_lines(firm)))
        stage(STAGE_CHANGES, (
            f"{unit_id}\t{json_value(names)}\t{array_value(aliases)}\t{json_value(attrs)}\t{array_value(tokens)}\n"
            for unit_id, names, aliases, attrs, tokens in changes
        ))  # fmt: skip

    def _adds_rows(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(ADDS_ROWS, {"on": self.list_date})
            return bool(cursor.fetchone()[0])

    def _count(self, new: Sequence[UnitRow]) -> None:
        """How many units of each level lie below: counted at the parent, folded upward."""
        below = Counter((self._id_of(row.parent), row.level) for row in new if row.parent)
        services.add_counts((unit_id, None, f"units.{level}", n, None) for (unit_id, level), n in below.items())

    def _open_seats(self, job: Import) -> None:
        """Norms that hold for the new units open their seats there too."""
        with connection.cursor() as cursor:
            cursor.execute(LEVELS_MADE, [job.pk])
            levels = [row[0] for row in cursor.fetchall()]
        norms = Norm.objects.filter(kind=Norm.Kind.HEADCOUNT, valid_to=None, team_kind__level_id__in=levels)
        for norm in norms.select_related("scope", "team_kind"):
            self.outcome.seats += services.open_seats(actor=self.actor, norm=norm, now=_now())
        if self.outcome.seats:
            services.fold_counts()


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def _other_spellings(row: UnitRow, names: Mapping[str, str]) -> list[str]:
    """A name in a language the unit is already named in: kept as an alias when it is truly another spelling."""
    return [name for tag, name in row.names.items() if tag in names and bare(name) != bare(names[tag])]


def _details(unit_ids: Sequence[int]) -> dict[int, tuple[dict[str, str], list[str], dict[str, Any]]]:
    rows = Unit.objects.filter(pk__in=unit_ids) if len(unit_ids) < 50_000 else Unit.objects.all()
    return {
        pk: (names, aliases, attrs) for pk, names, aliases, attrs in rows.values_list("pk", "names", "aliases", "attrs")
    }


STAGE_CODES = "import_more_codes (unit_id bigint, scheme text, value text)"
STAGE_LINKS = "import_more_links (hierarchy text, child_id bigint, parent_id bigint)"
# Whether anything staged is not in the tree yet, or known from an older list only.
ADDS_ROWS = """
SELECT EXISTS (
    SELECT FROM import_more_codes m WHERE NOT EXISTS (
        SELECT FROM org_unitcode c WHERE c.scheme = m.scheme AND c.value = m.value AND c.valid_to IS NULL
          AND (%(on)s::date IS NULL OR c.unit_id <> m.unit_id OR c.list_date >= %(on)s::date))
) OR EXISTS (
    SELECT FROM import_more_links m WHERE m.hierarchy <> 'org' AND NOT EXISTS (
        SELECT FROM org_unitlink l WHERE l.child_id = m.child_id AND l.hierarchy = m.hierarchy AND l.valid_to IS NULL)
)
"""
LEVELS_MADE = """
SELECT DISTINCT u.level_id FROM org_importedunit i JOIN org_unit u ON u.id = i.unit_id
WHERE i.import_id = %s AND i.before IS NULL AND u.path <> ''
"""
STAGE_CHANGES = "import_changes (id bigint, names jsonb, aliases text[], attrs jsonb, tokens text[])"
