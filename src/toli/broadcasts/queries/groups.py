"""Reads of the register of groups: whose they are, where none is, what is to be posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, QuerySet

from toli.broadcasts import share
from toli.broadcasts.documents import Line, Offer
from toli.broadcasts.groups import Branch, Covered, groups_for
from toli.broadcasts.models import Group, GroupAdmin, Posting
from toli.broadcasts.queries.documents import offers
from toli.broadcasts.streams import tier_of
from toli.content.rules import subject_of
from toli.elections import gate
from toli.elections import queries as elections
from toli.elections.windows import Windows
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org import queries as org
from toli.org.models import Appointment, Unit

RIGHT = "broadcasts.groups"
"""To keep the register of groups."""


def groups_in_charge(actor: Actor, *, words: str = "", kind: str = "") -> QuerySet[Group]:
    """Open groups of the actor's charge, in the order of the tree, with their admins and the last posting."""
    rows = Group.objects.select_related("unit__level").filter(access.visible(actor, RIGHT).q(), closed_at=None)
    if words:
        rows = rows.filter(name__icontains=words)
    if kind:
        rows = rows.filter(kind=kind)
    told = rows.annotate(posted_at=Max("postings__at"), admin_count=Count("admins", distinct=True))
    return told.order_by("unit__path", "part", "id")


def get_group(*, actor: Actor, ref: UUID, lock: bool = False) -> Group:
    """The group, when in the actor's charge. Raises NotFound."""
    rows = Group.objects.select_related("unit__level").filter(access.visible(actor, RIGHT).q(), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def get_group_i_post_in(*, actor: Actor, ref: UUID, lock: bool = False) -> tuple[Group, int]:
    """The open group and who asks, when this person is one of its admins. Raises NotFound."""
    mine = GroupAdmin.objects.filter(person_id=actor.person_id).values("group")
    rows = Group.objects.select_related("unit__level").filter(ref=ref, closed_at=None, pk__in=mine)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None or actor.person_id is None:
        raise NotFound()
    return found, actor.person_id


# Groups of a state or a district are too far away to count as a place's own.
UNITS_WITHOUT = """
WITH covered AS (
    SELECT DISTINCT c.id FROM broadcasts_group g CROSS JOIN LATERAL unnest(g.covers) c(id)
    JOIN org_unit u ON u.id = c.id JOIN org_level l ON l.id = u.level_id
    WHERE g.closed_at IS NULL AND l.rank >= (SELECT rank FROM org_level WHERE key = 'constituency')
)
SELECT u.id FROM org_unit u JOIN org_level l ON l.id = u.level_id
WHERE l.key = %s AND u.active AND u.path <> '' AND {charge}
  AND NOT EXISTS (SELECT 1 FROM covered c WHERE c.id = ANY(string_to_array(rtrim(u.path, '/'), '/')::bigint[]))
ORDER BY u.path LIMIT %s
"""


def units_without(actor: Actor, *, level: str, most: int = 500) -> list[Unit]:
    """Units of one level, in the actor's charge, whose members have no group; at most `most`."""
    charge, bounds = access.visible(actor, RIGHT).sql("u.path")
    with connection.cursor() as cursor:
        cursor.execute(UNITS_WITHOUT.format(charge=charge), [level, *bounds, most])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Unit.objects.select_related("level").filter(id__in=ids).order_by("path"))


MEMBERS_BELOW = """
SELECT u.id, u.path, count(m.id) FROM org_unit u LEFT JOIN org_membership m ON m.unit_id = u.id AND m.valid_to IS NULL
WHERE u.path >= %s AND u.path < %s AND u.active GROUP BY u.id, u.path ORDER BY u.path
"""


def branch_of(unit: Unit) -> Branch:
    """The unit's tree with its members, counted; nobody is named."""
    with connection.cursor() as cursor:
        cursor.execute(MEMBERS_BELOW, list(paths.subtree(unit.path)))
        rows = cursor.fetchall()
    own = {unit_id: n for unit_id, _path, n in rows}
    below: dict[int, list[int]] = {}
    for unit_id, path, _n in rows:
        above = paths.ancestors(path)[:-1]
        if unit_id != unit.pk and above:
            below.setdefault(above[-1], []).append(unit_id)
    return _branch(unit.pk, own, below)


def _branch(unit_id: int, own: dict[int, int], below: dict[int, list[int]]) -> Branch:
    return Branch(unit_id, own.get(unit_id, 0), tuple(_branch(one, own, below) for one in below.get(unit_id, ())))


def planned_below(unit: Unit, kind: str) -> bool:
    """Whether open groups of this kind stand anywhere in the unit."""
    lo, hi = paths.subtree(unit.path)
    return Group.objects.filter(unit__path__gte=lo, unit__path__lt=hi, kind=kind, closed_at=None).exists()


