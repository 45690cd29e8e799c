"""Writes of one item: written, changed, sent for approval, approved, withdrawn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import compliance, queries, rules
from toli.content.models import Answer, Approval, ChannelText, Item, ItemText, Media, Sheet, State, Version
from toli.content.wording import Wording, clean
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import WrongState
from toli.org import access
from toli.org import services as org
from toli.org.models import Unit


@transaction.atomic
def write_item(*, actor: Actor, unit: Unit, wording: Wording, now: datetime, media: Media | None = None) -> Item:
    """A new draft of this unit's desk, with a file of the library. Raises NotAllowed or BadInput."""
    access.require(actor, "content.write", unit)
    rules.check_wording(wording)
    rules.check_file(wording, media, local_day(now))
    item = insert(actor, unit, wording, now, media=media)
    audit.record(actor, "content.written", item, unit=unit, data={"kind": item.kind, "hash": item.hash})
    note(actor, now)
    return item


def insert(
    actor: Actor,
    unit: Unit,
    wording: Wording,
    now: datetime,
    *,
    media: Media | None = None,
    sheet: Sheet | None = None,
    place: int = 0,
) -> Item:
    """A checked wording as a new draft, in the caller's transaction."""
    item = Item(unit=unit, sheet=sheet, place=place, written_by_id=actor.person_id, written_at=now)
    _put_file(item, media)
    _put(item, wording, now)
    item.save(force_insert=True)
    _save_words(actor, item, wording, now)
    return item


def _put_file(item: Item, media: Media | None) -> None:
    item.media, item.file = media, media.name if media else ""


def _put(item: Item, wording: Wording, now: datetime) -> None:
    for name in ("kind", "matter", "link", "file_hash", "paid", "ai", "constituency_id", "on_date", "names_person"):
        setattr(item, name, getattr(wording, name))
    item.topics, item.names_units = sorted(set(wording.topics)), sorted(set(wording.names_units))
    item.careful = compliance.is_careful(wording)
    item.hash = wording.hash()
    item.changed_at = now


def _save_words(actor: Actor, item: Item, wording: Wording, now: datetime) -> None:
    ItemText.objects.filter(item=item).delete()
    ItemText.objects.bulk_create(
        ItemText(item=item, language=tag, text=clean(text), source=clean(wording.sources.get(tag, "")))
        for tag, text in wording.texts.items()
    )
    ChannelText.objects.filter(item=item).delete()
    ChannelText.objects.bulk_create(
        ChannelText(item=item, channel=channel, language=tag, text=clean(text))
        for channel, texts in wording.channels.items()
        for tag, text in texts.items()
    )
    number = Version.objects.filter(item=item).count() + 1
    Version.objects.create(
        item=item, number=number, hash=item.hash, wording=wording.canonical(), by_id=actor.person_id, at=now
    )


@transaction.atomic
def edit_item(*, actor: Actor, ref: UUID, wording: Wording, now: datetime, media: Media | None = None) -> Item:
    """Give the item another wording and file: whoever said yes said it to the old ones.

    Raises NotFound, WrongState or BadInput.
    """
    item = locked_with_sheet(actor, ref, "content.write")
    rules.check_editable(item)
    rules.check_wording(wording)
    rules.check_file(wording, media, local_day(now))
    if wording.hash() == item.hash:
        return item
    withdrawn = Approval.objects.filter(item=item, withdrawn_at=None).update(withdrawn_at=now)
    _put(item, wording, now)
    item.state, item.urgent_at = State.DRAFT, None
    _put_file(item, media)
    item.save()
    _save_words(actor, item, wording, now)
    if item.sheet_id:
        Sheet.objects.filter(pk=item.sheet_id).exclude(state=State.WITHDRAWN).update(state=State.DRAFT)
    data = {"hash": item.hash, "approvals_withdrawn": withdrawn}
    audit.record(actor, "content.edited", item, unit=item.unit, data=data)
    note(actor, now)
    return item


@transaction.atomic
def word_for_channel(*, actor: Actor, ref: UUID, channel: str, texts: Mapping[str, str], now: datetime) -> Item:
    """Give the item other words for one channel, or with empty ones its own again; every yes is gone.

    Raises NotFound, WrongState or BadInput.
    """
    item = locked_with_sheet(actor, ref, "content.write")
    before = queries.wording_of(item)
    channels = {name: words for name, words in before.channels.items() if name != channel}
    if any(text.strip() for text in texts.values()):
        channels[channel] = dict(texts)
    return edit_item(actor=actor, ref=ref, wording=replace(before, channels=channels), media=item.media, now=now)


def locked_with_sheet(actor: Actor, ref: UUID, right: str) -> Item:
    """The item under lock; its sheet first, the order in which a sheet's approval locks."""
    sheet_id = queries.get_item(actor=actor, ref=ref, right=right).sheet_id
    if sheet_id:
        Sheet.objects.select_for_update().get(pk=sheet_id)
    return queries.get_item(actor=actor, ref=ref, right=right, lock=True)


@transaction.atomic
def submit_item(*, actor: Actor, ref: UUID, now: datetime, urgent: bool = False) -> Item:
    """Send a draft for approval. `urgent`: any two on duty may say yes, for five minutes.

    Raises NotFound, or WrongState also for urgency of what is paid, made with AI, names a person or is marked.
    """
    item = locked_with_sheet(actor, ref, "content.write")
    rules.check_submittable(item.state)
    rules.check_urgency(item, urgent)
    item.state, item.changed_at = State.SUBMITTED, now
    item.urgent_at = now if urgent else None
    item.save(update_fields=["state", "changed_at", "urgent_at"])
    data = {"hash": item.hash, **({"urgent": True} if urgent else {})}
    audit.record(actor, "content.submitted", item, unit=item.unit, data=data)
    note(actor, now)
    return item


