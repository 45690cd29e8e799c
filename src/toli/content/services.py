"""Every write of content: one verb each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from toli.audit import services as audit
from toli.content import queries, rules
from toli.content.models import Approval, Item, ItemText, Sheet, State, Version
from toli.content.wording import Wording, clean
from toli.kit.actor import Actor
from toli.org import access
from toli.org import services as org
from toli.org.models import Unit


@dataclass(frozen=True, slots=True)
class Slogan:
    """One line of a sheet in its languages."""

    texts: dict[str, str]


@transaction.atomic
def write_item(*, actor: Actor, unit: Unit, wording: Wording, now: datetime, file: str = "") -> Item:
    """A new draft of this unit's desk. Raises NotAllowed or BadInput."""
    access.require(actor, "content.write", unit)
    rules.check_wording(wording)
    item = _insert(actor, unit, wording, now, file=file)
    audit.record(actor, "content.written", item, unit=unit, data={"kind": item.kind, "hash": item.hash})
    _note(actor, now)
    return item


def _insert(
    actor: Actor,
    unit: Unit,
    wording: Wording,
    now: datetime,
    *,
    file: str = "",
    sheet: Sheet | None = None,
    place: int = 0,
) -> Item:
    item = Item(unit=unit, sheet=sheet, place=place, written_by_id=actor.person_id, written_at=now, file=file)
    _put(item, wording, now)
    item.save(force_insert=True)
    _save_words(actor, item, wording, now)
    return item


def _put(item: Item, wording: Wording, now: datetime) -> None:
    for name in ("kind", "matter", "link", "file_hash", "paid", "ai", "constituency_id", "on_date"):
        setattr(item, name, getattr(wording, name))
    item.topics, item.names_units = sorted(set(wording.topics)), sorted(set(wording.names_units))
    item.hash = wording.hash()
    item.changed_at = now


def _save_words(actor: Actor, item: Item, wording: Wording, now: datetime) -> None:
    ItemText.objects.filter(item=item).delete()
    ItemText.objects.bulk_create(
        ItemText(item=item, language=tag, text=clean(text), source=clean(wording.sources.get(tag, "")))
        for tag, text in wording.texts.items()
    )
    number = Version.objects.filter(item=item).count() + 1
    Version.objects.create(
        item=item, number=number, hash=item.hash, wording=wording.canonical(), by_id=actor.person_id, at=now
    )


@transaction.atomic
def edit_item(*, actor: Actor, ref: UUID, wording: Wording, now: datetime, file: str | None = None) -> Item:
    """Give the item another wording: whoever said yes said it to the old one. Raises NotFound, WrongState, BadInput."""
    item = _locked_with_sheet(actor, ref, "content.write")
    rules.check_editable(item)
    rules.check_wording(wording)
    if wording.hash() == item.hash:
        return item
    withdrawn = Approval.objects.filter(item=item, withdrawn_at=None).update(withdrawn_at=now)
    _put(item, wording, now)
    item.state = State.DRAFT
    item.file = item.file if file is None else file
    item.save()
    _save_words(actor, item, wording, now)
    if item.sheet_id:
        Sheet.objects.filter(pk=item.sheet_id).exclude(state=State.WITHDRAWN).update(state=State.DRAFT)
    data = {"hash": item.hash, "approvals_withdrawn": withdrawn}
    audit.record(actor, "content.edited", item, unit=item.unit, data=data)
    _note(actor, now)
    return item


def _locked_with_sheet(actor: Actor, ref: UUID, right: str) -> Item:
    """The item under lock; its sheet first, the order in which a sheet's approval locks."""
    sheet_id = queries.get_item(actor=actor, ref=ref, right=right).sheet_id
    if sheet_id:
        Sheet.objects.select_for_update().get(pk=sheet_id)
    return queries.get_item(actor=actor, ref=ref, right=right, lock=True)


@transaction.atomic
def submit_item(*, actor: Actor, ref: UUID, now: datetime) -> Item:
    """Send a draft for approval. Raises NotFound or WrongState."""
    item = _locked_with_sheet(actor, ref, "content.write")
    rules.check_submittable(item.state)
    item.state, item.changed_at = State.SUBMITTED, now
    item.save(update_fields=["state", "changed_at"])
    audit.record(actor, "content.submitted", item, unit=item.unit, data={"hash": item.hash})
    _note(actor, now)
    return item


@transaction.atomic
def approve_item(*, actor: Actor, ref: UUID, seen_hash: str, now: datetime) -> Item:
    """Say yes to the wording that was seen; the second person's yes clears it.

    Raises NotFound, NeedsSecondFactor, WrongState when it changed since, NotAllowed for one's own.
    """
    item = _locked_with_sheet(actor, ref, "content.approve")
    authors = queries.authors_of([item.pk])[item.pk]
    rules.check_approvable(item, seen_hash=seen_hash, by=actor.person_id, authors=authors)
    assert actor.person_id is not None
    _, fresh = Approval.objects.get_or_create(
        item=item, hash=item.hash, person_id=actor.person_id, withdrawn_at=None,
        defaults={"seat_id": actor.seat_id, "at": now},
    )  # fmt: skip
    if not fresh:
        return item
    approvers = queries.approvers_of(item)
    if rules.is_cleared(approvers) and item.state == State.SUBMITTED:
        item.state, item.changed_at = State.APPROVED, now
        item.save(update_fields=["state", "changed_at"])
    audit.record(actor, "content.approved", item, unit=item.unit, data={"hash": item.hash, "approvals": len(approvers)})
    _note(actor, now)
    return item