def people_to_name(group: Group, *, now: datetime) -> list[Appointment]:
    """Who may be named an admin: those who hold a seat in the group's place, those nearest to it first."""
    lo, hi = paths.subtree(group.unit.path)
    rows = Appointment.objects.select_related("person", "seat__unit", "seat__role").filter(
        state=Appointment.State.ACCEPTED, seat__unit__path__gte=lo, seat__unit__path__lt=hi
    )
    named = group.admins.values("person")
    return list(rows.exclude(person__in=named).order_by("seat__unit__path", "seat_id")[:100])


# A person's own groups


def my_groups(actor: Actor) -> list[Group]:
    """The groups this person belongs in, with a link to follow; whether they follow it, nobody reads."""
    home = org.home_unit_id(actor.person_id) if actor.person_id else None
    unit = Unit.objects.filter(pk=home).first()
    if unit is None or actor.person_id is None:
        return []
    above = paths.ancestors(unit.path)
    tier = tier_of(getattr(actor, "tier", None))
    found = Group.objects.filter(covers__overlap=above, closed_at=None, tier__in=["all", tier]).exclude(link="")
    groups = {group.pk: group for group in found.select_related("unit")}
    told = [Covered(g.pk, g.kind, frozenset(g.covers), g.part, g.parts) for g in groups.values()]
    return [groups[pk] for pk in groups_for(above, actor.person_id, told)]


def groups_i_post_in(actor: Actor) -> list[Group]:
    """Open groups of which this person is an admin."""
    rows = Group.objects.select_related("unit__level").filter(admins__person_id=actor.person_id, closed_at=None)
    return list(rows.order_by("unit__path", "part")) if actor.person_id else []


# What is to be posted


@dataclass(frozen=True, slots=True)
class PackLine:
    """One text for one group."""

    offer: Offer
    shared: share.SharedLine
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pack:
    """A group with what stands ready for it now, and how many texts the law holds back there."""

    group: Group
    lines: list[PackLine]
    held: int

    @property
    def waiting(self) -> int:
        return sum(line.posted_at is None for line in self.lines)


def packs(groups: Sequence[Group], *, language: str, sharer: str, now: datetime) -> list[Pack]:
    """What each group may be given now; every text has passed the gate for the group's own place."""
    found, windows = offers("groups", now=now), elections.load_windows(now=now)
    places, posted = elections.places_of([group.unit for group in groups]), _posted(groups)
    return [
        _pack(group, places[group.unit_id], meant_for(group, found), posted, windows, language, sharer, now)
        for group in groups
    ]


def _posted(groups: Collection[Group]) -> dict[tuple[int, int], datetime]:
    rows = Posting.objects.filter(group__in=groups).values_list("group_id", "item_id", "at")
    return {(group, item): at for group, item, at in rows}


def meant_for(group: Group, found: Sequence[Offer]) -> list[Offer]:
    """What releases let out to this group, before the law is asked. Internal texts never go into a group."""
    near = set(paths.ancestors(group.unit.path))
    return [
        one
        for one in found
        if one.scope & near
        and (one.item.constituency_id is None or one.item.constituency_id in near)
        and one.candidate.tier in ("all", group.tier)
        and one.item.matter != gate.Kind.INTERNAL
    ]


def _pack(
    group: Group,
    place: elections.Place,
    meant: Sequence[Offer],
    posted: dict[tuple[int, int], datetime],
    windows: Windows,
    language: str,
    sharer: str,
    now: datetime,
) -> Pack:
    unit_id, channel, links = place.constituency_id, place.channel("groups"), share.links_of(group.unit)
    lines, held = [], 0
    for one in meant:
        subject = subject_of(one.item)
        verdict = gate.may_publish(subject, unit_id, channel, now, windows=windows)
        if not verdict:
            held += 1
            continue
        gate.require(verdict, subject_hash=one.item.hash, unit_id=unit_id, now=now)
        told = Line(one.item, one.candidate, verdict).told(language, windows.next_boundary(unit_id, now))
        shared = share.line(told, sharer=sharer, now=now, links=links)
        lines.append(PackLine(one, shared, posted.get((group.pk, one.item.pk))))
    return Pack(group, lines, held)


def posted_in(actor: Actor, item_ids: Collection[int]) -> dict[int, int]:
    """By item: in how many groups of the actor's charge admins have posted it."""
    rows = Posting.objects.filter(access.visible(actor, RIGHT).q("group__unit__path"), item_id__in=item_ids)
    return dict(rows.values_list("item_id").annotate(n=Count("id")))