@transaction.atomic
def approve_item(
    *,
    actor: Actor,
    ref: UUID,
    seen_hash: str,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
    points: Collection[str] = (),
) -> Item:
    """Say yes to the wording that was seen; the second person's yes clears it.

    `reasons`: why each marked passage may stay, by its key, where nobody said it yet. `points`: those of the code of
    conduct that were read, where it holds. Raises NotFound, NeedsSecondFactor, WrongState when it changed since or
    lacks a paper, NotAllowed for one's own, BadInput for a passage without a reason or a point not read.
    """
    item = locked_with_sheet(actor, ref, "content.approve")
    return _say_yes(actor, item, seen_hash, now, reasons or {}, points)


@transaction.atomic
def approve_on_duty(
    *,
    actor: Actor,
    ref: UUID,
    seen_hash: str,
    now: datetime,
    reasons: Mapping[str, str] | None = None,
    points: Collection[str] = (),
) -> Item:
    """Say yes to an urgent item during one's shift, whatever one's charge: the war room knows who is on duty.

    Raises as `approve_item`, and WrongState when its five minutes are over.
    """
    item = queries.get_urgent_item(actor=actor, ref=ref, now=now, lock=True)
    return _say_yes(actor, item, seen_hash, now, reasons or {}, points, on_duty=True)


def _say_yes(
    actor: Actor,
    item: Item,
    seen_hash: str,
    now: datetime,
    reasons: Mapping[str, str],
    points: Collection[str],
    *,
    on_duty: bool = False,
) -> Item:
    authors = queries.authors_of([item.pk])[item.pk]
    rules.check_approvable(item, seen_hash=seen_hash, by=actor.person_id, authors=authors)
    check_papers(item, now)
    assert actor.person_id is not None
    answers = _answers(item, reasons)
    rules.check_points(points, needed=queries.are_under_the_code([item], now=now))
    _, fresh = Approval.objects.get_or_create(
        item=item, hash=item.hash, person_id=actor.person_id, withdrawn_at=None,
        defaults={"seat_id": actor.seat_id, "at": now, "points": sorted(points), "on_duty": on_duty,
                  "senior": access.may(actor, "content.approve_careful", item.unit)},
    )  # fmt: skip
    if not fresh:
        return item
    keep_answers(actor, item, answers, now)
    settle(item, now)
    said = len(queries.approvers_of(item))
    audit.record(actor, "content.approved", item, unit=item.unit, data={"hash": item.hash, "approvals": said})
    note(actor, now)
    return item


def _answers(item: Item, reasons: Mapping[str, str]) -> list[Answer]:
    """A row for each marked passage that had no reason yet. Raises BadInput naming those that still have none."""
    said = queries.reasons_of_all([item])[item.pk]
    asked = compliance.questions(queries.wording_of(item))
    rules.check_answered({one.key: one for one in compliance.unanswered(asked, {**reasons, **said})})
    return answers_of(item, asked, reasons, said)


def answers_of(
    item: Item, asked: Sequence[compliance.Question], reasons: Mapping[str, str], said: Mapping[str, str]
) -> list[Answer]:
    """Rows to keep: passages whose reason was given now."""
    return [
        Answer(item=item, hash=item.hash, language=one.language, kind=one.passage.kind, start=one.passage.start,
               words=one.words, reason=clean(reasons[one.key]))
        for one in asked if one.key not in said and one.key in reasons
    ]  # fmt: skip


def keep_answers(actor: Actor, item: Item, answers: Sequence[Answer], now: datetime) -> None:
    for answer in answers:
        answer.by_id, answer.at = actor.person_id, now
    Answer.objects.bulk_create(answers, ignore_conflicts=True)


def check_papers(item: Item, now: datetime) -> None:
    """What no hour can mend keeps an item from being approved: the AI label, the committee's certificate."""
    verdict = rules.verdict_of_papers(item, now)
    if not verdict.allowed:
        raise WrongState(_("%(why)s %(what)s") % rules.words_of(verdict))


def settle(item: Item, now: datetime) -> None:
    """Clear the item when enough persons said yes and nobody holds it."""
    if item.state == State.SUBMITTED and queries.is_cleared(item):
        item.state, item.changed_at = State.APPROVED, now
        item.save(update_fields=["state", "changed_at"])


@transaction.atomic
def withdraw_item(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Item:
    """Take the item back; it leaves every stream at once. Needs no second factor: haste is lawful here."""
    item = locked_with_sheet(actor, ref, "content.write")
    rules.check_editable(item)
    Approval.objects.filter(item=item, withdrawn_at=None).update(withdrawn_at=now)
    item.state, item.changed_at, item.withdrawn_reason = State.WITHDRAWN, now, clean(reason)
    item.save(update_fields=["state", "changed_at", "withdrawn_reason"])
    audit.record(actor, "content.withdrawn", item, unit=item.unit, data={"hash": item.hash})
    note(actor, now)
    return item


def mark_out(item_ids: Sequence[int], *, now: datetime) -> int:
    """Approved items that have begun to go out, in the caller's transaction; how many changed."""
    return Item.objects.filter(id__in=list(item_ids), state=State.APPROVED).update(state=State.OUT, changed_at=now)


def note(actor: Actor, now: datetime) -> None:
    """Writing and approving are acts of one's own."""
    if actor.person_id is not None:
        org.note_act(person_id=actor.person_id, now=now)
