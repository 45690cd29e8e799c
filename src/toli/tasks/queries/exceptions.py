"""Only what needs a hand: late, returned, not accepted, waiting to be verified."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Case, CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.actor import Actor
from toli.org import paths
from toli.org.models import Unit
from toli.tasks import holding
from toli.tasks.models import Assignment, Kind, PhotoMatch, Task
from toli.tasks.queries.shares import shares_in_charge
from toli.tasks.queries.tasks import current_windows
from toli.tasks.rules import ANSWER_WITHIN, SOON

State = Assignment.State
OWED = [State.GIVEN, State.ACCEPTED, State.RETURNED]


class Trouble(TextChoices):
    """Why a share is on the list; the first that fits."""

    PHOTO = "photo", _("Photo seen before?")
    WAITING = "waiting", _("To verify")
    LATE = "late", pgettext_lazy("work", "Late")
    RETURNED = "returned", pgettext_lazy("work", "Returned")
    UNANSWERED = "unanswered", pgettext_lazy("work", "Not accepted")


def exceptions(
    actor: Actor, *, now: datetime, within: Unit | None = None, trouble: str = "", task: Task | None = None
) -> QuerySet[Assignment]:
    """Shares of teams that need a hand in the actor's charge, with `trouble`; a share the law holds back needs none."""
    rows = shares_in_charge(actor).filter(is_work=True, task__state="given", state__in=[*OWED, State.HANDED_IN])
    for lo, hi in holding.silent_ranges(current_windows(now), now):
        rows = rows.exclude(task__kind=Kind.APPEAL, unit__path__gte=lo, unit__path__lt=hi)
    if within is not None:
        lo, hi = paths.subtree(within.path)
        rows = rows.filter(unit__path__gte=lo, unit__path__lt=hi)
    if task is not None:
        rows = rows.filter(task=task)
    rows = rows.annotate(trouble=_trouble(now)).exclude(trouble="")
    return (rows.filter(trouble=trouble) if trouble in Trouble.values else rows).order_by("task__due_at", "id")


def _trouble(now: datetime) -> Case:
    asked_long_ago = Q(task__given_at__lte=now - ANSWER_WITHIN) | Q(task__due_at__lte=now + SOON)
    alike = PhotoMatch.objects.filter(hand_in=OuterRef("hand_in"), answer="")
    return Case(
        When(Exists(alike), state=State.HANDED_IN, then=Value(Trouble.PHOTO)),
        When(state=State.HANDED_IN, then=Value(Trouble.WAITING)),
        When(task__due_at__lte=now, then=Value(Trouble.LATE)),
        When(state=State.RETURNED, then=Value(Trouble.RETURNED)),
        When(asked_long_ago, state=State.GIVEN, then=Value(Trouble.UNANSWERED)),
        default=Value(""),
        output_field=CharField(),
    )


Counts = dict[str, int]


def exception_counts(rows: QuerySet[Assignment]) -> Counts:
    """How many of each trouble."""
    return _none() | dict(rows.order_by().values_list("trouble").annotate(n=Count("pk")))


def _none() -> Counts:
    return dict.fromkeys(Trouble.values, 0)


def troubles_by_part(rows: QuerySet[Assignment], unit: Unit) -> tuple[Counts, list[tuple[Unit, Counts]]]:
    """All counts, and the same by the units where the tree branches below `unit`, the worst first.

    One pass over the exceptions for each step down; 58,000 of them took half a second under load.
    """
    place = len(paths.ancestors(unit.path)) + 1
    part = Func(F("unit__path"), Value("/"), Value(place), function="split_part", output_field=CharField())
    everything, by_part = _none(), defaultdict[int, Counts](_none)
    for unit_id, trouble, n in rows.order_by().values_list(part, "trouble").annotate(n=Count("pk")):
        everything[trouble] += n
        if unit_id:
            by_part[int(unit_id)][trouble] = n
    units = list(Unit.objects.select_related("level").filter(pk__in=by_part))
    if len(units) == 1 and (deeper := troubles_by_part(rows, units[0])[1]):
        return everything, deeper
    parts = [(u, by_part[u.pk]) for u in units]
    return everything, sorted(parts, key=lambda pair: (-sum(pair[1].values()), pair[0].pk))


def in_full(chosen: QuerySet[Assignment], rows: QuerySet[Assignment]) -> list[Assignment]:
    """One page of `rows` with all it shows: sorted by narrow rows first, then read."""
    return list(rows.filter(pk__in=list(chosen.values_list("pk", flat=True))))
