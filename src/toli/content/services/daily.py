"""Writes of the daily line: the fact of the day, the card made of it, what other rooms report."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import cards as drawing
from toli.content import facts as telling
from toli.content import queries, rules
from toli.content.models import DailyLine, Fact, Item, Media, State
from toli.content.services.cards import told_of
from toli.content.services.items import note, submit_item, write_item
from toli.content.services.media import key_of
from toli.content.wording import Wording
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, WrongState
from toli.kit.filestore import store
from toli.kit.picture import CleanPicture
from toli.org.models import Unit

AHEAD = timedelta(days=7)
LANGUAGE = "hi"
"""The card is drawn in it; the text that goes with it is in every language."""
SIZE = "square"


@transaction.atomic
def choose_fact(*, actor: Actor, unit_ref: UUID, fact_ref: UUID, day: date, now: datetime) -> DailyLine:
    """The fact a constituency speaks of on a day; the same one again changes nothing.

    Raises NotFound, BadInput for a fact of another place or a day out of reach, WrongState while a card of another
    fact stands.
    """
    unit = queries.get_constituency(actor=actor, ref=unit_ref, right="content.write")
    fact = queries.facts_for(unit).filter(ref=fact_ref).first()
    if fact is None:
        raise BadInput(fields={"fact": _("Please choose a fact of this constituency that was not withdrawn.")})
    _check_day(day, now)
    fresh = DailyLine(constituency=unit, on_date=day, fact=fact, chosen_by_id=actor.person_id, chosen_at=now)
    DailyLine.objects.bulk_create([fresh], ignore_conflicts=True)
    line = queries.line_of(unit, day, lock=True)
    assert line is not None
    if line.ref != fresh.ref and not _choose_anew(line, fact, actor, now):
        return line
    audit.record(actor, "content.line_fact_chosen", line, unit=unit, data={"day": day.isoformat()})
    note(actor, now)
    return line


def _check_day(day: date, now: datetime) -> None:
    today = local_day(now)
    if day < today:
        raise WrongState(_("This day is over."))
    if day > today + AHEAD:
        raise BadInput(_("At most seven days ahead."))


def _choose_anew(line: DailyLine, fact: Fact, actor: Actor, now: datetime) -> bool:
    """False when this fact stands already. Raises WrongState while the card of another one stands."""
    if line.fact_id == fact.pk:
        return False
    if line.item is not None and line.item.state != State.WITHDRAWN:
        raise WrongState(_("The card of another fact is made already. Withdraw it first."))
    line.fact, line.chosen_by_id, line.chosen_at = fact, actor.person_id, now
    line.item, line.carded_at = None, None
    line.save()
    return True


@transaction.atomic
def make_line_card(*, actor: Actor, unit_ref: UUID, day: date, now: datetime) -> DailyLine:
    """Draw the card of the day's fact, with the text in both languages, and send it for approval.

    Again while it stands changes nothing. Raises NotFound, WrongState without a fact, or `lettering.CannotDraw`.
    """
    unit = queries.get_constituency(actor=actor, ref=unit_ref, right="content.write")
    _check_day(day, now)
    line = queries.line_of(unit, day, lock=True)
    if line is None or line.fact.withdrawn_at is not None:
        raise WrongState(_("Choose the fact of the day first."))
    if line.item is not None and line.item.state != State.WITHDRAWN:
        return line
    item = _item(actor, unit, line.fact, day, now)
    line.item, line.carded_at = submit_item(actor=actor, ref=item.ref, now=now), now
    line.save(update_fields=["item", "carded_at"])
    audit.record(actor, "content.line_card_made", line, unit=unit, data={"day": day.isoformat(), "hash": item.hash})
    return line


def _item(actor: Actor, unit: Unit, fact: Fact, day: date, now: datetime) -> Item:
    by = {"hi": f"{unit.names.get('hi', unit)} टीम की ओर से", "en": f"From the team of {unit.names.get('en', unit)}"}
    told = told_of(fact, unit, by)
    picture = drawing.draw(telling.words_of(told, LANGUAGE), SIZE)
    media = _kept(actor, unit, picture, telling.where(told, LANGUAGE), now)
    wording = Wording(
        kind=Item.Kind.PICTURE, matter=Item.Matter.APPEAL, link=fact.source_link, file_hash=media.digest,
        texts={tag: telling.text_of(told, tag) for tag in rules.LANGUAGES}, sources=by, names_units=[unit.pk],
        constituency_id=unit.pk, on_date=day,
    )  # fmt: skip
    return write_item(actor=actor, unit=unit, wording=wording, media=media, now=now)


def _kept(actor: Actor, unit: Unit, picture: CleanPicture, title: str, now: datetime) -> Media:
    """The picture in the unit's library; drawn twice it is one file."""
    rows = Media.objects.filter(unit=unit, source_digest=picture.digest, made_from=None)
    known = rows.exclude(state__in=[Media.State.REFUSED, Media.State.STOPPED]).first()
    if known is not None:
        return known
    store().put(key_of(f"{picture.digest}.jpg"), io.BytesIO(picture.body))
    return Media.objects.create(
        unit=unit, kind=Media.Kind.IMAGE, state=Media.State.READY, source_digest=picture.digest, digest=picture.digest,
        ending="jpg", size=len(picture.body), width=picture.width, height=picture.height, title=title, owner=str(unit),
        licence=Media.Licence.OWN, added_by_id=actor.person_id, added_at=now,
    )  # fmt: skip


REPORT = """
INSERT INTO content_linestep (line_id, item_id, step, at)
SELECT l.id, l.item_id, %(step)s, %(at)s FROM content_dailyline l
WHERE l.item_id = ANY(%(items)s)
ON CONFLICT (line_id, item_id, step) DO NOTHING
"""


@transaction.atomic
def report_step(*, actor: Actor, item_ids: Iterable[int], step: str, now: datetime) -> int:
    """Another room tells that a step of the lines of these items is done: groups, accounts, receipts.

    One statement; how many lines heard it for the first time. Items of no line are passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute(REPORT, {"step": step, "at": now, "items": list(item_ids)})
        heard = int(cursor.rowcount)
    if heard:
        audit.record(actor, "content.line_step_reported", None, data={"step": step, "lines": heard})
    return heard
