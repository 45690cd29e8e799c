"""Taking a whole import back: what it made goes, what it changed is as before. What people did since is never lost:
a unit that somebody or something came to stays, and is named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from psycopg import sql

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import Sentence, WrongState
from toli.org import services
from toli.org.importing.loading import check_right
from toli.org.models import Import, Seat, Unit, UnitLink
from toli.org.services.counts import facts_of, lock_tree
from toli.org.services.moving import rewrite, unlink
from toli.org.services.unit_mergers import split_again

# Tables that say of a unit only what the import itself wrote, or figures that follow from facts.
_OWN = {
    "org.unitcode", "org.unitlink", "org.seat", "org.import", "org.importedunit", "org.importedrow",
    "org.stationpair", "org.count", "org.delta", "org.snapshot",
}  # fmt: skip
_SAYS: dict[str, Sentence] = {
    "org.membership": _("people at home here"),
    "org.seat": _("people on seats or named for them"),
    "org.norm": _("a norm"),
    "recruitment.application": _("applicants"),
    "recruitment.drive": _("a join drive"),
    "elections.poll": _("a poll"),
    "below": _("units that came below it since"),
    "changed": _("its names or facts were changed since"),
    "moved": _("its codes or places were changed since"),
    "other import": _("another import added to it since"),
}
_ROOMS: dict[str, Sentence] = {
    "tasks": pgettext_lazy("obstacle", "tasks"),
    "content": pgettext_lazy("obstacle", "content"),
    "broadcasts": pgettext_lazy("obstacle", "content"),
    "org": _("entries of the organisation"),
}
SHOWN = 200


@dataclass(frozen=True)
class Obstacle:
    """Why one unit cannot be taken back."""

    unit_id: int
    what: str
    number: int = 1

    @property
    def says(self) -> Sentence:
        return _SAYS.get(self.what) or _ROOMS.get(self.what.partition(".")[0]) or _("other entries")


class Refused(WrongState):
    """Some units cannot be taken back; nothing was changed. `obstacles` names them."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(
            _("%(number)d units cannot be taken back, because something came to them since. Nothing was changed.")
            % {"number": len({one.unit_id for one in obstacles})}
        )
        self.obstacles = list(obstacles)


@dataclass
class Undone:
    removed: int = 0
    restored: int = 0
    kept: int = 0
    obstacles: list[Obstacle] = field(default_factory=list)


def obstacles_of(job: Import) -> list[Obstacle]:
    """Every unit of the import that something came to since, and what."""
    found: list[Obstacle] = []
    with connection.cursor() as cursor:
        for what, statement in _questions():
            cursor.execute(statement, {"import": job.pk})
            found += [Obstacle(unit_id, what, number) for unit_id, number in cursor.fetchall()]
    return found


