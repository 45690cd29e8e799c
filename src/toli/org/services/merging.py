"""Two entries of one person become one, and can be parted again for thirty days.

Whatever points at the entry that goes is re-pointed, found through `_meta.related_objects`, so a new room is
included by having a foreign key. A row stays where it is when the kept entry has the same already (a unique rule),
when it names both entries in two columns (who did it and who checked it), or when its table is append-only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from toli.accounts import services as accounts
from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org import access, queries, rules
from toli.org.models import Activity, Appointment, Membership
from toli.org.queries import duplicates
from toli.org.services.counts import add_counts, seat_rows
from toli.org.services.duplicates import refresh_flags
from toli.org.services.seats import State, _end, _holder_rows
from toli.people import services as people
from toli.people.models import DuplicatePair, Merge, MergeMove, NameKey, Person
from toli.people.queries import MERGED_COLUMNS

UNDO_FOR = timedelta(days=30)
OWN_TABLES = (DuplicatePair, Merge, MergeMove, NameKey, Activity)
"""Told apart by the merge itself."""
HOME = "home"
CHOICES = (*MERGED_COLUMNS, HOME)
# How columns end that say who did something by a plain id: "a second person" is compared by them.
PLAIN_IDS = ("by_id", "person_id")

APPEND_ONLY = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND (t.tgtype & 32) <> 0
"""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column that points at a person."""

    model: type[Model]
    column: str


def pointers() -> list[Pointer]:
    """Every column of every room that points at a person and may be changed."""
    with connection.cursor() as cursor:
        cursor.execute(APPEND_ONLY)
        closed = {row[0] for row in cursor.fetchall()}
    return [p for p in _all_pointers() if p.model not in OWN_TABLES and p.model._meta.db_table not in closed]


def _all_pointers() -> Iterator[Pointer]:
    for relation in Person._meta.related_objects:
        if relation.related_model is not Person:
            yield Pointer(relation.related_model, relation.field.attname)  # type: ignore[arg-type]
    yield Pointer(Person, "merged_into_id")
    for model in apps.get_models():
        if model.__module__.startswith("toli.") and not model.__module__.startswith(("toli.audit", "toli.people")):
            for field in model._meta.concrete_fields:
                if field.name.endswith(PLAIN_IDS) and not field.is_relation:
                    yield Pointer(model, field.attname)


def _rows_that_may_move(pointer: Pointer, kept: Person, gone: Person) -> QuerySet[Any]:
    rows: QuerySet[Any] = pointer.model._default_manager.filter(**{pointer.column: gone.pk})
    for other in _all_pointers():
        if other.model is pointer.model and other.column != pointer.column and other.model is not Person:
            rows = rows.filter(Q(**{f"{other.column}__isnull": True}) | ~Q(**{other.column: kept.pk}))
    for fields, condition in _unique_rules(pointer):
        twin = pointer.model._default_manager.filter(condition, **{pointer.column: kept.pk})
        same = twin.filter(**{name: OuterRef(name) for name in fields})
        rows = rows.filter(~(condition & Exists(same)))
    return rows


def _unique_rules(pointer: Pointer) -> Iterator[tuple[list[str], Q]]:
    """The other fields and the condition of each unique rule that this column is part of."""
    meta = pointer.model._meta
    field = next(f for f in meta.concrete_fields if f.attname == pointer.column)
    if field.unique:
        yield [], Q()
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint) and field.name in constraint.fields:
            yield [name for name in constraint.fields if name != field.name], constraint.condition or Q()


@transaction.atomic
def merge_persons(
    *, actor: Actor, kept_ref: UUID, gone_ref: UUID, take: Mapping[str, str], now: datetime
) -> Merge:  # fmt: skip
    """Join the entry `gone` into `kept`: per column of `take` the value of "kept" or "gone" stays.

    Everything that points at `gone` is re-pointed in this transaction and the figures follow. The way in (number and
    login) is that of the kept entry. Raises NotFound, NeedsSecondFactor, NotAllowed, BadInput or WrongState.
    """
    kept, gone = _both(actor, kept_ref, gone_ref)
    _check_choice(take)
    _check_may_move(actor, kept, gone)
    before: dict[str, Any] = {"flags": [kept.duplicate_flag, gone.duplicate_flag]}
    merge = Merge.objects.create(kept=kept, gone=gone, by_id=actor.person_id, at=now, undo_until=now + UNDO_FOR)
    _count(kept, gone, sign=-1, now=now)
    before["homes"] = _join_homes(kept, gone, take.get(HOME, "kept"), now)
    before["ended"] = _settle_seats(kept, gone, now)
    before["activity"] = _join_activity(kept, gone)
    before["proved"] = _join_proof(kept, gone)
    moved = _repoint(merge, kept, gone)
    swapped = [column for column in MERGED_COLUMNS if take.get(column) == "gone"]
    _swap(kept, gone, swapped)
    _retire(kept, gone, now)
    _count(*_read(kept, gone), sign=+1, now=now)
    before["holder"] = _close_door(actor, gone)
    merge.swapped, merge.before = swapped, before
    merge.save(update_fields=["swapped", "before"])
    _close_pair(kept, gone, DuplicatePair.State.MERGED, actor, now)
    refresh_flags(now=now)
    _record(actor, "people.merged", merge, {"fields": swapped, "moved": moved})
    return merge


def _both(actor: Actor, kept_ref: UUID, gone_ref: UUID) -> tuple[Person, Person]:
    """Both rows, locked in the order of their ids, so that of two merges at once the second finds one gone."""
    found = [queries.get_person(actor=actor, ref=ref, right=duplicates.RIGHT) for ref in (kept_ref, gone_ref)]
    if found[0].pk == found[1].pk:
        raise BadInput(_("These are not two entries."))
    locked = {p.pk: p for p in people.lock_persons([p.pk for p in found])}
    kept, gone = locked[found[0].pk], locked[found[1].pk]
    if kept.state != Person.State.ACTIVE or gone.state != Person.State.ACTIVE:
        raise WrongState(_("Somebody joined these entries a moment ago, or one of them has left. Nothing was changed."))
    if duplicates.is_called_different(kept, gone):
        raise WrongState(_("Somebody looked at these entries and said: two persons. Nothing was changed."))
    return kept, gone


def _check_choice(take: Mapping[str, str]) -> None:
    if set(take) - set(CHOICES) or set(take.values()) - {"kept", "gone"}:
        raise BadInput(_("Please choose one of the two values in each line."))


def _check_may_move(actor: Actor, kept: Person, gone: Person) -> None:
    """Whoever merges hands over the seats of the entry that goes, so they must be allowed to give those."""
    if actor.person_id in (kept.pk, gone.pk):
        raise NotAllowed(_("Nobody joins their own entries. Ask another coordinator."))
    for found in duplicates.live_appointments(gone):
        seat = found.seat
        right = "org.offer_high" if seat.unit.level.rank <= rules.DISTRICT_RANK else "org.offer"
        if not access.may(actor, right, seat.unit, seat.wing_id):
            raise NotAllowed(
                _("The entry that would go holds a seat you may not give. Keep the other entry, or ask above.")
            )


def _count(kept: Person, gone: Person, *, sign: int, now: datetime) -> None:
    """Take what both count for out of the figures, or put it in: before and after every change."""
    rows = []
    for person in (kept, gone):
        for found in duplicates.live_appointments(person):
            if found.state == State.OFFERED:
                rows += seat_rows(found.seat, "offered", sign)
            elif found.counts:
                rows += _holder_rows(found, sign, now)
        rows += [(m.unit_id, None, "members", sign, None) for m in _live_homes(person)]
    add_counts(rows)


def _live_homes(person: Person) -> QuerySet[Membership]:
    return Membership.objects.filter(person=person, valid_to=None)


def _read(*persons: Person) -> list[Person]:
    return [Person.objects.get(pk=p.pk) for p in persons]


def _join_homes(kept: Person, gone: Person, choice: str, now: datetime) -> list[int]:
    """End the home that was not chosen; the ids of what ended. The other moves with all rows."""
    if not (_live_homes(kept).exists() and _live_homes(gone).exists()):
        return []
    loser = _live_homes(kept if choice == "gone" else gone)
    ended = list(loser.values_list("pk", flat=True))
    loser.update(valid_to=now)
    return ended


def _settle_seats(kept: Person, gone: Person, now: datetime) -> list[dict[str, Any]]:
    """In a team where both sit or are offered, the better claim stays; what it takes to restore the others."""
    teams: dict[Any, list[Appointment]] = {}
    for found in (*duplicates.live_appointments(kept), *duplicates.live_appointments(gone)):
        teams.setdefault((found.seat.unit_id, found.seat.team_kind_id, found.seat.wing_id), []).append(found)
    ended = []
    for rows in teams.values():
        if len({found.person_id for found in rows}) == 2:
            rows.sort(key=lambda a: (a.state != State.ACCEPTED, not a.counts, a.acting, a.person_id != kept.pk, a.pk))
            ended += [_give_up(found, now) for found in rows[1:] if found.suspended_at is None]
    return ended


def _give_up(found: Appointment, now: datetime) -> dict[str, Any]:
    was = {"id": found.pk, "state": found.state, "valid_to": found.valid_to.isoformat() if found.valid_to else None}
    if found.state == State.OFFERED:
        found.state, found.ended_at = State.WITHDRAWN, now
        found.save(update_fields=["state", "ended_at"])
    else:
        found.handing_over_until = found.handing_over_until or now  # already taken out of the figures
        was["handing_over"] = found.handing_over_until.isoformat() if found.handing_over_until != now else None
        _end(found, reason="entries joined", now=now)
    return was


def _join_activity(kept: Person, gone: Person) -> dict[str, Any] | None:
    """The later act of the two counts; what the kept entry had before."""
    mine, other = (Activity.objects.filter(person=p).first() for p in (kept, gone))
    if other is None:
        return None
    if mine is None:
        Activity.objects.create(person=kept, last_act_on=other.last_act_on, silent=other.silent)
        return {"none": True, "joined": other.last_act_on.isoformat()}
    was: dict[str, Any] = {"last_act_on": mine.last_act_on.isoformat(), "silent": mine.silent}
    mine.last_act_on = max(mine.last_act_on, other.last_act_on)
    was["joined"] = mine.last_act_on.isoformat()
    mine.silent = mine.silent and other.silent
    mine.save()
    return was


def _join_proof(kept: Person, gone: Person) -> dict[str, Any] | None:
    """The same number proved later on the other entry is proved; what stood there before."""
    mine, other = (p.contact_points.filter(kind="phone", valid_to=None).first() for p in (kept, gone))
    if mine is None or other is None or bytes(mine.index) != bytes(other.index) or other.verified_at is None:
        return None
    if mine.verified_at is not None and mine.verified_at >= other.verified_at:
        return None
    was = {"id": mine.pk, "verified_at": mine.verified_at.isoformat() if mine.verified_at else None}
    mine.verified_at = other.verified_at
    mine.save(update_fields=["verified_at"])
    return was


def _repoint(merge: Merge, kept: Person, gone: Person) -> int:
    """Give every row of `gone` to `kept`, a table at a time, and write down which; how many."""
    moves: list[MergeMove] = []
    for pointer in pointers():
        rows = _rows_that_may_move(pointer, kept, gone)
        ids = list(rows.values_list("pk", flat=True))
        if ids:
            pointer.model._default_manager.filter(pk__in=ids).update(**{pointer.column: kept.pk})
            is_key = pointer.model._meta.pk is not None and pointer.model._meta.pk.attname == pointer.column
            label = pointer.model._meta.label_lower
            moves += [
                MergeMove(merge=merge, model=label, column=pointer.column, row_id=kept.pk if is_key else pk)
                for pk in ids
            ]
    MergeMove.objects.bulk_create(moves, batch_size=5000)
    return len(moves)


def _swap(kept: Person, gone: Person, columns: list[str]) -> None:
    """Exchange values: the entry that goes holds what was not chosen, until it is purged."""
    if columns:
        names = [*columns, "tokens"] if "name" in columns else columns
        for name in names:
            mine, other = getattr(kept, name), getattr(gone, name)
            setattr(kept, name, other)
            setattr(gone, name, mine)
        kept.save(update_fields=names)
        gone.save(update_fields=names)
    people.forget_keys(person_ids=[kept.pk, gone.pk])


def _retire(kept: Person, gone: Person, now: datetime) -> None:
    Person.objects.filter(pk=gone.pk).update(
        state=Person.State.MERGED, merged_into=kept, purge_after=now + UNDO_FOR, duplicate_flag=False
    )
    kept.merged_from = [*(kept.merged_from or []), *gone.ids]
    kept.save(update_fields=["merged_from"])


def _close_door(actor: Actor, gone: Person) -> bool:
    """End the sessions of the entry that went and take it off its number; True when there was a way in to close."""
    if gone.holder is None:
        return False
    accounts.end_sessions(actor=actor, holder_id=gone.holder.pk)
    accounts.park_holder(holder_id=gone.holder.pk, active=False)
    return True


def _close_pair(kept: Person, gone: Person, state: str, actor: Actor, now: datetime) -> None:
    low, high = sorted((kept.pk, gone.pk))
    DuplicatePair.objects.filter(a=low, b=high).update(state=state, decided_at=now, decided_by_id=actor.person_id)


def _record(actor: Actor, verb: str, merge: Merge, data: dict[str, Any]) -> None:
    batch = [audit.BatchTarget("people.person", p.ref) for p in (merge.kept, merge.gone)]
    audit.record(actor, verb, merge, unit=queries.home_unit_of(merge.kept), data=data, batch=batch)


@transaction.atomic
def undo_merge(*, actor: Actor, ref: UUID, now: datetime) -> int:
    """Part two joined entries again, rows and all; how many seats could not be given back because others sit there.

    Raises NotFound (also after thirty days), NeedsSecondFactor, NotAllowed or WrongState.
    """
    merge = duplicates.get_merge(actor=actor, ref=ref, now=now, lock=True)
    kept, gone = _parted(merge)
    _count(kept, gone, sign=-1, now=now)
    _point_back(merge)
    _swap(kept, gone, merge.swapped)
    Person.objects.filter(pk=gone.pk).update(state=Person.State.ACTIVE, merged_into=None, purge_after=None)
    taken_out = {gone.pk, *(gone.merged_from or [])}
    Person.objects.filter(pk=kept.pk).update(merged_from=[i for i in kept.merged_from or [] if i not in taken_out])
    lost = _restore(merge, now)
    _count(*_read(kept, gone), sign=+1, now=now)
    if merge.before.get("holder") and gone.holder_id is not None:
        accounts.park_holder(holder_id=gone.holder_id, active=True)
    _close_pair(kept, gone, DuplicatePair.State.OPEN, actor, now)
    merge.undone_at, merge.undone_by_id = now, actor.person_id
    merge.save(update_fields=["undone_at", "undone_by_id"])
    refresh_flags(now=now)
    _record(actor, "people.merge_undone", merge, {"lost": lost})
    return lost


def _parted(merge: Merge) -> tuple[Person, Person]:
    locked = {p.pk: p for p in people.lock_persons([merge.kept_id, merge.gone_id])}
    kept, gone = locked[merge.kept_id], locked[merge.gone_id]
    if kept.state != Person.State.ACTIVE or gone.state != Person.State.MERGED or gone.merged_into_id != kept.pk:
        raise WrongState(_("These entries changed since they were joined: undo the later change first."))
    return kept, gone


def _point_back(merge: Merge) -> None:
    rows = merge.moves.order_by().values_list("model", "column").distinct()
    for label, column in rows:
        model = apps.get_model(label)
        ids = list(merge.moves.filter(model=label, column=column).values_list("row_id", flat=True))
        found = model._default_manager.filter(**{"pk__in": ids, column: merge.kept_id})
        found.update(**{column: merge.gone_id})


def _restore(merge: Merge, now: datetime) -> int:
    """Homes, activity, proof and seats as they were; how many seats somebody else took meanwhile."""
    before = merge.before
    taken = Membership.objects.filter(person=OuterRef("person"), valid_to=None)
    Membership.objects.filter(~Exists(taken), pk__in=before.get("homes", [])).update(valid_to=None)
    _restore_activity(merge.kept_id, before.get("activity"))
    if proved := before.get("proved"):
        people.set_proved(point_id=proved["id"], verified_at=_time(proved["verified_at"]))
    return sum(not _give_back(was, now) for was in before.get("ended", []))


def _restore_activity(person_id: int, was: dict[str, Any] | None) -> None:
    if was is None:
        return
    unchanged = Activity.objects.filter(person_id=person_id, last_act_on=was["joined"])
    if was.get("none"):
        unchanged.delete()
    else:
        unchanged.update(silent=was["silent"], last_act_on=was["last_act_on"])


def _give_back(was: Mapping[str, Any], now: datetime) -> bool:
    found = Appointment.objects.select_related("seat").get(pk=was["id"])
    live = Appointment.objects.filter(seat=found.seat, acting=found.acting).exclude(pk=found.pk)
    if was["state"] == State.OFFERED:
        clash = live.filter(Q(state=State.OFFERED) | Q(state=State.ACCEPTED, handing_over_until=None))
        lapsed = found.offer_expires_at is not None and found.offer_expires_at <= now
    else:
        clash = live.filter(state=State.ACCEPTED, handing_over_until=None)
        lapsed = (until := _time(was["valid_to"])) is not None and until <= now
    if clash.exists() or lapsed or not rules.is_open(found.seat, now):
        return False
    values: dict[str, Any] = {
        "state": was["state"],
        "ended_at": None,
        "end_reason": "",
        "valid_to": _time(was["valid_to"]),
    }
    Appointment.objects.filter(pk=found.pk).update(**values, handing_over_until=_time(was.get("handing_over")))
    return True


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
