"""Opening and closing a call to join."""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, WrongState
from toli.org import access
from toli.org.models import Unit
from toli.recruitment import queries, rules
from toli.recruitment.models import Drive


@transaction.atomic
def open_drive(
    *,
    actor: Actor,
    key: str,
    names: dict[str, str],
    scope: Unit,
    opens_at: datetime,
    closes_at: datetime | None = None,
    intro: dict[str, str] | None = None,
    levels: Sequence[str] = (),
    wings: Sequence[str] = (),
) -> Drive:
    """Open a call to join with a page of its own. Raises NotFound, NotAllowed or BadInput."""
    access.require(actor, "recruitment.manage", scope)
    if key in rules.RESERVED_KEYS or Drive.objects.filter(key=key).exists():
        raise BadInput(fields={"key": _("There is already a page with this address. Please choose another word.")})
    if closes_at is not None and closes_at <= opens_at:
        raise BadInput(fields={"closes_at": _("The end must come after the beginning.")})
    drive = Drive.objects.create(
        key=key, names=names, intro=intro or {}, scope=scope, levels=list(levels), wings=list(wings),
        opens_at=opens_at, closes_at=closes_at, opened_by_id=actor.person_id, tie_seed=token_hex(8),
    )  # fmt: skip
    audit.record(actor, "recruitment.drive_opened", drive, unit=scope)
    return drive


@transaction.atomic
def close_drive(*, actor: Actor, key: str, now: datetime) -> Drive:
    """End a drive now; applications stay. Raises NotFound or WrongState."""
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    rules.check_open(drive, now=now)
    drive.closes_at = now
    drive.save(update_fields=["closes_at"])
    audit.record(actor, "recruitment.drive_closed", drive, unit=drive.scope)
    return drive


CHANGEABLE = (
    "names", "intro", "levels", "wings", "opens_at", "closes_at", "target", "wishes", "offer_days", "appeal_days",
    "tie_seed",
)  # fmt: skip


@transaction.atomic
def change_drive(*, actor: Actor, key: str, changes: dict[str, Any]) -> Drive:
    """Change what a drive is and asks. Raises NotFound, BadInput, or WrongState for the seed after the first run."""
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    changed = [name for name in CHANGEABLE if name in changes and getattr(drive, name) != changes[name]]
    if "tie_seed" in changed and drive.runs.exists():
        raise WrongState(_("The seed was published before the first placement and cannot change any more."))
    for name in changed:
        setattr(drive, name, changes[name])
    rules.check_drive(drive)
    if changed:
        drive.save(update_fields=changed)
        audit.record(actor, "recruitment.drive_changed", drive, unit=drive.scope, data={"fields": changed})
    return drive
