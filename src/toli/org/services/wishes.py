"""A person asks to work in another unit too, and takes it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, NotFound
from toli.org.models import Unit, WorkWish
from toli.people.models import Person

MOST_WISHES = 3


def _self(actor: Actor) -> Person:
    """The person who acts, locked; nobody wishes in another's name."""
    if actor.person_id is None or actor.is_system or actor.seen_as_id or actor.on_behalf_of_id:
        raise NotAllowed()
    return Person.objects.select_for_update().get(pk=actor.person_id)


@transaction.atomic
def wish_to_work(*, actor: Actor, unit_ref: UUID, now: datetime) -> WorkWish:
    """The team of this unit may find me and offer me a seat. Twice answers the same. Raises NotFound, NotAllowed or
    BadInput at the fourth."""
    person = _self(actor)
    unit = Unit.objects.filter(ref=unit_ref, active=True).exclude(path="").first()
    if unit is None:
        raise NotFound()
    live = WorkWish.objects.filter(person=person, ended_at=None)
    if known := live.filter(unit=unit).first():
        return known
    if live.count() >= MOST_WISHES:
        raise BadInput(_("You can choose three places. Take one back first."))
    wish = WorkWish.objects.create(person=person, unit=unit, wished_at=now)
    audit.record(actor, "org.work_wished", person, unit=unit)
    return wish


@transaction.atomic
def end_wish(*, actor: Actor, unit_ref: UUID, now: datetime) -> None:
    """Take a wish back; a seat that was accepted stays. Twice answers the same. Raises NotAllowed."""
    person = _self(actor)
    for wish in WorkWish.objects.select_related("unit").filter(person=person, unit__ref=unit_ref, ended_at=None):
        wish.ended_at = now
        wish.save(update_fields=["ended_at"])
        audit.record(actor, "org.work_wish_ended", person, unit=wish.unit)