@transaction.atomic
def withdraw_item(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Item:
    """Take the item back; it leaves every stream at once. Needs no second factor: haste is lawful here."""
    item = _locked_with_sheet(actor, ref, "content.write")
    rules.check_editable(item)
    Approval.objects.filter(item=item, withdrawn_at=None).update(withdrawn_at=now)
    item.state, item.changed_at, item.withdrawn_reason = State.WITHDRAWN, now, clean(reason)
    item.save(update_fields=["state", "changed_at", "withdrawn_reason"])
    audit.record(actor, "content.withdrawn", item, unit=item.unit, data={"hash": item.hash})
    _note(actor, now)
    return item


# Sheets


@transaction.atomic
def make_sheet(
    *,
    actor: Actor,
    unit: Unit,
    title: str,
    slogans: Sequence[Slogan],
    sources: dict[str, str],
    matter: str,
    now: datetime,
) -> Sheet:
    """A sheet of slogans of one kind with one source line. Raises NotAllowed, BadInput or LimitReached."""
    access.require(actor, "content.write", unit)
    rules.check_sheet_size(len(slogans))
    wordings = [Wording(kind=Item.Kind.SLOGAN, matter=matter, texts=s.texts, sources=sources) for s in slogans]
    for wording in wordings:
        rules.check_wording(wording)
    sheet = Sheet.objects.create(unit=unit, title=clean(title), written_by_id=actor.person_id, written_at=now)
    for place, wording in enumerate(wordings, start=1):
        _insert(actor, unit, wording, now, sheet=sheet, place=place)
    audit.record(actor, "content.sheet_made", sheet, unit=unit, data={"slogans": len(wordings)})
    _note(actor, now)
    return sheet


@transaction.atomic
def submit_sheet(*, actor: Actor, ref: UUID, now: datetime) -> Sheet:
    """Send the drafts of a sheet for approval; what is already approved on it stays approved."""
    sheet = queries.get_sheet(actor=actor, ref=ref, right="content.write", lock=True)
    rules.check_submittable(sheet.state)
    sent = Item.objects.filter(sheet=sheet, state=State.DRAFT).update(state=State.SUBMITTED, changed_at=now)
    sheet.state, sheet.submitted_at = State.SUBMITTED, now
    sheet.save(update_fields=["state", "submitted_at"])
    audit.record(actor, "content.sheet_submitted", sheet, unit=sheet.unit, data={"slogans": sent})
    _note(actor, now)
    return sheet


SAY_YES = """
INSERT INTO content_approval (item_id, hash, sheet_id, person_id, seat_id, at)
SELECT id, hash, sheet_id, %(person)s, %(seat)s, %(now)s FROM content_item WHERE id = ANY(%(items)s)
ON CONFLICT (item_id, hash, person_id) WHERE withdrawn_at IS NULL DO NOTHING
"""

CLEAR = """
UPDATE content_item i SET state = 'approved', changed_at = %(now)s
WHERE i.sheet_id = %(sheet)s AND i.state = 'submitted'
  AND (SELECT count(DISTINCT a.person_id) FROM content_approval a
       WHERE a.item_id = i.id AND a.hash = i.hash AND a.withdrawn_at IS NULL) >= %(needed)s
"""


@transaction.atomic
def approve_sheet(*, actor: Actor, ref: UUID, seen_hash: str, now: datetime) -> Sheet:
    """Say yes to every slogan of the sheet as it was shown: a list of hashes. Two statements for 200 slogans.

    Raises NotFound, NeedsSecondFactor, WrongState when one of them changed since, NotAllowed for one's own.
    """
    sheet = queries.get_sheet(actor=actor, ref=ref, right="content.approve", lock=True)
    items = [item for item in queries.items_of_sheet(sheet, lock=True) if item.state != State.WITHDRAWN]
    authors = queries.authors_of([item.pk for item in items])
    rules.check_sheet_approvable(sheet, items, seen_hash=seen_hash, by=actor.person_id, authors=authors)
    with connection.cursor() as cursor:
        ids = [item.pk for item in items]
        cursor.execute(SAY_YES, {"person": actor.person_id, "seat": actor.seat_id, "now": now, "items": ids})
        said = cursor.rowcount
        cursor.execute(CLEAR, {"now": now, "sheet": sheet.pk, "needed": rules.APPROVALS_NEEDED})
        cleared = cursor.rowcount
    if not said:
        return sheet
    if not Item.objects.filter(sheet=sheet, state__in=[State.DRAFT, State.SUBMITTED]).exists():
        sheet.state = State.APPROVED
        sheet.save(update_fields=["state"])
    batch = [audit.BatchTarget(kind="content.item", ref=item.ref, unit_id=item.unit_id) for item in items]
    data = {"hash": seen_hash, "slogans": said, "cleared": cleared}
    audit.record(actor, "content.sheet_approved", sheet, unit=sheet.unit, data=data, batch=batch)
    _note(actor, now)
    return sheet


def mark_out(item_ids: Sequence[int], *, now: datetime) -> int:
    """Approved items that have begun to go out, in the caller's transaction; how many changed."""
    return Item.objects.filter(id__in=list(item_ids), state=State.APPROVED).update(state=State.OUT, changed_at=now)


def _note(actor: Actor, now: datetime) -> None:
    if actor.person_id is not None:
        org.note_act(person_id=actor.person_id, now=now)