# Each asks for (unit, how many) among the units that import %(import)s made, or changed.
_BY_COLUMN = sql.SQL("""
SELECT t.{column}, count(*) FROM {table} t
JOIN org_importedunit i ON i.unit_id = t.{column} AND i.import_id = %(import)s AND i.before IS NULL GROUP BY 1
""")
_BY_ARRAY = sql.SQL("""
SELECT i.unit_id, count(*) FROM {table} t CROSS JOIN LATERAL unnest(t.{column}) AS u(id)
JOIN org_importedunit i ON i.unit_id = u.id AND i.import_id = %(import)s AND i.before IS NULL GROUP BY 1
""")
_BY_SEAT = sql.SQL("""
SELECT s.unit_id, count(*) FROM {table} t JOIN org_seat s ON s.id = t.{column}
JOIN org_importedunit i ON i.unit_id = s.unit_id AND i.import_id = %(import)s AND i.before IS NULL GROUP BY 1
""")
_BELOW = """
SELECT l.parent_id, count(*) FROM org_unitlink l
JOIN org_importedunit i ON i.unit_id = l.parent_id AND i.import_id = %(import)s AND i.before IS NULL
LEFT JOIN org_importedunit c ON c.unit_id = l.child_id AND c.import_id = %(import)s AND c.before IS NULL
LEFT JOIN org_importedrow r ON r.what = 'link_added' AND r.row_id = l.id AND r.import_id = %(import)s
WHERE c.id IS NULL AND r.id IS NULL GROUP BY 1
"""
_CHANGED = """
SELECT i.unit_id, 1 FROM org_importedunit i JOIN org_unit u ON u.id = i.unit_id
WHERE i.import_id = %(import)s AND i.before IS NOT NULL AND (
    u.names <> i.after->'names' OR u.attrs <> i.after->'attrs' OR to_jsonb(u.aliases) <> i.after->'aliases'
    OR (i.after ? 'active' AND to_jsonb(u.active) <> i.after->'active'))
"""
_MOVED = """
SELECT r.unit_id, count(*) FROM org_importedrow r
LEFT JOIN org_unitcode c ON r.what IN ('code_added', 'code_dated') AND c.id = r.row_id AND c.valid_to IS NULL
LEFT JOIN org_unitlink l ON r.what = 'link_added' AND l.id = r.row_id AND l.valid_to IS NULL
WHERE r.import_id = %(import)s AND r.what <> 'code_closed' AND c.id IS NULL AND l.id IS NULL GROUP BY 1
UNION ALL
-- A code it closed can be opened again only while nobody else has it.
SELECT r.unit_id, 1 FROM org_importedrow r JOIN org_unitcode c ON c.id = r.row_id
JOIN org_unitcode o ON o.scheme = c.scheme AND o.value = c.value AND o.valid_to IS NULL AND o.id <> c.id
WHERE r.import_id = %(import)s AND r.what = 'code_closed'
  AND NOT EXISTS (SELECT FROM org_importedrow m WHERE m.import_id = %(import)s AND m.what = 'code_added'
                  AND m.row_id = o.id)
  AND NOT EXISTS (SELECT FROM org_importedunit m WHERE m.import_id = %(import)s AND m.unit_id = o.unit_id
                  AND m.before IS NULL)
"""
_OTHER = """
SELECT i.unit_id, count(*) FROM org_importedunit i
JOIN org_importedunit o ON o.unit_id = i.unit_id AND o.import_id > i.import_id
WHERE i.import_id = %(import)s GROUP BY 1
UNION ALL
SELECT i.unit_id, count(*) FROM org_importedunit i
JOIN org_importedrow o ON o.unit_id = i.unit_id AND o.import_id <> i.import_id
WHERE i.import_id = %(import)s AND i.before IS NULL GROUP BY 1
"""
_NOT_PAIRED = sql.SQL("""
SELECT t.{column}, count(*) FROM org_stationpair t
JOIN org_importedunit i ON i.unit_id = t.{column} AND i.import_id = %(import)s AND i.before IS NULL
WHERE t.imported_id <> %(import)s GROUP BY 1
""")


def _questions() -> Iterator[tuple[str, Any]]:
    """(what, statement): every column of every room that names a unit is asked, also of rooms not built yet."""
    for model, column in _columns_naming(Unit):
        if model._meta.label_lower not in _OWN:
            yield model._meta.label_lower, _asked(_BY_COLUMN, model, column)
    for model, column in _columns_naming(Seat):
        yield "org.seat", _asked(_BY_SEAT, model, column)
    for model, column, template in _bare_columns():
        yield model._meta.label_lower, _asked(template, model, column)
    for column in ("unit_id", "constituency_id", "rehome_id"):
        yield "org.stationpair", _NOT_PAIRED.format(column=sql.Identifier(column))
    yield from (("below", _BELOW), ("changed", _CHANGED), ("moved", _MOVED), ("other import", _OTHER))


def _asked(template: sql.SQL, model: type[models.Model], column: str) -> sql.Composed:
    return template.format(table=sql.Identifier(model._meta.db_table), column=sql.Identifier(column))


