"""Pairs of entries that may be one person, and merges that can still be taken back: as far as both are in charge."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org.models import Appointment, Unit
from toli.org.queries.people import people_in_charge
from toli.people.models import DuplicatePair, Merge, Person

RIGHT = "people.merge"


def pairs_in_charge(actor: Actor, *, why: str = "") -> QuerySet[DuplicatePair]:
    """Open pairs both of whose entries are in the actor's charge, the surest first. Nobody judges their own."""
    rows = DuplicatePair.objects.select_related("a", "b").filter(state=DuplicatePair.State.OPEN)
    if not access.visible(actor, RIGHT).everywhere:
        mine = people_in_charge(actor, RIGHT).values("pk")
        rows = rows.filter(a__in=mine, b__in=mine)
    rows = rows.filter(a__state="active", b__state="active").exclude(a=actor.person_id).exclude(b=actor.person_id)
    return (rows.filter(why=why) if why in DuplicatePair.Why.values else rows).order_by("-score", "id")


def get_pair(*, actor: Actor, ref: UUID, lock: bool = False) -> DuplicatePair:
    """The open pair. Raises NotFound (also for a pair that was decided) or NeedsSecondFactor."""
    rows = pairs_in_charge(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, RIGHT)
    return found


def merges_in_charge(actor: Actor, *, now: datetime) -> QuerySet[Merge]:
    """Merges that can still be taken back, newest first."""
    rows = Merge.objects.select_related("kept", "gone").filter(undone_at=None, undo_until__gt=now)
    if not access.visible(actor, RIGHT).everywhere:
        rows = rows.filter(kept__in=people_in_charge(actor, RIGHT).values("pk"))
    return rows.exclude(kept=actor.person_id).order_by("-at")


def get_merge(*, actor: Actor, ref: UUID, now: datetime, lock: bool = False) -> Merge:
    """The merge, while it can be taken back. Raises NotFound or NeedsSecondFactor."""
    rows = merges_in_charge(actor, now=now).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, RIGHT)
    return found


def live_appointments(person: Person) -> QuerySet[Appointment]:
    """What a person holds or is offered now."""
    rows = Appointment.objects.select_related("seat__unit__level", "seat__role", "person")
    return rows.filter(person=person, state__in=["offered", "accepted"], seat__closed_at=None).order_by("pk")


def tops_in_charge(actor: Actor) -> list[Unit]:
    """The units at the top of what the actor may look for duplicates in."""
    scope = access.visible(actor, RIGHT)
    return list(Unit.objects.filter(scope.q("path"), active=True, path__in=[lo for lo, _hi in scope.ranges]))


def is_called_different(one: Person, other: Person) -> bool:
    """True when somebody said that these are two persons."""
    low, high = sorted((one.pk, other.pk))
    return DuplicatePair.objects.filter(a=low, b=high, state=DuplicatePair.State.DIFFERENT).exists()
