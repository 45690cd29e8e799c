"""Writes a checked forest of units in sets: blocks of ids, paths in one pass, COPY straight into the tables."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed
from toli.org import access, services
from toli.org.importing.cells import bare
from toli.org.importing.copying import Folder, array_value, copy_in, escaped, json_value, new_ids, refs
from toli.org.importing.levels import ensure_levels
from toli.org.importing.rows import Reason, UnitRow
from toli.org.importing.tree import Known, Plan, plan
from toli.org.models import Norm, Unit
from toli.org.services.counts import lock_tree

Progress = Callable[[str, int, int], None]
NAMED_LEVELS = ("state", "division", "district")
HIERARCHIES = (("org", "parent"), ("electoral", "electoral_parent"), ("administrative", "administrative_parent"))


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
) -> Outcome:
    """Add what is new and complete what is known; one record for all. A second run of the same file changes nothing.

    All or nothing: refused rows are reported, the rest goes in as one transaction. 200,000 booths take about 20 s.
    """
    _check_right(actor)
    with transaction.atomic():
        lock_tree()
        return _Load(actor, source, list_date, progress, Outcome(dry_run=dry_run)).run(rows)


def _check_right(actor: Actor) -> None:
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
    levels: dict[str, tuple[int, int]] = field(default_factory=dict)
    paths: dict[str, tuple[int, str]] = field(default_factory=dict)
    folder: Folder = field(default_factory=Folder)

    def run(self, rows: Sequence[UnitRow]) -> Outcome:
        clock = perf_counter()
        self.levels = ensure_levels()
        known = self._known(rows)
        checked = plan(rows, {key: rank for key, (_id, rank) in self.levels.items()}, known)
        self._refuse_moves(checked, known)
        self.outcome.refused = sorted(checked.refused)
        self.outcome.added = len(checked.new)
        self.outcome.by_level = Counter(row.level for row in checked.new)
        self.outcome.seconds["check"] = perf_counter() - clock
        changes = self._changes(checked.same)
        self.outcome.changed, self.outcome.same = len(changes), len(checked.same) - len(changes)
        if self.outcome.dry_run:
            return self.outcome
        self._write(checked, changes, known)
        self.outcome.seconds["all"] = perf_counter() - clock
        return self.outcome

    def _write(self, checked: Plan, changes: list[tuple[Any, ...]], known: Mapping[str, Known]) -> None:
        clock = perf_counter()
        self._place(checked.new, known)
        self._copy_units(checked.new)
        self.outcome.seconds["units"] = perf_counter() - clock
        self._copy_codes(checked.new)
        self._copy_links(checked.new, known)
        self._complete(checked.same, changes, known)
        self.outcome.seconds["codes and links"] = perf_counter() - clock - self.outcome.seconds["units"]
        self._count(checked.new, known)
        self._open_seats(checked.new)
        if checked.new or changes:
            data = {"source": self.source, "added": len(checked.new), "changed": len(changes)}
            refused = {"refused": len(self.outcome.refused)}
            audit.record(self.actor, "org.units_imported", None, data=data | refused)

    # -- what is there already --

    def _known(self, rows: Sequence[UnitRow]) -> dict[str, Known]:
        """Units the rows and their parents name by code, or (states, divisions, districts) by name."""
        codes = {f"{scheme}:{value}" for row in rows for scheme, value in row.codes}
        codes.update(row.key for row in rows)
        codes.update(getattr(row, column) for row in rows for _h, column in HIERARCHIES)
        codes.discard("")
        found = _units_by_code(codes)
        by_name: dict[tuple[str, str], list[Known]] | None = None
        for row in rows:
            if row.key in found:
                continue
            same = next((found[f"{s}:{v}"] for s, v in row.codes if f"{s}:{v}" in found), None)
            if same is None and row.level in NAMED_LEVELS:
                by_name = by_name if by_name is not None else _units_by_name()
                same = _only(by_name, row)
            if same is not None:
                found[row.key] = same
        return found

    def _refuse_moves(self, checked: Plan, known: Mapping[str, Known]) -> None:
        """An import never moves a unit by accident: another parent than today's is a refusal, not a move."""
        kept = []
        for row, there in checked.same:
            parent = known.get(row.parent)
            if row.parent and not row.loose and there.path and (parent is None or parent.id != there.parent_id):
                cells = (row.level, row.key, row.parent)
                checked.refused.append(Reason(row.line, "other_parent", detail=row.parent[:120], cells=cells))
            else:
                kept.append((row, there))
        checked.same = kept

    def _changes(self, same: Sequence[tuple[UnitRow, Known]]) -> list[tuple[Any, ...]]:
        """(id, names, aliases, attrs, tokens) of known units to which the file adds something."""
        if not same:
            return []
        present = _details([there.id for _row, there in same])
        changes = []
        for row, there in same:
            names, aliases, attrs = present[there.id]
            spelt = {*names.values(), *aliases}
            more = [a for a in (*row.aliases, *_other_spellings(row, names)) if a not in spelt]
            new_names, new_attrs = {**row.names, **names}, {**attrs, **row.attrs}
            if more or new_names != names or new_attrs != attrs:
                all_aliases = [*aliases, *dict.fromkeys(more)]
                tokens = self.folder.tokens([*new_names.values(), *all_aliases])
                changes.append((there.id, new_names, all_aliases, new_attrs, tokens))
        return changes

    # -- what is written --

    def _place(self, new: Sequence[UnitRow], known: Mapping[str, Known]) -> None:
        """Ids from the sequence and paths, parents first: one pass."""
        self.paths = {key: (there.id, there.path) for key, there in known.items()}
        placed = self.paths
        for row, unit_id in zip(new, new_ids("org_unit", len(new)), strict=True):
            if row.parent:
                above = placed[row.parent][1]
                path = f"{above}{unit_id}/" if above else ""
            else:
                path = f"{unit_id}/" if not (row.electoral_parent or row.administrative_parent) else ""
            placed[row.key] = (unit_id, path)

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
        placed, total = self.paths, len(new)
        tokens_of, array = self.folder.array, array_value
        for done, (row, ref) in enumerate(zip(new, refs(total), strict=True)):
            unit_id, path = placed[row.key]
            names = row.names
            tokens = tokens_of((*names.values(), *row.aliases))
            aliases = array(row.aliases) if row.aliases else "{}"
            yield (
                f"{unit_id}\t{ref}\t{levels[row.level]}\t{json_value(names)}\t{aliases}\t{tokens}\t{path}\t"
                f"{json_value(row.attrs)}\tt\t{since}\n"
            )
            if done % 10_000 == 0:
                self.progress("units", done, total)

    def _copy_codes(self, new: Sequence[UnitRow]) -> None:
        since = self.list_date.isoformat() if self.list_date else "\\N"
        placed = self.paths
        copy_in(
            "COPY org_unitcode (unit_id, scheme, value, list_date) FROM STDIN",
            (
                f"{placed[row.key][0]}\t{scheme}\t{escaped(value)}\t{since}\n"
                for row in new
                for scheme, value in row.codes
            ),
        )

    def _copy_links(self, new: Sequence[UnitRow], known: Mapping[str, Known]) -> None:
        copy_in("COPY org_unitlink (hierarchy, child_id, parent_id, valid_from) FROM STDIN", self._link_lines(new))

    def _link_lines(self, rows: Sequence[UnitRow]) -> Iterator[str]:
        since = self.list_date.isoformat() if self.list_date else "\\N"
        placed = self.paths
        for row in rows:
            child = placed[row.key][0]
            if row.parent:
                yield f"org\t{child}\t{placed[row.parent][0]}\t{since}\n"
            if row.electoral_parent:
                yield f"electoral\t{child}\t{placed[row.electoral_parent][0]}\t{since}\n"
            if row.administrative_parent:
                yield f"administrative\t{child}\t{placed[row.administrative_parent][0]}\t{since}\n"

    def _complete(
        self, same: Sequence[tuple[UnitRow, Known]], changes: Sequence[tuple[Any, ...]], known: Mapping[str, Known]
    ) -> None:
        """Names, codes and links the file adds to units that were there."""
        if not same:
            return
        rows = [row for row, _there in same]
        _stage(STAGE_CODES, (
            f"{self.paths[row.key][0]}\t{scheme}\t{escaped(value)}\n" for row in rows for scheme, value in row.codes
        ))  # fmt: skip
        firm = [row for row in rows if not row.loose]
        _stage(STAGE_LINKS, (line.rsplit("\t", 1)[0] + "\n" for line in self._link_lines(firm)))
        _stage(STAGE_CHANGES, (
            f"{unit_id}\t{json_value(names)}\t{array_value(aliases)}\t{json_value(attrs)}\t{array_value(tokens)}\n"
            for unit_id, names, aliases, attrs, tokens in changes
        ))  # fmt: skip
        with connection.cursor() as cursor:
            for statement in (COMPLETE_CODES, COMPLETE_LINKS):
                cursor.execute(statement, {"on": self.list_date})
            cursor.execute(COMPLETE_UNITS)

    def _count(self, new: Sequence[UnitRow], known: Mapping[str, Known]) -> None:
        """How many units of each level lie below: counted at the parent, folded upward."""
        below = Counter((self.paths[row.parent][0], row.level) for row in new if row.parent)
        services.add_counts((unit_id, None, f"units.{level}", n, None) for (unit_id, level), n in below.items())
        while services.fold_counts():
            pass

    def _open_seats(self, new: Sequence[UnitRow]) -> None:
        """Norms that hold for the new units open their seats there too."""
        levels = {self.levels[row.level][0] for row in new if row.parent}
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


