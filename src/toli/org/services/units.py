"""Adding and moving units of the organisation."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput
from toli.kit.text import fold
from toli.org import access
from toli.org.models import Level, Unit, UnitLink
from toli.org.services.counts import lock_tree
from toli.org.services.moving import relink, rewrite


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
        lock_tree()  # a parent that moves at this moment would leave its new child behind
        parent.refresh_from_db(fields=["path"])
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


@transaction.atomic
def move_unit(*, actor: Actor, unit: Unit, parent: Unit, today: datetime.date) -> Unit:
    """Give a unit with everything below it another parent in the organisation: links are dated, paths and roll-ups
    move in this transaction, people stay where they sit. Raises WrongState for a cycle."""
    lock_tree()
    unit, parent = (Unit.objects.select_for_update().get(pk=u.pk) for u in (unit, parent))
    access.require(actor, "org.shape", unit)
    access.require(actor, "org.shape", parent)
    if not parent.path:
        raise BadInput(fields={"parent": _("This parent is not in the organisation's tree.")})
    old_path = unit.path
    if old_path == f"{parent.path}{unit.pk}/":
        return unit
    rewrite({unit.pk: parent.pk})
    relink({unit.pk: parent.pk}, today)
    unit.refresh_from_db(fields=["path"])
    audit.record(actor, "org.unit_moved", unit, unit=unit, data={"from_path": old_path})
    return unit
