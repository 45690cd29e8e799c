"""Moves, new units and mergers of one day: drafted, looked at, decided, done in one transaction, undone."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, ToliError, WrongState
from toli.org import access, moving, queries
from toli.org.models import Change, Level, Reorganisation, Unit
from toli.org.services.counts import lock_tree
from toli.org.services.reshaping import apply_changes, take_back

Kind = Change.Kind
State = Reorganisation.State
MOST_LINES = 20_000


@dataclass(frozen=True)
class Line:
    """One wish: a unit gets another parent, is merged into another, or a new one begins. `to` is a unit, or the code
    ("scheme:value") of a new unit of the same wish list."""

    kind: str
    to: Unit | str
    unit: Unit | None = None
    code: str = ""
    level: Level | None = None
    names: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def draft_reorganisation(
    *, actor: Actor, title: str, on: datetime.date, lines: Sequence[Line], now: datetime.datetime
) -> Reorganisation:
    """Keep what is wished for, so that it can be looked at; nothing moves yet. Raises NotFound, NotAllowed,
    NeedsSecondFactor or BadInput."""
    if not 1 <= len(lines) <= MOST_LINES:
        raise BadInput(_("There is nothing to change, or more than 20,000 lines."))
    units = {u.pk: u for line in lines for u in (line.unit, line.to) if isinstance(u, Unit)}
    for unit in units.values():
        access.require(actor, "org.shape", unit)
    _check_lines(lines)
    top = moving.shared_top([u.path for u in units.values()])
    if top is None:
        raise BadInput(_("These units have nothing above them in common."))
    made = Reorganisation.objects.create(
        title=title.strip()[:200], on=on, top_id=top, made_by_id=actor.person_id, made_at=now, changed_at=now
    )
    Change.objects.bulk_create([_change(made, line) for line in lines])
    audit.record(actor, "org.change_drafted", made, unit=made.top, data={"lines": len(lines), "on": on})
    return made


def _change(made: Reorganisation, line: Line) -> Change:
    to = line.to if isinstance(line.to, Unit) else None
    return Change(
        reorganisation=made, kind=line.kind, unit=line.unit, to=to, to_new="" if to else str(line.to), code=line.code,
        level=line.level, names=line.names,
    )  # fmt: skip


def _check_lines(lines: Sequence[Line]) -> None:
    """Raise BadInput with the sentence of the first line that cannot be."""
    new = {line.code: line for line in lines if line.kind == Kind.CREATE}
    seen: set[int] = set()
    for line in lines:
        to_level = _level_of(line.to, new)
        level = line.level if line.kind == Kind.CREATE else line.unit.level if line.unit else None
        if level is None or to_level is None:
            raise BadInput(_("A line names a unit that does not exist."))
        if line.unit is not None:
            if line.unit.pk in seen:
                raise BadInput(_("%(unit)s stands in two lines.") % {"unit": _name(line.unit)})
            seen.add(line.unit.pk)
        _check_line(line, level, to_level)


def _level_of(to: Unit | str, new: dict[str, Line]) -> Level | None:
    if isinstance(to, Unit):
        return to.level
    return new[to].level if to in new else None


def _check_line(line: Line, level: Level, to_level: Level) -> None:
    name = {"unit": _name(line.unit) if line.unit else next(iter(line.names.values()), line.code)}
    if any(u is not None and not (u.active and u.path) for u in (line.unit, line.to) if not isinstance(u, str)):
        raise BadInput(_("%(unit)s: one of the two units is a former one, or outside the organisation.") % name)
    if line.kind == Kind.MERGE:
        if line.unit == line.to or level != to_level:
            raise BadInput(_("%(unit)s can only be merged into another unit of the same level.") % name)
    elif to_level.rank >= level.rank:
        raise BadInput(_("%(unit)s must stand below a unit of a higher level.") % name)
    if line.kind == Kind.CREATE and not any(text.strip() for text in line.names.values()):
        raise BadInput(_("A unit needs a name."))


def _name(unit: Unit) -> str:
    return str(unit)


@transaction.atomic
def decide_reorganisation(*, actor: Actor, ref: UUID, now: datetime.datetime) -> Reorganisation:
    """Do it, or plan it when its day is still to come. Raises NotFound, NotAllowed, NeedsSecondFactor, BadInput or
    WrongState (a unit moved in the meantime, a cycle)."""
    lock_tree()
    found = queries.get_reorganisation(actor=actor, ref=ref, lock=True)
    if found.state != State.DRAFT:
        raise WrongState(_("This change has already been decided."))
    _require_all(actor, found)
    if found.on > local_day(now):
        return _become(found, State.PLANNED, actor, "org.change_planned", now)
    return _apply(actor, found, now)


def _require_all(actor: Actor, found: Reorganisation) -> None:
    for change in found.changes.select_related("unit__level", "to__level"):
        for unit in (change.unit, change.to):
            if unit is not None:
                access.require(actor, "org.shape", unit)


def _apply(actor: Actor, found: Reorganisation, now: datetime.datetime) -> Reorganisation:
    done = apply_changes(found, now=now)
    found.state, found.changed_at, found.undo = State.APPLIED, now, done.undo
    found.save(update_fields=["state", "changed_at", "undo"])
    batch = [audit.BatchTarget("org.unit", ref, unit_id) for unit_id, ref in done.touched]
    data = {"moved": done.moved, "created": done.created, "merged": done.merged, "on": found.on}
    audit.record(actor, "org.reorganised", found, unit=found.top, data=data, batch=batch)
    return found


def _become(
    found: Reorganisation, state: Reorganisation.State, actor: Actor, verb: str, now: datetime.datetime
) -> Reorganisation:
    found.state, found.changed_at = state, now
    found.save(update_fields=["state", "changed_at", "failure"])
    audit.record(actor, verb, found, unit=found.top, data={"on": found.on})
    return found


@transaction.atomic
def cancel_reorganisation(*, actor: Actor, ref: UUID, now: datetime.datetime) -> Reorganisation:
    """Call off what has not been done yet. Raises NotFound, NotAllowed, NeedsSecondFactor or WrongState."""
    found = queries.get_reorganisation(actor=actor, ref=ref, lock=True)
    _require_all(actor, found)
    if found.state not in (State.DRAFT, State.PLANNED, State.FAILED):
        raise WrongState(_("This change has already been done. It can only be undone."))
    return _become(found, State.CANCELLED, actor, "org.change_cancelled", now)


@transaction.atomic
def undo_reorganisation(*, actor: Actor, ref: UUID, now: datetime.datetime) -> Reorganisation:
    """Put everything back as if it had never been, while nothing happened since. Raises NotFound, NotAllowed,
    NeedsSecondFactor or WrongState, which names what stands in the way."""
    lock_tree()
    found = queries.get_reorganisation(actor=actor, ref=ref, lock=True)
    if found.state != State.APPLIED:
        raise WrongState(_("Only a change that was done can be undone."))
    _require_all(actor, found)
    touched = take_back(found, now=now)
    found.state, found.changed_at = State.UNDONE, now
    found.save(update_fields=["state", "changed_at"])
    batch = [audit.BatchTarget("org.unit", ref, unit_id) for unit_id, ref in touched]
    audit.record(actor, "org.change_undone", found, unit=found.top, data={"on": found.on}, batch=batch)
    return found


def apply_due(*, actor: Actor, now: datetime.datetime) -> int:
    """Do every planned change whose day (IST) has come, oldest first; how many. One that cannot be done any more is
    marked so with the reason, and the others still happen."""
    done = 0
    for pk in queries.due_reorganisations(local_day(now)):
        with transaction.atomic():
            lock_tree()
            found = Reorganisation.objects.select_for_update().filter(pk=pk, state=State.PLANNED).first()
            if found is None:
                continue
            try:
                with transaction.atomic():
                    _apply(actor, found, now)
                    done += 1
            except ToliError as error:
                found.failure = str(error)
                _become(found, State.FAILED, actor, "org.change_failed", now)
    return done
