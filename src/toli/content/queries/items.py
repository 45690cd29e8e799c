"""Reads of items, sheets and approvals."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet

from toli.content import rules
from toli.content.models import APPROVALS_NEEDED, Answer, Approval, Comment, Hold, Item, Sheet, State, Version
from toli.content.wording import Wording
from toli.elections import queries as elections
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org.models import Unit

LIVE = Prefetch("approvals", Approval.objects.filter(withdrawn_at=None).order_by("at"), to_attr="live_approvals")

HELD = Prefetch("holds", Hold.objects.filter(lifted_at=None), to_attr="live_holds")


def items(actor: Actor, *, state: str = "", kind: str = "", matter: str = "", words: str = "") -> QuerySet[Item]:
    """Items of the actor's charge that stand on no sheet, the last changed first; with `words`, all that have them."""
    rows = _items().filter(access.visible(actor, "content.view").q())
    for column, value in (("state", state), ("kind", kind), ("matter", matter)):
        if value:
            rows = rows.filter(**{column: value})
    # Slogans of a sheet are read on their sheet; a search finds them alone.
    rows = rows.filter(texts__text__icontains=words).distinct() if words else rows.filter(sheet=None)
    return rows.order_by("-changed_at", "-id")


def _items() -> QuerySet[Item]:
    related = Item.objects.select_related("unit", "constituency", "sheet", "media")
    return related.prefetch_related("texts", "channel_texts", "certificates", LIVE, HELD)


