"""The caller's queue: what waits in my charge, and the one call I hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.people import queries as people
from toli.people.models import Person
from toli.recruitment.models import Application, CallAttempt, CallBack

RIGHT = "recruitment.call"


def calls_due(actor: Actor, *, now: datetime) -> QuerySet[CallBack]:
    """Calls that this person may make now, in drawing order: never one's own application, nor one by one's own link."""
    rows = CallBack.objects.filter(
        access.visible(actor, RIGHT).q("application__unit__path"),
        Q(held_until=None) | Q(held_until__lte=now),
        state=CallBack.State.DUE, next_try_at__lte=now, application__person__state=Person.State.ACTIVE,
    ).exclude(application__state=Application.State.WITHDRAWN)  # fmt: skip
    if actor.person_id is not None:
        others = Q(application__link__person=None) | ~Q(application__link__person_id=actor.person_id)
        rows = rows.exclude(application__person_id=actor.person_id).filter(others)
    if not people.is_woman(actor.person_id):
        rows = rows.exclude(application__person__contact_preference=Person.ContactPreference.WOMEN)
    return rows.order_by("next_try_at", "place", "id")


def held_call(actor: Actor, *, now: datetime) -> CallBack | None:
    """The call this person opened and has said nothing about yet."""
    rows = CallBack.objects.select_related("application__unit__level", "application__drive", "application__person")
    return rows.filter(
        access.visible(actor, RIGHT).q("application__unit__path"),
        held_by_id=actor.person_id, held_by_id__isnull=False, held_until__gt=now, state=CallBack.State.DUE,
    ).first()  # fmt: skip


def attempt_of(call: CallBack) -> CallAttempt | None:
    """The attempt at a call that nothing was said about yet."""
    return CallAttempt.objects.filter(call=call, outcome="").order_by("-number").first()


def get_held_attempt(*, actor: Actor, ref: UUID, now: datetime, lock: bool = False) -> CallAttempt:
    """The attempt I opened myself and hold. Raises NotFound."""
    rows = CallAttempt.objects.select_related("call__application__unit")
    found = (rows.select_for_update(of=("self", "call")) if lock else rows).filter(
        access.visible(actor, RIGHT).q("call__application__unit__path"),
        ref=ref, caller_id=actor.person_id, call__held_by_id=F("caller_id"), call__held_until__gt=now, outcome="",
    ).first()  # fmt: skip
    if found is None:
        raise NotFound
    return found


def calls_waiting_later(actor: Actor, *, now: datetime) -> int:
    """Calls in my charge that are tried again at another time of day."""
    scope = access.visible(actor, RIGHT).q("application__unit__path")
    return CallBack.objects.filter(scope, state=CallBack.State.DUE, next_try_at__gt=now).count()


def my_calls_today(actor: Actor, *, since: datetime) -> int:
    return CallAttempt.objects.filter(caller_id=actor.person_id, opened_at__gte=since).exclude(outcome="").count()
