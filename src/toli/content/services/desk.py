"""Writes around an item: a hold, a committee's certificate, what the desk says of it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from toli.audit import services as audit
from toli.content import queries, rules
from toli.content.models import Certificate, Comment, Hold, Item, State
from toli.content.services.items import note, settle
from toli.content.wording import clean
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org import access


@transaction.atomic
def hold_item(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Hold:
    """Stop an item until a question is settled; what was out leaves every phone at its next question.

    Raises NotFound, BadInput without a reason, WrongState when somebody holds it already. Needs no second factor.
    """
    item = queries.get_item(actor=actor, ref=ref, lock=True)
    _require_word(actor, item)
    rules.check_hold(item, reason)
    if queries.hold_of(item) is not None:
        raise WrongState()
    held = Hold.objects.create(item=item, reason=clean(reason), by_id=actor.person_id, at=now)
    item.state, item.changed_at = State.SUBMITTED, now
    item.save(update_fields=["state", "changed_at"])
    audit.record(actor, "content.held", item, unit=item.unit, data={"hash": item.hash})
    note(actor, now)
    return held


def _require_word(actor: Actor, item: Item) -> None:
    """Whoever writes or approves in the item's unit has a word in it. Raises NotAllowed."""
    if not any(access.may(actor, right, item.unit) for right in ("content.write", "content.approve")):
        raise NotAllowed()


@transaction.atomic
def lift_hold(*, actor: Actor, ref: UUID, settled: str, now: datetime) -> Item:
    """End a hold: by whoever put it, or from above. An item that had every yes is cleared again.

    Raises NotFound, WrongState when nobody holds it, NotAllowed for others, BadInput without saying how it was settled.
    """
    item = queries.get_item(actor=actor, ref=ref, lock=True)
    held = queries.hold_of(item)
    if held is None:
        raise WrongState()
    if held.by_id != actor.person_id:
        access.require(actor, "content.approve_careful", item.unit)
    rules.check_reason(settled)
    held.lifted_at, held.lifted_by_id, held.settled = now, actor.person_id, clean(settled)
    held.save(update_fields=["lifted_at", "lifted_by_id", "settled"])
    settle(item, now)
    audit.record(actor, "content.hold_lifted", item, unit=item.unit, data={"hash": item.hash})
    note(actor, now)
    return item


@transaction.atomic
def record_certificate(
    *, actor: Actor, ref: UUID, number: str, committee: str, valid_until: datetime, now: datetime
) -> Certificate:
    """Note the media committee's certificate for the wording and file as they stand. Raises NotFound or BadInput."""
    item = queries.get_item(actor=actor, ref=ref, right="content.write", lock=True)
    rules.check_editable(item)
    given = {"number": clean(number)[:100], "committee": clean(committee)[:200]}
    if wrong := {name: rules.NEEDED for name, value in given.items() if not value}:
        raise BadInput(fields=wrong)
    if valid_until <= now:
        raise BadInput(fields={"valid_until": rules.ENDED})
    made = Certificate.objects.create(
        item=item, hash=item.hash, valid_until=valid_until, recorded_by_id=actor.person_id, recorded_at=now, **given
    )
    audit.record(actor, "content.certified", item, unit=item.unit, data={"hash": item.hash, "number": made.number})
    note(actor, now)
    return made


@transaction.atomic
def comment(*, actor: Actor, ref: UUID, text: str, now: datetime, under: UUID | None = None) -> Comment:
    """Say something about an item, or answer what was said. Raises NotFound, NotAllowed or BadInput."""
    item = queries.get_item(actor=actor, ref=ref)
    _require_word(actor, item)
    above = queries.get_comment(item=item, ref=under) if under else None
    said = clean(text)
    if not 0 < len(said) <= rules.COMMENT_LENGTH:
        raise BadInput(fields={"text": rules.NEEDED if not said else rules.TOO_LONG})
    number = queries.versions_of(item).count()
    made = Comment.objects.create(
        item=item, under=(above.under or above) if above else None, version=number, text=said, at=now,
        by_id=actor.person_id, seat_label=dict(actor.seat_label),
    )  # fmt: skip
    audit.record(actor, "content.commented", item, unit=item.unit)
    note(actor, now)
    return made


@transaction.atomic
def close_comment(*, actor: Actor, ref: UUID, comment_ref: UUID, now: datetime) -> Comment:
    """What a comment asked is done. Again changes nothing. Raises NotFound or NotAllowed."""
    item = queries.get_item(actor=actor, ref=ref, lock=True)
    _require_word(actor, item)
    found = queries.get_comment(item=item, ref=comment_ref)
    if found.done_at is None:
        found.done_at = now
        found.save(update_fields=["done_at"])
        audit.record(actor, "content.comment_closed", item, unit=item.unit)
        note(actor, now)
    return found
