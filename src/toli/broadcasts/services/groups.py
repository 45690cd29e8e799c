"""Writes of the register of groups: an organisation's word about groups, never what is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.broadcasts import queries, rules
from toli.broadcasts.groups import Planned, room_in, split
from toli.broadcasts.models import Group, GroupAdmin, Posting
from toli.content import services as content
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.kit.language import text_of
from toli.org import access
from toli.org import services as org
from toli.org.models import Unit


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a group; `members` as an admin read it in the app, None when nobody has."""

    name: str
    link: str
    tier: str
    members: int | None


@transaction.atomic
def register_group(*, actor: Actor, unit: Unit, kind: str, said: Said, now: datetime) -> Group:
    """Write a group that exists, or is to be made, into the register. Raises NotAllowed, NotFound or BadInput."""
    access.require(actor, queries.GROUPS, unit)
    rules.check_link(kind, said.link)
    group = Group(unit=unit, covers=[unit.pk], kind=kind, made_by_id=actor.person_id, made_at=now)
    _put(group, said, now)
    audit.record(actor, "broadcasts.group_made", group, unit=unit)
    return group


@transaction.atomic
def change_group(*, actor: Actor, ref: UUID, said: Said, now: datetime) -> Group:
    """Another name, link, audience or number of members."""
    group = queries.get_group(actor=actor, ref=ref, lock=True)
    rules.check_open(group)
    rules.check_link(group.kind, said.link)
    _put(group, said, now)
    audit.record(actor, "broadcasts.group_changed", group, unit=group.unit)
    return group


def _put(group: Group, said: Said, now: datetime) -> None:
    if said.members != group.members:
        group.members, group.counted_at = said.members, now
    group.name, group.link, group.tier = said.name, said.link, said.tier
    _save(group)


def _save(group: Group) -> None:
    """Raises BadInput when another open group has this link already."""
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise BadInput(fields={"link": _("This link already stands in the register, for another group.")}) from error


@transaction.atomic
def close_group(*, actor: Actor, ref: UUID, now: datetime) -> None:
    """Take a group out of the register: nobody is sent there any more. What was posted stays on record."""
    group = queries.get_group(actor=actor, ref=ref, lock=True)
    rules.check_open(group)
    group.closed_at = now
    group.save(update_fields=["closed_at"])
    audit.record(actor, "broadcasts.group_closed", group, unit=group.unit)


@transaction.atomic
def plan_groups(*, actor: Actor, unit: Unit, kind: str, now: datetime) -> list[Group]:
    """One group for every part of the unit's members, each to be made in the app by its admin.

    Raises NotAllowed or NotFound; WrongState where groups of this kind stand already, so that nothing is planned twice.
    """
    access.require(actor, queries.GROUPS, unit)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if queries.planned_below(unit, kind):
        raise WrongState(_("There are groups of this kind here already. Add a single one, or close those first."))
    planned = split(queries.branch_of(unit), room_in(kind, local_day(now)))
    units = Unit.objects.in_bulk([one.covers[0] for one in planned])
    made = Group.objects.bulk_create(
        Group(
            unit=units[one.covers[0]] if len(one.covers) == 1 else unit, covers=list(one.covers), part=one.part,
            parts=one.parts, kind=kind, name=_name(unit, units, one, number), made_by_id=actor.person_id, made_at=now,
        )
        for number, one in enumerate(planned, 1)
    )  # fmt: skip
    batch = [audit.BatchTarget("broadcasts.group", group.ref, group.unit_id) for group in made]
    audit.record(actor, "broadcasts.groups_planned", None, unit=unit, data={"groups": len(made)}, batch=batch)
    return made


def _name(unit: Unit, units: Mapping[int, Unit], one: Planned, number: int) -> str:
    if len(one.covers) > 1:
        return f"{text_of(unit.names)} {number}"
    name = text_of(units[one.covers[0]].names)
    return f"{name} {one.part}/{one.parts}" if one.parts > 1 else name


@transaction.atomic
def name_admin(*, actor: Actor, ref: UUID, person_ref: UUID, now: datetime) -> None:
    """Make a seat holder of the place an admin. Raises NotFound for anybody else."""
    group = queries.get_group(actor=actor, ref=ref, lock=True)
    rules.check_open(group)
    found = next((a for a in queries.people_to_name(group, now=now) if a.person.ref == person_ref), None)
    if found is None:
        raise NotFound()
    GroupAdmin.objects.create(group=group, person=found.person, since=now)
    audit.record(actor, "broadcasts.group_admin_named", group, unit=group.unit)


@transaction.atomic
def remove_admin(*, actor: Actor, ref: UUID, person_ref: UUID) -> None:
    """Raises NotFound when the person is not an admin of this group."""
    group = queries.get_group(actor=actor, ref=ref, lock=True)
    gone, _all = GroupAdmin.objects.filter(group=group, person__ref=person_ref).delete()
    if not gone:
        raise NotFound()
    audit.record(actor, "broadcasts.group_admin_removed", group, unit=group.unit)


# An admin's own acts


@transaction.atomic
def tell_group(*, actor: Actor, ref: UUID, link: str, members: int | None, now: datetime) -> Group:
    """An admin says the link and how many are in. Raises NotFound or BadInput."""
    group, person_id = queries.get_group_i_post_in(actor=actor, ref=ref, lock=True)
    rules.check_link(group.kind, link)
    _put(group, Said(group.name, link, group.tier, members), now)
    audit.record(actor, "broadcasts.group_changed", group, unit=group.unit)
    org.note_act(person_id=person_id, now=now)
    return group


@transaction.atomic
def say_posted(*, actor: Actor, ref: UUID, item_ref: UUID, now: datetime) -> None:
    """An admin says that a text stands in the group; told twice, it counts once. Raises NotFound."""
    group, person_id = queries.get_group_i_post_in(actor=actor, ref=ref, lock=True)
    meant = queries.meant_for(group, queries.offers("groups", now=now))
    item = next((one.item for one in meant if one.item.ref == item_ref), None)
    if item is None:
        raise NotFound()
    _row, made = Posting.objects.get_or_create(group=group, item=item, defaults={"by_id": person_id, "at": now})
    if made:
        audit.record(actor, "broadcasts.posted", group, unit=group.unit, data={"item": str(item.ref)})
        content.report_step(actor=actor, item_ids=[item.pk], step="groups", now=now)
    org.note_act(person_id=person_id, now=now)
