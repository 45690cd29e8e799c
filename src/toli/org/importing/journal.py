"""The book of an import: which file it is, how far it has come, and what each part wrote."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toli.kit.actor import Actor
from toli.kit.errors import WrongState
from toli.org.importing.copying import copy_in
from toli.org.models import Import


class Stopped(WrongState):
    """Somebody asked the import to stop; what is written stays and can be undone."""

    default = _("The import was stopped. What was loaded stays; go on with it or undo it.")


def digest_of(raw: bytes | Path, *how: object) -> str:
    """One text for a file and the way it is read."""
    if isinstance(raw, Path):
        with raw.open("rb") as file:
            found = hashlib.file_digest(file, "sha256")
    else:
        found = hashlib.sha256(raw)
    found.update("\0".join(str(part) for part in how).encode())
    return found.hexdigest()


def unfinished(digest: str) -> Import | None:
    """The import of this very file, read this way from a terminal, that was broken off."""
    found = Import.objects.filter(digest=digest, on_desk=False, state=Import.State.LOADING)
    return found.order_by("-id").first()


def begin(
    *, actor: Actor, source: str, digest: str = "", layout: str = "", state_code: str = "",
    list_date: date | None = None, now: datetime | None = None, **more: Any,
) -> Import:  # fmt: skip
    """A new import that is being loaded."""
    now = now or timezone.now()
    return Import.objects.create(
        source=source[:200], digest=digest, layout=layout, state_code=state_code, list_date=list_date,
        by_id=actor.person_id, created_at=now, changed_at=now, **{"state": Import.State.LOADING, **more},
    )  # fmt: skip


def forget(job: Import) -> None:
    """An import that found nothing to write leaves no row."""
    Import.objects.filter(pk=job.pk, parts=0).delete()


def count_part(job: Import, *, step: str, done: int, total: int, **counts: int) -> None:
    """One more part is written, in the transaction that writes it. Raises Stopped, or WrongState when another process
    wrote a part in the meantime: then that one goes on.
    """
    raised = {name: F(name) + n for name, n in counts.items()}
    mine = Import.objects.filter(pk=job.pk, parts=job.parts, state=Import.State.LOADING, stop_asked=False)
    if not mine.update(
        parts=job.parts + 1, step=step, done=done, total=total, changed_at=timezone.now(), **raised  # type: ignore[arg-type]
    ):  # fmt: skip
        job.refresh_from_db()
        if job.stop_asked or job.state == Import.State.CANCELLED:
            raise Stopped()
        raise WrongState(_("Another process goes on with this import."))
    job.parts += 1


def finish(job: Import, **values: Any) -> None:
    now = timezone.now()
    Import.objects.filter(pk=job.pk).update(
        state=Import.State.LOADED, step="", stop_asked=False, why="", changed_at=now, ended_at=now, **values
    )


def note_made(job: Import, unit_ids: Iterable[int]) -> None:
    copy_in("COPY org_importedunit (import_id, unit_id) FROM STDIN", (f"{job.pk}\t{unit_id}\n" for unit_id in unit_ids))


# What stood there, and what is written over it. A unit that this import made keeps no "before"; one that it changes
# twice keeps the first.
NOTE_CHANGED = """
INSERT INTO org_importedunit (import_id, unit_id, before, after)
SELECT %(import)s, u.id,
       jsonb_build_object('names', u.names, 'aliases', to_jsonb(u.aliases), 'attrs', u.attrs,
                          'tokens', to_jsonb(u.tokens)),
       jsonb_build_object('names', c.names, 'aliases', to_jsonb(c.aliases), 'attrs', c.attrs)
FROM import_changes c JOIN org_unit u ON u.id = c.id
ON CONFLICT (import_id, unit_id) DO UPDATE
SET after = CASE WHEN org_importedunit.before IS NULL THEN NULL ELSE excluded.after END
"""
COMPLETE_CODES = """
WITH put AS (
    INSERT INTO org_unitcode (unit_id, scheme, value, list_date)
    SELECT unit_id, scheme, value, %(on)s::date FROM import_more_codes ON CONFLICT DO NOTHING RETURNING id, unit_id
)
INSERT INTO org_importedrow (import_id, unit_id, what, row_id) SELECT %(import)s, unit_id, 'code_added', id FROM put
"""
# A later edition of a list confirms a code: the date of the newest list that has it stands beside it.
DATE_CODES = """
WITH older AS (
    SELECT c.id, c.unit_id, c.list_date FROM org_unitcode c
    JOIN import_more_codes m ON m.unit_id = c.unit_id AND m.scheme = c.scheme AND m.value = c.value
    WHERE c.valid_to IS NULL AND (c.list_date IS NULL OR c.list_date < %(on)s::date)
), dated AS (
    UPDATE org_unitcode c SET list_date = %(on)s::date FROM older o WHERE o.id = c.id
)
INSERT INTO org_importedrow (import_id, unit_id, what, row_id, before)
SELECT %(import)s, unit_id, 'code_dated', id, jsonb_build_object('list_date', list_date) FROM older
"""
COMPLETE_LINKS = """
WITH put AS (
    INSERT INTO org_unitlink (hierarchy, child_id, parent_id, valid_from)
    SELECT hierarchy, child_id, parent_id, %(on)s::date FROM import_more_links
    WHERE hierarchy <> 'org' ON CONFLICT DO NOTHING RETURNING id, child_id
)
INSERT INTO org_importedrow (import_id, unit_id, what, row_id) SELECT %(import)s, child_id, 'link_added', id FROM put
"""
COMPLETE_UNITS = """
UPDATE org_unit u SET names = c.names, aliases = c.aliases, attrs = c.attrs, tokens = c.tokens
FROM import_changes c WHERE c.id = u.id
"""


def complete(job: Import, *, on: date | None) -> None:
    """Write what the staged tables hold for units that were there, and keep what stood there before."""
    values: dict[str, Any] = {"on": on, "import": job.pk}
    with connection.cursor() as cursor:
        for statement in (COMPLETE_CODES, *([DATE_CODES] if on else []), COMPLETE_LINKS, NOTE_CHANGED, COMPLETE_UNITS):
            cursor.execute(statement, values if "%(" in statement else None)


def slices(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for first in range(0, len(rows), size):
        yield rows[first : first + size]