def get_item(*, actor: Actor, ref: UUID, right: str = "content.view", lock: bool = False) -> Item:
    """The item, when the actor has `right` on its unit. Raises NotFound or NeedsSecondFactor."""
    rows = _items().filter(access.visible(actor, right).q(), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return found


def sheets(actor: Actor) -> QuerySet[Sheet]:
    """Sheets of the actor's charge, newest first."""
    return (
        Sheet.objects.select_related("unit").filter(access.visible(actor, "content.view").q()).order_by("-written_at")
    )


def get_sheet(*, actor: Actor, ref: UUID, right: str = "content.view", lock: bool = False) -> Sheet:
    """The sheet, when the actor has `right` on its unit. Raises NotFound or NeedsSecondFactor."""
    rows = Sheet.objects.select_related("unit").filter(access.visible(actor, right).q(), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return found


def items_of_sheet(sheet: Sheet, *, lock: bool = False) -> list[Item]:
    """Its slogans in order, with their wording and live approvals."""
    rows = _items().filter(sheet=sheet).order_by("place")
    return list(rows.select_for_update(of=("self",)) if lock else rows)


def versions_of(item: Item) -> QuerySet[Version]:
    return Version.objects.filter(item=item)


def authors_of(item_ids: Collection[int]) -> dict[int, set[int | None]]:
    """Everybody who ever wrote a wording of these items, by item."""
    found: dict[int, set[int | None]] = {item_id: set() for item_id in item_ids}
    for item_id, person_id in Version.objects.filter(item_id__in=item_ids).values_list("item_id", "by_id"):
        found[item_id].add(person_id)
    return found


def approvers_of(item: Item) -> list[int]:
    """Persons who said yes to the wording of now."""
    rows = Approval.objects.filter(item=item, hash=item.hash, withdrawn_at=None)
    return list(rows.values_list("person_id", flat=True))


def channels_of(item: Item) -> dict[str, dict[str, str]]:
    """{channel: {tag: text}}: other words for single channels."""
    found: dict[str, dict[str, str]] = {}
    for row in item.channel_texts.all():
        found.setdefault(row.channel, {})[row.language] = row.text
    return found


def wording_of(item: Item) -> Wording:
    """The wording as it stands in the tables."""
    return Wording(
        kind=item.kind, matter=item.matter, texts=item.texts_by_language, sources=item.source_by_language,
        link=item.link, file_hash=item.file_hash, paid=item.paid, ai=item.ai, topics=item.topics,
        names_units=item.names_units, constituency_id=item.constituency_id, on_date=item.on_date,
        names_person=item.names_person, channels=channels_of(item),
    )  # fmt: skip


# Two others said yes to these words, one of them from above where care is needed, nobody holds the item, and its file
# may be shown today.
IS_CLEARED = """
  (SELECT count(DISTINCT a.person_id) >= %(needed)s AND (NOT i.careful OR bool_or(a.senior)) FROM content_approval a
   WHERE a.item_id = i.id AND a.hash = i.hash AND a.withdrawn_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM content_version v WHERE v.item_id = i.id AND v.by_id = a.person_id))
  AND NOT EXISTS (SELECT 1 FROM content_hold h WHERE h.item_id = i.id AND h.lifted_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM content_media m WHERE m.id = i.media_id
       AND (m.state <> 'ready' OR m.digest <> i.file_hash OR m.ai <> i.ai OR (m.shows_people AND (
            NOT EXISTS (SELECT 1 FROM content_personshown p WHERE p.media_id = m.id)
            OR EXISTS (SELECT 1 FROM content_personshown p WHERE p.media_id = m.id GROUP BY lower(p.name)
                 HAVING NOT bool_or(p.taken_back_at IS NULL AND (p.until IS NULL OR p.until >=
                                    (now() AT TIME ZONE 'Asia/Kolkata')::date)))))))
"""

CLEARED = """
SELECT i.id FROM content_item i
WHERE (i.id = ANY(%(items)s) OR i.sheet_id = ANY(%(sheets)s)) AND i.state = ANY(%(states)s) AND {cleared}
"""


def _cleared(items: Iterable[int], sheets: Iterable[int], states: Collection[str]) -> list[int]:
    values: dict[str, Any] = {
        "items": list(items),
        "sheets": list(sheets),
        "states": list(states),
        "needed": APPROVALS_NEEDED,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLEARED.format(cleared=IS_CLEARED), values)
        return [row[0] for row in cursor.fetchall()]


def is_cleared(item: Item) -> bool:
    """True when the item, sent for approval, has every yes it needs and nobody holds it."""
    return bool(_cleared([item.pk], [], [State.SUBMITTED]))


def cleared_items(*, item_ids: Iterable[int], sheet_ids: Iterable[int]) -> list[Item]:
    """Those items, alone or on these sheets, that enough persons approved word for word as they stand now.

    The hash is taken again from the stored words: what was changed behind our back is not cleared. Nor is an item
    whose file was taken out of use, or shows somebody whose consent has ended, nor ever a template.
    """
    found = _cleared(item_ids, sheet_ids, [State.APPROVED, State.OUT])
    rows = Item.objects.filter(id__in=found).exclude(kind=Item.Kind.TEMPLATE)
    rows = rows.prefetch_related("texts", "channel_texts", "certificates")
    rows = rows.order_by("sheet_id", "place", "id")
    return [item for item in rows if wording_of(item).hash() == item.hash]


def reasons_of_all(found: Collection[Item]) -> dict[int, dict[str, str]]:
    """By item: why each passage of its wording of now may stay, by the passage's key."""
    hashes = {item.pk: item.hash for item in found}
    said: dict[int, dict[str, str]] = {pk: {} for pk in hashes}
    for row in Answer.objects.filter(item_id__in=hashes, hash__in=set(hashes.values())):
        if row.hash == hashes[row.item_id]:
            said[row.item_id][f"{row.language}-{row.kind}-{row.start}"] = row.reason
    return said


def are_under_the_code(found: Collection[Item], *, now: datetime) -> bool:
    """True while the code of conduct holds somewhere that one of these items is for."""
    windows = elections.load_windows(now=now)
    if not windows.codes:
        return False
    places = {item.constituency_id for item in found if item.constituency_id}
    desks = {item.unit for item in found if not item.constituency_id}
    places.update(unit_id for desk in desks for unit_id in elections.constituency_ids_for(desk))
    return any(windows.code_holds(unit_id, now) for unit_id in places)


def urgent_items(actor: Actor, *, now: datetime) -> QuerySet[Item]:
    """What waits for two on duty, of every desk: the oldest first. For those who may approve somewhere."""
    rows = _items().filter(state=State.SUBMITTED, urgent_at__gt=now - rules.URGENT_FOR, urgent_at__lte=now)
    return (rows if access.may_anywhere(actor, "content.approve") else rows.none()).order_by("urgent_at")


def get_urgent_item(*, actor: Actor, ref: UUID, now: datetime, lock: bool = False) -> Item:
    """An urgent item inside its five minutes. Raises NotFound or NeedsSecondFactor."""
    rows = urgent_items(actor, now=now).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    access.require_second_factor(actor, "content.approve")
    return found


def hold_of(item: Item) -> Hold | None:
    """The hold that stopped the item when it was fetched."""
    return next(iter(item.live_holds), None)  # type: ignore[attr-defined]


def comments_on(item: Item) -> list[tuple[Comment, list[Comment]]]:
    """Each comment with the answers under it, the oldest first."""
    rows = list(Comment.objects.filter(item=item))
    return [(one, [reply for reply in rows if reply.under_id == one.pk]) for one in rows if one.under_id is None]


def get_comment(*, item: Item, ref: UUID) -> Comment:
    """A comment on the item. Raises NotFound."""
    found = Comment.objects.filter(item=item, ref=ref).first()
    if found is None:
        raise NotFound()
    return found


TODAY = """
SELECT DISTINCT ON (constituency_id) constituency_id,
       CASE WHEN state IN ('approved', 'out') THEN state ELSE 'draft' END
FROM content_item
WHERE on_date = %(day)s AND constituency_id = ANY(%(units)s) AND state <> 'withdrawn'
ORDER BY constituency_id, array_position(ARRAY['out', 'approved', 'submitted', 'draft'], state)
"""


def todays_items(unit_ids: Collection[int], day: date) -> dict[int, str]:
    """none, draft, approved or out for each of these constituencies: how far today's item has come."""
    with connection.cursor() as cursor:
        cursor.execute(TODAY, {"day": day, "units": list(unit_ids)})
        found = dict(cursor.fetchall())
    return {unit_id: found.get(unit_id, "none") for unit_id in unit_ids}


def waiting_for(actor: Actor) -> QuerySet[Item]:
    """Single items that wait for this person's yes: not their own, not yet theirs."""
    return (
        _items()
        .filter(access.visible(actor, "content.approve").q(), state=State.SUBMITTED, sheet=None)
        .exclude(versions__by_id=actor.person_id)
        .exclude(approvals__person_id=actor.person_id, approvals__withdrawn_at=None)
        .order_by("changed_at")
    )


def constituencies_for(actor: Actor, right: str = "content.write") -> QuerySet[Unit]:
    """Constituencies for which the actor may write."""
    return Unit.objects.filter(access.visible(actor, right).q("path"), level__key="constituency", active=True).order_by(
        "path"
    )


def desks_of(actor: Actor, right: str = "content.write") -> QuerySet[Unit]:
    """The units in whose name the actor may write: the tops of their charge, highest first."""
    scope = access.visible(actor, right)
    rows = Unit.objects.select_related("level").filter(active=True).order_by("level__rank", "path")
    if scope.everywhere:
        return rows.filter(level__rank=10).exclude(path="")
    return rows.filter(path__in=[lo for lo, _hi in scope.ranges])


def get_picture(*, actor: Actor, name: str) -> Item:
    """The item of a picture: out or approved for everybody who is signed in, else in one's charge. Raises NotFound."""
    rows = Item.objects.filter(file=name)
    open_to_members = rows.filter(state__in=[State.APPROVED, State.OUT]) if actor.person_id else rows.none()
    found = open_to_members.first() or rows.filter(access.visible(actor, "content.view").q()).first()
    if found is None:
        raise NotFound()
    return found
