"""Adding and moving units of the organisation."""

import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, WrongState
from toli.kit.text import fold
from toli.org import access, paths
from toli.org.models import Level, Unit, UnitLink
from toli.org.services.counts import lock_tree


def tokens_of(names: dict[str, str], aliases: list[str], attrs: dict[str, Any] | None = None) -> list[str]:
    """Search keys of a unit: its names and aliases in every script, and its PIN codes."""
    found: dict[str, None] = {}
    for text in (*names.values(), *aliases, *(attrs or {}).get("pin_codes", [])):
        found.update(dict.fromkeys(fold(text)))
    return list(found)


@transaction.atomic
def create_unit(
    *,
    actor: Actor,
    level: Level,
    names: dict[str, str],
    parent: Unit | None,
    aliases: list[str] | None = None,
    attrs: dict[str, Any] | None = None,
    in_org: bool = True,
    today: datetime.date | None = None,
) -> Unit:
    """Add a unit under `parent`; outside the organisation's tree with `in_org` False. Raises BadInput or NotAllowed."""
    if parent is not None:
        access.require(actor, "org.shape", parent)
    if not any(name.strip() for name in names.values()):
        raise BadInput(fields={"names": _("A unit needs a name.")})
    if in_org and parent is not None and not parent.path:
        raise BadInput(fields={"parent": _("This parent is not in the organisation's tree.")})
    aliases = aliases or []
    unit = Unit.objects.create(
        level=level, names=names, aliases=aliases, attrs=attrs or {}, valid_from=today,
        tokens=tokens_of(names, aliases, attrs),
    )  # fmt: skip
    if in_org:
        unit.path = f"{parent.path if parent else ''}{unit.pk}/"
        unit.save(update_fields=["path"])
        if parent is not None:
            UnitLink.objects.create(hierarchy=UnitLink.Hierarchy.ORG, child=unit, parent=parent, valid_from=today)
    audit.record(actor, "org.unit_created", unit, unit=unit)
    return unit


MOVE_COUNTS = """
WITH moved AS (SELECT wing_id, metric, day, n FROM org_count WHERE unit_id = %(unit)s)
INSERT INTO org_count AS c (unit_id, wing_id, metric, day, n, updated_at)
SELECT a.id, m.wing_id, m.metric, m.day, a.sign * m.n, now()
FROM moved m
  CROSS JOIN (SELECT unnest(%(leave)s::bigint[]), -1 UNION ALL SELECT unnest(%(join)s::bigint[]), 1) AS a(id, sign)
ON CONFLICT (unit_id, wing_id, metric, day) DO UPDATE SET n = c.n + excluded.n, updated_at = excluded.updated_at
"""

MOVE_PATHS = """
UPDATE org_unit SET path = %(new)s || substr(path, %(cut)s) WHERE path >= %(lo)s AND path < %(hi)s
"""


@transaction.atomic
def move_unit(*, actor: Actor, unit: Unit, parent: Unit, today: datetime.date) -> Unit:
    """Give a unit with everything below it another parent in the organisation: links are dated, paths and roll-ups
    move in this transaction, people stay where they sit. Raises WrongState for a cycle."""
    lock_tree()
    unit, parent = (Unit.objects.select_for_update().get(pk=u.pk) for u in (unit, parent))
    access.require(actor, "org.shape", unit)
    access.require(actor, "org.shape", parent)
    if paths.is_within(parent.path, unit.path):
        raise WrongState(_("A unit cannot move below itself. Nothing was moved."))
    if not parent.path:
        raise BadInput(fields={"parent": _("This parent is not in the organisation's tree.")})
    old_path, new_path = unit.path, f"{parent.path}{unit.pk}/"
    if old_path == new_path:
        return unit
    leave, join = set(paths.ancestors(old_path)), set(paths.ancestors(new_path))
    lo, hi = paths.subtree(old_path)
    with connection.cursor() as cursor:
        cursor.execute(MOVE_COUNTS, {"unit": unit.pk, "leave": list(leave - join), "join": list(join - leave)})
        cursor.execute(MOVE_PATHS, {"new": new_path, "cut": len(old_path) + 1, "lo": lo, "hi": hi})
    UnitLink.objects.filter(child=unit, hierarchy="org", valid_to=None).update(valid_to=today)
    UnitLink.objects.create(hierarchy=UnitLink.Hierarchy.ORG, child=unit, parent=parent, valid_from=today)
    unit.path = new_path
    audit.record(actor, "org.unit_moved", unit, unit=unit, data={"from_path": old_path})
    return unit
