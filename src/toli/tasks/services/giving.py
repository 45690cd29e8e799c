"""Giving work down the tree, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.org import access, paths
from toli.org import services as org
from toli.org.models import Level, Unit, Wing
from toli.tasks import holding, queries, rules
from toli.tasks.models import Assignment, Kind, Proof, Task, TaskTemplate
from toli.tasks.queries.splits import SPLIT, split_params
from toli.tasks.services.counting import COUNTED, note_own_act, share_rows

State = Assignment.State

# The whole tree of shares in one statement; `teams` counts the working shares under each.
GIVE = f"""{SPLIT}, numbered AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('tasks_assignment', 'id')) AS new_id, s.* FROM shared s
), counted AS MATERIALIZED (
    SELECT above AS id, count(*)::int AS teams FROM numbered n JOIN leaf l ON l.id = n.id
    CROSS JOIN LATERAL unnest(l.ids) AS above WHERE n.is_work GROUP BY 1
), made AS (
    INSERT INTO tasks_assignment (id, ref, task_id, unit_id, wing_id, parent_id, depth, is_work, share, done, teams,
                                  teams_done, state, version, return_reason)
    SELECT n.new_id, gen_random_uuid(), %(task)s, n.id, %(task_wing)s, p.new_id, n.depth, n.is_work, n.share, 0,
           c.teams, 0, 'given', 1, ''
    FROM numbered n JOIN counted c ON c.id = n.id LEFT JOIN numbered p ON p.id = n.parent_id
    RETURNING unit_id, wing_id, is_work
), touched AS (
    SELECT unit_id, wing_id FROM made WHERE is_work
), counted_deltas AS ({COUNTED})
SELECT count(*) FROM touched
"""  # noqa: S608  (only our own statement is put in)


@transaction.atomic
def give_task(
    *,
    actor: Actor,
    ref: UUID,
    unit: Unit,
    level: Level,
    title: dict[str, str],
    instructions: dict[str, str],
    kind: str,
    proofs: Sequence[str],
    target: int,
    measure: dict[str, str],
    due_at: datetime,
    now: datetime,
    wing: Wing | None = None,
    only: Sequence[Unit] = (),
    template: TaskTemplate | None = None,
) -> Task:
    """Give a task to every team of `level` under `unit`, each its share by norm. 58,000 booths took 25 s,
    foreign keys checked, on two cores under a load of 14.

    `ref` is minted by the page: the same page sent twice gives one task. Raises NotFound, NotAllowed, BadInput, or
    WrongState where an appeal would reach silent constituencies only.
    """
    access.require(actor, "tasks.give", unit, wing.pk if wing else None)
    known = Task.objects.filter(ref=ref).first()
    if known is not None:
        return _same_page(known, actor)
    rules.check_task(title=title, instructions=instructions, target=target, due_at=due_at, now=now)
    _check_choices(kind, proofs, only, unit)
    task = Task(
        ref=ref, template=template, title=_cleaned(title), instructions=_cleaned(instructions), kind=kind,
        proofs=list(proofs), target=target, measure=_cleaned(measure), unit=unit, level=level, wing=wing,
        given_by_id=actor.person_id, given_at=now, due_at=due_at,
    )  # fmt: skip
    _check_silence(task, only or [unit], actor, now)
    if not _save_once(task):
        return _same_page(Task.objects.get(ref=ref), actor)
    teams = _split(task, only)
    note_own_act(actor, now)
    audit.record(actor, "tasks.given", task, unit=unit, data={"teams": teams, "target": target})
    return task


def _same_page(known: Task, actor: Actor) -> Task:
    if actor.person_id is None or known.given_by_id != actor.person_id:
        raise NotFound()
    return known


def _cleaned(texts: dict[str, str]) -> dict[str, str]:
    return {tag: text.strip() for tag, text in texts.items() if text.strip()}


def _check_choices(kind: str, proofs: Sequence[str], only: Sequence[Unit], unit: Unit) -> None:
    if kind not in Kind.values:
        raise BadInput(fields={"kind": _("Please choose what kind of task this is.")})
    if set(proofs) - set(Proof.values):
        raise BadInput(fields={"proofs": _("Please choose the proof from the list.")})
    if any(not paths.is_within(part.path, unit.path) for part in only):
        raise BadInput(fields={"only": _("One of these units is not in your charge.")})


def _check_silence(task: Task, units: Sequence[Unit], actor: Actor, now: datetime) -> None:
    """An appeal may be given while some of its constituencies are silent: there it is held back until silence ends."""
    refused = holding.held_everywhere(task, units, windows=queries.current_windows(now), now=now)
    if refused is not None:
        raise WrongState(refused.text(actor.language))


def _save_once(task: Task) -> bool:
    """False when the same page was sent at the same moment and the other one was saved."""
    try:
        with transaction.atomic():
            task.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _split(task: Task, only: Sequence[Unit]) -> int:
    """Make the tree of shares and count them; how many teams got one. Raises BadInput when there is nobody."""
    params = split_params(unit=task.unit, level=task.level, wing=task.wing, target=task.target, only=only)
    with connection.cursor() as cursor:
        cursor.execute(GIVE, {**params, "task": task.pk, "task_wing": task.wing_id, "n": 1})
        teams = int(cursor.fetchone()[0])
    if not teams:
        raise BadInput(fields={"level": _("There is no team of this level here. Nothing was given.")})
    return teams


@transaction.atomic
def save_template(
    *,
    actor: Actor,
    unit: Unit,
    level: Level,
    title: dict[str, str],
    instructions: dict[str, str],
    kind: str,
    proofs: Sequence[str],
    measure: dict[str, str],
    per_share: int,
    days: int,
    now: datetime,
    wing: Wing | None = None,
) -> TaskTemplate:
    """Keep a task's words to give them again. Raises NotFound, NotAllowed or BadInput."""
    access.require(actor, "tasks.give", unit, wing.pk if wing else None)
    _check_choices(kind, proofs, (), unit)
    rules.check_template(title=title, instructions=instructions, per_share=per_share, days=days)
    template = TaskTemplate.objects.create(
        unit=unit, level=level, wing=wing, title=_cleaned(title), instructions=_cleaned(instructions), kind=kind,
        proofs=list(proofs), measure=_cleaned(measure), per_share=per_share, days=days, created_at=now,
    )  # fmt: skip
    audit.record(actor, "tasks.template_saved", template, unit=unit)
    return template


