"""Cards of facts: ordered in one act, drawn by the worker, approved on sheets like slogans."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from datetime import datetime
from itertools import product
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import cards as drawing
from toli.content import compliance, queries, rules
from toli.content import facts as telling
from toli.content.models import Card, CardRun, Fact, Item, ItemText, Media, Sheet, State, Version
from toli.content.services.items import note
from toli.content.services.media import key_of
from toli.content.wording import Wording, clean
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, LimitReached, NotFound
from toli.kit.filestore import store
from toli.org import access
from toli.org.models import Unit

LANGUAGE_NAMES = {"hi": "हिंदी", "en": "English"}
MOST_PAIRS = 2_000
"""Facts times constituencies of one order."""
AT_ONCE = 10
SIZES = tuple(Card.Size.values)

ORDER = """
INSERT INTO content_card (run_id, fact_id, constituency_id, language, size, sheet_id, place)
SELECT %(run)s, p.fact, p.unit, k.language, k.size, k.sheet, (p.nth - 1) %% %(on_sheet)s + 1
FROM unnest(%(facts)s::bigint[], %(units)s::bigint[]) WITH ORDINALITY AS p(fact, unit, nth)
JOIN unnest(%(languages)s::text[], %(sizes)s::text[], %(parts)s::int[], %(sheets)s::bigint[])
     AS k(language, size, part, sheet) ON k.part = (p.nth - 1) / %(on_sheet)s
