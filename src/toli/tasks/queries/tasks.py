"""Reads of tasks and templates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from toli.elections import queries as elections
from toli.elections.windows import Windows
from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed, NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.access import Scope
from toli.org.models import Level, Unit
from toli.tasks import holding
from toli.tasks.models import Assignment, BulkAct, Kind, Task, TaskTemplate
from toli.tasks.rules import UNDO_FOR

VIEW = "tasks.view"


def current_windows(now: datetime) -> Windows:
    """The hours the law keeps quiet, as they stand now."""
    return elections.load_windows(now=now)


def tops_q(scope: Scope) -> Q:
    """The highest shares inside a charge: the charge's own unit, or a task that was given below it."""
    if scope.everywhere:
        return Q(parent=None)
    found = Q(pk__in=[])
    for lo, hi, wing_id in scope.areas:
        area = Q(unit_id=paths.ancestors(lo)[-1]) | Q(parent=None, unit__path__gte=lo, unit__path__lt=hi)
        found |= area if wing_id is None else area & Q(wing_id=wing_id)
    return found


def task_tops(actor: Actor, right: str = VIEW) -> QuerySet[Assignment]:
    """The tasks that reach the actor's charge, each by its highest share there; the newest first."""
    rows = Assignment.objects.select_related("task__level", "unit__level", "wing")
    return rows.filter(tops_q(access.visible(actor, right))).order_by("-task__given_at", "id")


def tasks_found(actor: Actor, *, q: str = "", state: str = "", kind: str = "") -> QuerySet[Assignment]:
    """`task_tops` narrowed by words of the title in any language, the task's state and its kind."""
    rows = task_tops(actor)
    if q:
        titles = Q(pk__in=[])
        for tag, _name in settings.LANGUAGES:
            titles |= Q(**{f"task__title__{tag}__icontains": q.strip()})
        rows = rows.filter(titles)
    if state:
        rows = rows.filter(task__state=state)
    return rows.filter(task__kind=kind) if kind else rows


def is_held_at(task: Task, unit: Unit, now: datetime) -> bool:
    """True while the law holds this task back at this unit."""
    place = elections.places_of([unit])[unit.pk]
    return not holding.verdict_for(task, place, windows=current_windows(now), now=now)


def silent_under(unit: Unit, now: datetime) -> list[Unit]:
    """Constituencies at or around this unit that are silent now."""
    silent = current_windows(now).silent_units(now)
    found = Unit.objects.filter(pk__in=silent).exclude(path="")
    return [u for u in found if u.path.startswith(unit.path) or unit.path.startswith(u.path)]


def get_task(*, actor: Actor, ref: UUID, right: str = VIEW, lock: bool = False) -> Task:
    """The task, when a share of it lies in the actor's charge.

    To look, a share is enough; for any other right the task's top must be in charge. Raises NotFound (missing or not
    yours alike), NotAllowed where the actor may see it but not do this, or NeedsSecondFactor.
    """
    shares = Assignment.objects.filter(tops_q(access.visible(actor, VIEW)), task=OuterRef("pk"))
    rows = Task.objects.select_related("unit__level", "level", "wing", "template").filter(Exists(shares), ref=ref)
    task = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if task is None:
        raise NotFound()
    if right != VIEW and not access.may(actor, right, task.unit, task.wing_id):
        raise NotAllowed()
    access.require_second_factor(actor, right)
    return task


def top_in_charge(*, actor: Actor, task: Task, right: str = VIEW) -> Assignment:
    """The highest share of a task that the actor looks after. Raises NotFound."""
    top = task_tops(actor, right).filter(task=task).order_by("depth", "id").first()
    if top is None:
        raise NotFound()
    return top


def templates_for(unit: Unit) -> QuerySet[TaskTemplate]:
    """Templates in use at this unit, its own and those from above, by level and wing."""
    rows = TaskTemplate.objects.select_related("level", "wing", "unit").filter(active=True)
    return rows.filter(unit_id__in=paths.ancestors(unit.path)).order_by("level__rank", "wing_id", "id")


def get_template(*, actor: Actor, ref: UUID, lock: bool = False) -> TaskTemplate:
    """A template written for a unit where the actor gives tasks. Raises NotFound."""
    scope = access.visible(actor, "tasks.give")
    rows = TaskTemplate.objects.select_related("unit").filter(scope.q("unit__path", "wing_id"), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def units_to_give(actor: Actor) -> list[Unit]:
    """Where the actor may give tasks: the tops of their charge and the units one step below."""
    tops = org.roots(actor, "tasks.give")
    below = [child for top in tops for child in org.children_of(top).order_by("id")]
    return list({unit.pk: unit for unit in (*tops, *below)}.values())


def levels_below(unit: Unit) -> list[Level]:
    """Levels of the organisation at or below this unit's own, that have units inside it."""
    lo, hi = paths.subtree(unit.path)
    inside = Unit.objects.filter(path__gte=lo, path__lt=hi, active=True).values("level_id").distinct()
    return list(Level.objects.filter(pk__in=inside).order_by("rank"))


def teams_under(unit: Unit, level: Level) -> int:
    """How many units of the level lie at or below this unit."""
    lo, hi = paths.subtree(unit.path)
    return Unit.objects.filter(level=level, path__gte=lo, path__lt=hi, active=True).count()


def recent_bulk_acts(actor: Actor, *, now: datetime) -> QuerySet[BulkAct]:
    """The actor's own bulk acts that can still be undone, the newest first."""
    return BulkAct.objects.filter(by_id=actor.person_id, undone_at=None, at__gt=now - UNDO_FOR).order_by("-at")


def open_appeals_at(unit: Unit) -> list[Task]:
    """Appeals under way with a share in this constituency, below it or above it, the first due first."""
    lo, hi = paths.subtree(unit.path)
    here = Q(unit__path__gte=lo, unit__path__lt=hi) | Q(unit_id__in=paths.ancestors(unit.path))
    open_ = ~Q(state__in=[Assignment.State.VERIFIED, Assignment.State.WITHDRAWN])
    shares = Assignment.objects.filter(here & open_, task=OuterRef("pk"))
    rows = Task.objects.filter(Exists(shares), kind=Kind.APPEAL, state=Task.State.GIVEN)
    return list(rows.order_by("due_at", "id"))