def _columns_naming(target: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Every foreign key to the table, also those without a name of their own."""
    for relation in target._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.related_model, relation.field.column  # type: ignore[misc, union-attr]


def _bare_columns() -> Iterator[tuple[type[models.Model], str, sql.SQL]]:
    """Columns that hold a unit's id without a foreign key, and lists of units' ids."""
    for model in apps.get_models():
        label = model._meta.label_lower
        if not model.__module__.startswith("toli.") or label in _OWN or label.startswith("audit."):
            continue
        if model.__module__.endswith(("org.models.counts", "org.models.snapshots")):
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, models.BigIntegerField) and column.name == "unit_id":
                yield model, column.column, _BY_COLUMN
            if isinstance(column, ArrayField) and isinstance(column.base_field, models.BigIntegerField):
                yield model, column.column, _BY_ARRAY


@transaction.atomic
def undo(*, actor: Actor, job: Import, partly: bool = False, now: datetime) -> Undone:
    """Take the import back in one transaction. Raises Refused, with every unit that cannot, unless `partly`: then
    those units stay with the units above them, and the rest goes. One record.
    """
    check_right(actor)
    lock_tree()
    job = Import.objects.select_for_update().get(pk=job.pk)
    if job.parts == 0 or job.state in (Import.State.UNDONE, Import.State.LOADING):
        raise WrongState(_("There is nothing of this import to take back."))
    found = obstacles_of(job)
    if found and not partly:
        raise Refused(found)
    result = _take_back(job, sorted({one.unit_id for one in found}))
    result.obstacles = found
    Import.objects.filter(pk=job.pk).update(
        state=job.state if result.kept else Import.State.UNDONE, changed_at=now, ended_at=now,
        added=result.kept if result.kept else job.added,
    )  # fmt: skip
    data = {"source": job.source, "removed": result.removed, "restored": result.restored, "kept": result.kept}
    audit.record(actor, "org.import_undone", job, data=data)
    return result


# Units that stay: those with an obstacle, and whatever made unit stands above one of them in any hierarchy.
_KEPT = """
CREATE TEMP TABLE import_goes ON COMMIT DROP AS
WITH RECURSIVE kept(id) AS (
    SELECT unnest(%(kept)s::bigint[])
    UNION SELECT l.parent_id FROM kept JOIN org_unitlink l ON l.child_id = kept.id
)
SELECT i.unit_id AS id FROM org_importedunit i
WHERE i.import_id = %(import)s AND i.before IS NULL AND i.unit_id NOT IN (SELECT id FROM kept);
CREATE UNIQUE INDEX ON import_goes (id);
ANALYZE import_goes
"""
_LESS = """
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT l.parent_id, 0, 'units.' || v.key, DATE '1970-01-01', -count(*)
FROM import_goes g JOIN org_unit u ON u.id = g.id JOIN org_level v ON v.id = u.level_id
JOIN org_unitlink l ON l.child_id = g.id AND l.hierarchy = 'org' AND l.valid_to IS NULL GROUP BY 1, 3;
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT s.unit_id, w.wing_id, 'norm', DATE '1970-01-01', -count(*) FROM org_seat s JOIN import_goes g ON g.id = s.unit_id
CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(s.wing_id, 0)) AS w(wing_id)
WHERE s.closed_at IS NULL GROUP BY 1, 2
"""
_REMOVE = """
DELETE FROM org_stationpair WHERE imported_id = %(import)s AND %(whole)s;
DELETE FROM org_importedrow r USING import_goes g WHERE r.unit_id = g.id AND r.import_id = %(import)s;
DELETE FROM org_unitlink l USING org_importedrow r
  WHERE r.import_id = %(import)s AND r.what = 'link_added' AND l.id = r.row_id AND NOT r.unit_id = ANY(%(kept)s);
DELETE FROM org_unitcode c USING org_importedrow r
  WHERE r.import_id = %(import)s AND r.what = 'code_added' AND c.id = r.row_id AND NOT r.unit_id = ANY(%(kept)s);