"""


@transaction.atomic
def order_cards(
    *, actor: Actor, ref: UUID, unit: Unit, facts: Sequence[Fact], title: str, matter: str,
    texts_source: dict[str, str], now: datetime,
) -> CardRun:  # fmt: skip
    """Cards of these facts for each of their constituencies, in both languages and three sizes; drawn by the worker.

    `ref` is minted by the page: the same page sent twice is one order. A card ordered before is not ordered again.
    Raises NotAllowed, NotFound, BadInput or LimitReached.
    """
    access.require(actor, "content.write", unit)
    known = CardRun.objects.filter(ref=ref).first()
    if known is not None:
        if known.ordered_by_id != actor.person_id:
            raise NotFound()
        return known
    rules.check_order(title, matter, texts_source)
    pairs = queries.constituencies_of_facts(actor, [fact.pk for fact in facts])
    if not pairs:
        raise BadInput(_("There is nothing to draw: every card of these facts was ordered before, or none is chosen."))
    if len(pairs) > MOST_PAIRS:
        raise LimitReached(_("These are more than 2,000 facts and constituencies. Please order them in parts."))
    run = CardRun.objects.create(
        ref=ref, unit=unit, title=clean(title), matter=matter, texts_source=texts_source,
        cards=len(pairs) * len(rules.LANGUAGES) * len(SIZES), ordered_by_id=actor.person_id, ordered_at=now,
    )  # fmt: skip
    _insert_cards(run, pairs)
    audit.record(actor, "content.cards_ordered", run, unit=unit, data={"cards": run.cards, "facts": len(facts)})
    note(actor, now)
    return run


def _insert_cards(run: CardRun, pairs: Sequence[tuple[int, int]]) -> None:
    parts = range(-(-len(pairs) // rules.SHEET_SIZE))
    kinds = list(product(rules.LANGUAGES, SIZES, parts))
    sheets = Sheet.objects.bulk_create(
        Sheet(
            unit=run.unit,
            title=_title(run, language, size, part, len(parts)),
            written_by_id=run.ordered_by_id,
            written_at=run.ordered_at,
        )
        for language, size, part in kinds
    )
    with connection.cursor() as cursor:
        cursor.execute(ORDER, {
            "run": run.pk, "facts": [fact for fact, _unit in pairs], "units": [unit for _fact, unit in pairs],
            "languages": [k[0] for k in kinds], "sizes": [k[1] for k in kinds], "parts": [k[2] for k in kinds],
            "sheets": [sheet.pk for sheet in sheets], "on_sheet": rules.SHEET_SIZE,
        })  # fmt: skip


def _title(run: CardRun, language: str, size: str, part: int, parts: int) -> str:
    nth = f" {part + 1}/{parts}" if parts > 1 else ""
    shape = drawing.SHAPES[size]
    return f"{run.title} · {LANGUAGE_NAMES[language]} · {shape.width} × {shape.height}{nth}"


def draw_cards(*, actor: Actor, seconds: float, now: datetime) -> int:
    """Draw waiting cards for about so many seconds; how many. Each ten are one transaction: a worker killed midway
    leaves nothing by half, and the next one goes on where it ended."""
    drawn, until = 0, time.monotonic() + seconds
    for run in queries.runs_to_draw():
        while time.monotonic() < until:
            done = _draw_some(actor, run, now)
            drawn += done
            if not done:
                break
    return drawn


@transaction.atomic
def _draw_some(actor: Actor, run: CardRun, now: datetime) -> int:
    held = CardRun.objects.select_for_update().select_related("unit").get(pk=run.pk)
    if held.state != CardRun.State.DRAWING:
        return 0
    found = queries.to_draw(held, AT_ONCE)
    if not found:
        _finish(actor, held, now)
        return 0
    gone = [card.pk for card in found if card.fact.withdrawn_at is not None]
    Card.objects.filter(pk__in=gone).delete()
    made = [_drawn(held, card) for card in found if card.pk not in gone]
    _keep(held, made, now)
    return len(found)


def _drawn(run: CardRun, card: Card) -> tuple[Card, Media, Wording]:
    told = told_of(card.fact, card.constituency, run.texts_source)
    picture = drawing.draw(telling.words_of(told, card.language), card.size)
    media = Media(
        unit=run.unit, kind=Media.Kind.IMAGE, state=Media.State.READY, source_digest=picture.digest,
        digest=picture.digest, ending="jpg", size=len(picture.body), width=picture.width, height=picture.height,
        title=f"{telling.where(told, card.language)} · {card.size}", owner=str(run.unit), licence=Media.Licence.OWN,
        added_by_id=run.ordered_by_id, added_at=run.ordered_at,
    )  # fmt: skip
    store().put(key_of(media.name), io.BytesIO(picture.body))
    wording = Wording(
        kind=Item.Kind.PICTURE, matter=run.matter, texts={tag: telling.text_of(told, tag) for tag in rules.LANGUAGES},
        sources=run.texts_source, link=card.fact.source_link, file_hash=picture.digest,
        names_units=[card.constituency_id], constituency_id=card.constituency_id,
    )  # fmt: skip
    return card, media, wording


def told_of(fact: Fact, constituency: Unit, by: dict[str, str]) -> telling.Told:
    """A fact as it is drawn and written for one constituency."""
    return telling.Told(
        kind=fact.kind, title=fact.title, amount_paise=fact.amount_paise, on_date=fact.on_date,
        source_name=fact.source_name, source_link=fact.source_link, constituency=constituency.names,
        place=fact.unit.names, by=by,
    )  # fmt: skip


def _keep(run: CardRun, made: Sequence[tuple[Card, Media, Wording]], now: datetime) -> None:
    """Files, items and their wording in a handful of statements. The same picture twice is one file."""
    Media.objects.bulk_create([media for _card, media, _wording in made], ignore_conflicts=True)
    digests = [media.digest for _card, media, _wording in made]
    rows = Media.objects.filter(unit=run.unit, source_digest__in=digests, made_from=None)
    kept = {one.digest: one for one in rows.exclude(state__in=[Media.State.REFUSED, Media.State.STOPPED])}
    items = Item.objects.bulk_create(
        _item(run, card, kept[media.digest], wording, now) for card, media, wording in made
    )
    ItemText.objects.bulk_create(
        ItemText(item=item, language=tag, text=clean(text), source=clean(wording.sources[tag]))
        for item, (_card, _media, wording) in zip(items, made, strict=True)
        for tag, text in wording.texts.items()
    )
    Version.objects.bulk_create(
        Version(item=item, number=1, hash=item.hash, wording=wording.canonical(), by_id=run.ordered_by_id, at=now)
        for item, (_card, _media, wording) in zip(items, made, strict=True)
    )
    for item, (card, _media, _wording) in zip(items, made, strict=True):
        card.item = item
    Card.objects.bulk_update([card for card, _media, _wording in made], ["item"])


def _item(run: CardRun, card: Card, media: Media, wording: Wording, now: datetime) -> Item:
    return Item(
        unit=run.unit, sheet=card.sheet, place=card.place, kind=wording.kind, matter=wording.matter, link=wording.link,
        constituency_id=wording.constituency_id, names_units=list(wording.names_units), media=media, file=media.name,
        file_hash=wording.file_hash, hash=wording.hash(), state=State.SUBMITTED,
        careful=compliance.is_careful(wording), written_by_id=run.ordered_by_id,
        written_at=now, changed_at=now,
    )  # fmt: skip


def _finish(actor: Actor, run: CardRun, now: datetime) -> None:
    """All are drawn: their sheets wait for two approvals."""
    sheets = list(queries.sheets_of_run(run).values_list("pk", flat=True))
    Sheet.objects.filter(pk__in=sheets, state=State.DRAFT).update(state=State.SUBMITTED, submitted_at=now)
    run.state, run.ended_at = CardRun.State.DONE, now
    run.save(update_fields=["state", "ended_at"])
    drawn = queries.progress_of(run)[0]
    audit.record(actor, "content.cards_drawn", run, unit=run.unit, data={"cards": drawn, "sheets": len(sheets)})


@transaction.atomic
def cancel_run(*, actor: Actor, ref: UUID, now: datetime) -> CardRun:
    """Draw no more of an order; what is drawn stays and goes to its approvers. Raises NotFound."""
    run = queries.get_run(actor=actor, ref=ref, right="content.write", lock=True)
    if run.state != CardRun.State.DRAWING:
        return run
    Card.objects.filter(run=run, item=None).delete()
    used = Card.objects.filter(run=run).values("sheet_id")
    Sheet.objects.filter(pk__in=used, state=State.DRAFT).update(state=State.SUBMITTED, submitted_at=now)
    run.state, run.ended_at = CardRun.State.CANCELLED, now
    run.save(update_fields=["state", "ended_at"])
    audit.record(actor, "content.cards_cancelled", run, unit=run.unit, data={"drawn": queries.progress_of(run)[0]})
    note(actor, now)
    return run