@transaction.atomic
def retire_template(*, actor: Actor, ref: UUID) -> TaskTemplate:
    """Offer a template no longer; tasks given from it stay. Raises NotFound. Retiring twice answers the same."""
    template = queries.get_template(actor=actor, ref=ref, lock=True)
    if template.active:
        template.active = False
        template.save(update_fields=["active"])
        audit.record(actor, "tasks.template_retired", template, unit=template.unit)
    return template


@transaction.atomic
def keep_as_template(*, actor: Actor, task: Task, now: datetime) -> TaskTemplate:
    """Keep the words of a task just given, with what one team was asked for on average; once for each task.

    Raises as `save_template`.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("unit", "level", "wing").get(pk=task.pk)
    if task.template is not None:
        return task.template
    teams = Assignment.objects.filter(task=task, is_work=True).count()
    task.template = save_template(
        actor=actor, unit=task.unit, level=task.level, wing=task.wing, title=task.title, kind=task.kind, now=now,
        instructions=task.instructions, proofs=task.proofs, measure=task.measure,
        per_share=max(1, task.target // max(1, teams)), days=max(1, (task.due_at - task.given_at).days),
    )  # fmt: skip
    task.save(update_fields=["template"])
    return task.template


WITHDRAW = f"""
WITH touched AS (
    UPDATE tasks_assignment SET state = 'withdrawn', withdrawn_at = %(now)s, version = version + 1, teams = 0
    WHERE task_id = %(task)s AND is_work AND state IN ('given', 'accepted', 'handed_in', 'returned')
    RETURNING unit_id, wing_id
), counted_deltas AS ({COUNTED})
SELECT count(*) FROM touched
"""  # noqa: S608  (only our own statement is put in)


@transaction.atomic
def withdraw_task(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Task:
    """Take back every share that is not verified yet, in one statement. Raises NotFound, NotAllowed, BadInput or
    WrongState."""
    task = queries.get_task(actor=actor, ref=ref, right="tasks.give", lock=True)
    reason = rules.check_reason(reason)
    if task.state != Task.State.GIVEN:
        raise WrongState(_("This task has already ended."))
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, {"task": task.pk, "now": now, "n": -1})
        teams = int(cursor.fetchone()[0])
    task.state, task.ended_at = Task.State.WITHDRAWN, now
    task.save(update_fields=["state", "ended_at"])
    audit.record(actor, "tasks.withdrawn", task, unit=task.unit, data={"teams": teams, "reason": reason})
    return task


@transaction.atomic
def withdraw_share(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Assignment:
    """Take back one team's share. Raises NotFound, NotAllowed, BadInput or WrongState."""
    assignment = queries.get_assignment(actor=actor, right="tasks.give", ref=ref, lock=True)
    reason = rules.check_reason(reason)
    rules.check_withdrawable(assignment)
    assignment.mark_withdrawn(at=now)
    org.add_counts(share_rows(assignment, "tasks_given", -1))
    audit.record(actor, "tasks.share_withdrawn", assignment, unit=assignment.unit, data={"reason": reason})
    return assignment