DELETE FROM org_seat s USING import_goes g WHERE s.unit_id = g.id;
DELETE FROM org_unitlink l USING import_goes g WHERE l.child_id = g.id;
DELETE FROM org_unitcode c USING import_goes g WHERE c.unit_id = g.id;
DELETE FROM org_count c USING import_goes g WHERE c.unit_id = g.id;
DELETE FROM org_importedunit i USING import_goes g WHERE i.unit_id = g.id;
DELETE FROM org_unit u USING import_goes g WHERE u.id = g.id
"""
_DATES = """
UPDATE org_unitcode c SET list_date = (r.before->>'list_date')::date FROM org_importedrow r
WHERE r.import_id = %(import)s AND r.what = 'code_dated' AND c.id = r.row_id AND NOT r.unit_id = ANY(%(kept)s);
UPDATE org_unitcode c SET valid_to = NULL FROM org_importedrow r
WHERE r.import_id = %(import)s AND r.what = 'code_closed' AND c.id = r.row_id AND NOT r.unit_id = ANY(%(kept)s);
DELETE FROM org_importedrow WHERE import_id = %(import)s AND NOT unit_id = ANY(%(kept)s)
"""
# Search keys lie beside the names they came from, so that all is one statement.
_RESTORE = """
WITH back AS (
    DELETE FROM org_importedunit i
    WHERE import_id = %(import)s AND before IS NOT NULL AND NOT unit_id = ANY(%(kept)s) RETURNING unit_id, before AS b
)
UPDATE org_unit u SET names = b->'names', attrs = b->'attrs',
    aliases = ARRAY(SELECT jsonb_array_elements_text(b->'aliases')),
    tokens = ARRAY(SELECT jsonb_array_elements_text(b->'tokens')),
    active = coalesce((b->>'active')::boolean, u.active),
    valid_to = CASE WHEN b ? 'active' THEN (b->>'valid_to')::date ELSE u.valid_to END
FROM back WHERE back.unit_id = u.id
"""


def _take_back(job: Import, kept: list[int]) -> Undone:
    values = {"import": job.pk, "kept": kept, "whole": not kept}
    while services.fold_counts():
        pass
    with connection.cursor() as cursor:
        _run(cursor, "DROP TABLE IF EXISTS pg_temp.import_goes;" + _KEPT, values)
        _run(cursor, _LESS, values)
        while services.fold_counts():  # before the paths go
            pass
        _run(cursor, _REMOVE, values)
        removed = cursor.rowcount
        _run(cursor, _DATES, values)
        _run(cursor, _RESTORE, values)
        restored = cursor.rowcount
        _open_again(job, kept)
        cursor.execute("SELECT count(*) FROM org_importedunit WHERE import_id = %s", [job.pk])
        return Undone(removed, restored, int(cursor.fetchone()[0]))


def _run(cursor: Any, statements: str, values: dict[str, Any]) -> None:
    """One at a time: bound values and several statements do not go together."""
    for statement in statements.split(";"):
        if statement.strip():
            cursor.execute(statement, values if "%(" in statement else None)


def _open_again(job: Import, kept: list[int]) -> None:
    """Stations that a new list closed: their seats, and their people where they were sent, come back."""
    renewed = job.options.get("renewed") or {}
    if not renewed:
        return
    if kept and renewed.get("merged"):
        raise WrongState(_("People were sent to other booths by this list, so it can only be taken back as a whole."))
    now = timezone.now()
    seats = Seat.objects.filter(pk__in=renewed.get("emptied", [])).exclude(unit__in=kept)
    units = list(seats.values_list("unit_id", flat=True).distinct())
    before = facts_of(units, now)
    seats.update(closed_at=None)
    services.add_counts([(u, w, m, -n, d) for u, w, m, d, n in before])
    services.add_counts([(u, w, m, n, d) for u, w, m, d, n in facts_of(units, now)])
    if renewed.get("merged"):
        links = UnitLink.objects.filter(pk__in=renewed["closed"])
        parents = dict(links.values_list("child_id", "parent_id"))
        split_again(renewed, now=now)
        unlink(renewed["closed"], renewed["opened"])
        while services.fold_counts():
            pass
        rewrite(parents)
    while services.fold_counts():
        pass
