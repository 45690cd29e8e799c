"""Which units of a file are in the tree already: by their codes, and upper ones by their names."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db import connection

from toli.org.importing.cells import bare
from toli.org.importing.copying import escaped, stage
from toli.org.importing.rows import UnitRow
from toli.org.importing.tree import Known
from toli.org.models import Unit

NAMED_LEVELS = ("state", "division", "district")
SMALL = 20_000
"""Codes a tree may have to be read whole; of a larger one only what the file names is looked up."""
ALL = """
SELECT c.scheme || ':' || c.value, u.id, v.key, u.path
FROM org_unitcode c JOIN org_unit u ON u.id = c.unit_id JOIN org_level v ON v.id = u.level_id WHERE c.valid_to IS NULL
"""
STAGED = "import_code (place int, nth int, scheme text, value text)"
# Of each row the unit of its first code that is known; the codes of parents all stand at the place -1.
NAMED = """
SELECT DISTINCT ON (i.place, i.nth * (i.place < 0)::int) i.place, i.scheme || ':' || i.value, u.id, v.key, u.path
FROM import_code i JOIN org_unitcode c ON c.scheme = i.scheme AND c.value = i.value AND c.valid_to IS NULL
JOIN org_unit u ON u.id = c.unit_id JOIN org_level v ON v.id = u.level_id
ORDER BY i.place, i.nth * (i.place < 0)::int, i.nth
"""


def find_known(rows: Sequence[UnitRow], parents: Collection[str], ranks: Mapping[str, int]) -> dict[str, Known]:
    """The units there are, under the keys of rows and of their parents."""
    found = _by_code(rows, parents)
    unknown = [row for row in rows if row.level in NAMED_LEVELS and row.key not in found]
    by_name = _by_name() if unknown else {}
    for row in sorted(unknown, key=lambda row: ranks.get(row.level, 0)):
        same = _only(by_name, row, found)
        if same is not None:
            found[row.key] = same
    return found


def _by_code(rows: Sequence[UnitRow], parents: Collection[str]) -> dict[str, Known]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT FROM org_unitcode LIMIT %s) few", [SMALL + 1])
        if cursor.fetchone()[0] <= SMALL:
            cursor.execute(ALL)
            return _matching(rows, parents, {code: _known(*unit) for code, *unit in cursor.fetchall()})
        stage(STAGED, _codes_of(rows, parents))
        cursor.execute("ANALYZE import_code")
        cursor.execute(NAMED)
        found: dict[str, Known] = {}
        for place, code, *unit in cursor:
            found.setdefault(code if place < 0 else rows[place].key, _known(*unit))
        return found


def _matching(rows: Sequence[UnitRow], parents: Collection[str], there: Mapping[str, Known]) -> dict[str, Known]:
    found = {key: there[key] for key in parents if key in there}
    for row in rows:
        codes = (row.key, *(f"{scheme}:{value}" for scheme, value in row.codes))
        same = next((there[code] for code in codes if code in there), None)
        if same is not None:
            found.setdefault(row.key, same)
    return found


def _codes_of(rows: Sequence[UnitRow], parents: Collection[str]) -> Iterator[str]:
    """Lines for COPY: every code of every row, its key first."""
    for nth, key in enumerate(parents):
        yield _line(-1, nth, key.partition(":")[::2])
    for place, row in enumerate(rows):
        for nth, code in enumerate((row.key.partition(":")[::2], *row.codes)):
            yield _line(place, nth, code)


def _line(place: int, nth: int, code: tuple[str, ...]) -> str:
    return f"{place}\t{nth}\t{escaped(code[0])}\t{escaped(code[1])}\n"


def _known(unit_id: int, level: str, path: str) -> Known:
    upper = path.rstrip("/").split("/")[:-1]
    return Known(unit_id, level, path, int(upper[-1]) if upper else None)


def _by_name() -> dict[tuple[str, str], list[Known]]:
    found: dict[tuple[str, str], list[Known]] = {}
    rows = Unit.objects.filter(level__key__in=NAMED_LEVELS, active=True).select_related("level")
    for unit in rows:
        for name in {bare(text) for text in (*unit.names.values(), *unit.aliases)}:
            found.setdefault((unit.level.key, name), []).append(_known(unit.pk, unit.level.key, unit.path))
    return found


def _only(by_name: Mapping[tuple[str, str], list[Known]], row: UnitRow, known: Mapping[str, Known]) -> Known | None:
    """The one known unit of the row's name, inside the unit that the row stands below: names come twice in India."""
    found = {k.id: k for name in (*row.names.values(), *row.aliases) for k in by_name.get((row.level, bare(name)), ())}
    for parent in (row.parent, row.administrative_parent):
        if parent:
            upper = known.get(parent)
            found = {pk: k for pk, k in found.items() if upper and upper.path and k.path.startswith(upper.path)}
    return next(iter(found.values())) if len(found) == 1 else None
