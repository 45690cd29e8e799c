"""Links to join pages: posters of units, members' own."""

from __future__ import annotations

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.recruitment.models import Drive, JoinLink


def get_poster(*, actor: Actor, drive: Drive, code: str) -> JoinLink:
    """A unit's poster in one's charge. Raises NotFound."""
    scope = access.visible(actor, "recruitment.view").q("unit__path")
    rows = JoinLink.objects.select_related("unit__level").filter(scope, drive=drive, code=code, kind="poster")
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def brought_by(link: JoinLink) -> int:
    """How many applied by this link and stand by it."""
    return link.applications.exclude(state="withdrawn").count()


def own_link_of(actor: Actor, drive: Drive) -> JoinLink | None:
    """The actor's own link to the drive, if they took one."""
    if actor.person_id is None:
        return None
    rows = JoinLink.objects.select_related("drive")
    return rows.filter(drive=drive, kind="referral", person_id=actor.person_id).first()
