"""Ways to a join page that are counted: a unit's poster, a member's own link, an event."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.org import paths
from toli.org import queries as org
from toli.recruitment import queries, rules
from toli.recruitment.models import Drive, JoinLink

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None that looks like another when read from a poster."""
LENGTH = 8


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _n in range(LENGTH))


@transaction.atomic
def make_poster(*, actor: Actor, key: str, unit_ref: UUID, now: datetime) -> JoinLink:
    """The link of a unit's poster; asked again, the same. Raises NotFound or BadInput."""
    drive = queries.get_drive_seen(actor=actor, key=key)
    unit = org.get_unit(actor=actor, ref=unit_ref, right="recruitment.view")
    if not paths.is_within(unit.path, drive.scope.path):
        raise BadInput(_("This unit lies outside the call to join."))
    Drive.objects.select_for_update(of=("self",)).get(pk=drive.pk)
    found = JoinLink.objects.filter(drive=drive, kind="poster", unit=unit, closed_at=None).first()
    if found is None:
        found = JoinLink.objects.create(drive=drive, code=new_code(), kind="poster", unit=unit, made_at=now)
        audit.record(actor, "recruitment.poster_made", drive, unit=unit)
    return found


@transaction.atomic
def own_link(*, actor: Actor, key: str, now: datetime) -> JoinLink:
    """A member's own link to an open drive; asked again, the same. Raises NotFound or WrongState."""
    if actor.person_id is None:
        raise NotFound
    drive = queries.get_drive(key=key)
    rules.check_open(drive, now=now)
    link, made = JoinLink.objects.get_or_create(
        drive=drive, person_id=actor.person_id, kind="referral", defaults={"code": new_code(), "made_at": now}
    )
    if made:
        audit.record(actor, "recruitment.link_made", drive, unit=drive.scope)
    return link