def _only(by_name: Mapping[tuple[str, str], list[Known]], row: UnitRow) -> Known | None:
    found = {k.id: k for name in (*row.names.values(), *row.aliases) for k in by_name.get((row.level, bare(name)), ())}
    return next(iter(found.values())) if len(found) == 1 else None


BY_CODE = """
SELECT c.scheme || ':' || c.value, u.id, v.key, u.path FROM {source}
JOIN org_unit u ON u.id = c.unit_id JOIN org_level v ON v.id = u.level_id
"""


def _units_by_code(codes: set[str]) -> dict[str, Known]:
    """Known units by "scheme:value". A small tree is read whole, a large one by joining what the file names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT 1 FROM org_unitcode LIMIT %s) AS few", [len(codes) + 10_000])
        if cursor.fetchone()[0] < len(codes) + 10_000:
            source = "org_unitcode c"
        else:
            pairs = ("\t".join(map(escaped, code.partition(":")[::2])) + "\n" for code in codes)
            _stage("import_code (scheme text, value text)", pairs)
            cursor.execute("ANALYZE import_code")
            source = "import_code i JOIN org_unitcode c ON c.scheme = i.scheme AND c.value = i.value"
        cursor.execute(f"{BY_CODE.format(source=source)} WHERE c.valid_to IS NULL")
        return {code: _known(unit_id, level, path) for code, unit_id, level, path in cursor.fetchall()}


def _known(unit_id: int, level: str, path: str) -> Known:
    above = path.rstrip("/").split("/")[:-1]
    return Known(unit_id, level, path, int(above[-1]) if above else None)


def _units_by_name() -> dict[tuple[str, str], list[Known]]:
    found: dict[tuple[str, str], list[Known]] = {}
    rows = Unit.objects.filter(level__key__in=NAMED_LEVELS, active=True).select_related("level")
    for unit in rows:
        for name in {bare(text) for text in (*unit.names.values(), *unit.aliases)}:
            found.setdefault((unit.level.key, name), []).append(_known(unit.pk, unit.level.key, unit.path))
    return found


def _details(unit_ids: Sequence[int]) -> dict[int, tuple[dict[str, str], list[str], dict[str, Any]]]:
    rows = Unit.objects.filter(pk__in=unit_ids) if len(unit_ids) < 50_000 else Unit.objects.all()
    return {
        pk: (names, aliases, attrs) for pk, names, aliases, attrs in rows.values_list("pk", "names", "aliases", "attrs")
    }


STAGE_CODES = "import_more_codes (unit_id bigint, scheme text, value text)"
STAGE_LINKS = "import_more_links (hierarchy text, child_id bigint, parent_id bigint)"
STAGE_CHANGES = "import_changes (id bigint, names jsonb, aliases text[], attrs jsonb, tokens text[])"
COMPLETE_CODES = """
INSERT INTO org_unitcode (unit_id, scheme, value, list_date)
SELECT unit_id, scheme, value, %(on)s::date FROM import_more_codes ON CONFLICT DO NOTHING
"""
COMPLETE_LINKS = """
INSERT INTO org_unitlink (hierarchy, child_id, parent_id, valid_from)
SELECT hierarchy, child_id, parent_id, %(on)s::date FROM import_more_links
WHERE hierarchy <> 'org' ON CONFLICT DO NOTHING
"""
COMPLETE_UNITS = """
UPDATE org_unit u SET names = c.names, aliases = c.aliases, attrs = c.attrs, tokens = c.tokens
FROM import_changes c WHERE c.id = u.id
"""


def _stage(table: str, lines: Iterator[str]) -> None:
    name = table.split()[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}; CREATE TEMP TABLE {table} ON COMMIT DROP")
    copy_in(f"COPY {name} FROM STDIN", lines)
