"""Every write of the registry of facts."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import facts as reading
from toli.content import queries
from toli.content.facts import FactRow, Refused
from toli.content.models import Approval, Fact, Item, Media, State
from toli.content.services.items import note
from toli.content.wording import clean
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, WrongState
from toli.kit.text import clean as one_line
from toli.org import access
from toli.org import queries as org
from toli.org.models import Unit


@transaction.atomic
def add_fact(
    *, actor: Actor, unit: Unit, row: FactRow, now: datetime, source_media: Media | None = None
) -> tuple[Fact, bool]:
    """A fact of this place, and whether it is new: the same one twice is one. Raises NotAllowed or BadInput.

    Without a source, an address or a document of the library, there is no fact.
    """
    access.require(actor, "content.write", unit)
    if not unit.path:
        raise BadInput(
            fields={"place": _("This place is not in the organisation's tree. Name its block or constituency.")}
        )
    if not row.source_link and source_media is None:
        raise BadInput(fields={"link": _("A fact without a source is refused. Give its address or its document.")})
    if source_media is not None and source_media.state != Media.State.READY:
        raise BadInput(fields={"document": _("This file is not ready, or was taken out of use.")})
    fact = _fact(actor, unit, row, source_media, now)
    known = Fact.objects.filter(digest=fact.digest, withdrawn_at=None).first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError:  # somebody sent the same one at the same moment
        return Fact.objects.get(digest=fact.digest, withdrawn_at=None), False
    audit.record(actor, "content.fact_added", fact, unit=unit, data={"kind": row.kind, "day": str(row.on_date)})
    note(actor, now)
    return fact, True


def _fact(actor: Actor, unit: Unit, row: FactRow, source_media: Media | None, now: datetime) -> Fact:
    told = [unit.pk, row.kind, row.on_date.isoformat(), row.amount_paise or "", one_line(row.title["hi"]).casefold()]
    return Fact(
        unit=unit, kind=row.kind, title={tag: clean(text) for tag, text in row.title.items()},
        amount_paise=row.amount_paise, amount_said=one_line(row.amount_said), on_date=row.on_date,
        source_name={tag: clean(text) for tag, text in row.source_name.items()}, source_link=row.source_link,
        source_media=source_media, digest=hashlib.sha256(repr(told).encode()).hexdigest(),
        added_by_id=actor.person_id, added_at=now,
    )  # fmt: skip


def import_facts(*, actor: Actor, data: bytes, now: datetime) -> tuple[int, int, list[Refused]]:
    """Bring in a CSV: how many facts are new, how many were known, and every refused row with its reason.

    What is right goes in; the same file sent again adds only what was corrected. Raises BadInput for a file without the
    columns a fact needs.
    """
    added = known = 0
    refused: list[Refused] = []
    places: dict[str, Unit | Refused] = {}
    with transaction.atomic():
        for one in reading.read(data, today=local_day(now)):
            if isinstance(one, Refused):
                refused.append(one)
                continue
            line, row = one
            try:
                unit = _place(actor, row.place, places)
                _fact_made, fresh = add_fact(actor=actor, unit=unit, row=row, now=now)
            except BadInput as fault:
                refused.append(Refused(line, row.place, next(iter(fault.fields.values()), fault.sentence)))
                continue
            added, known = added + fresh, known + (not fresh)
    return added, known, refused


def _place(actor: Actor, text: str, places: dict[str, Unit | Refused]) -> Unit:
    found = places.get(text)
    if found is None:
        try:
            found = find_place(actor, text)
        except BadInput as fault:
            found = Refused(0, text, fault.sentence)
        places[text] = found
    if isinstance(found, Refused):
        raise BadInput(found.reason)
    return found


def find_place(actor: Actor, text: str) -> Unit:
    """The one unit of the actor's charge that a code (eci:S20/179, lgd:district/105), a seat's number or a name means.

    Raises BadInput when there is none, or more than one.
    """
    scheme, _colon, value = text.partition(":") if ":" in text else ("eci", "", text)
    unit = org.unit_by_code(scheme.strip().lower(), value.strip())
    units = [unit] if unit else _by_number(actor, text) if text.isdigit() else _by_name(actor, text)
    mine = [one for one in units if access.may(actor, "content.write", one)]
    if not mine:
        raise BadInput(_("No place of your charge is called this, by code, by number or by name."))
    if len(mine) > 1:
        raise BadInput(_("More than one place is called this. Write its code, for example eci:S20/179."))
    return mine[0]


def _by_number(actor: Actor, text: str) -> list[Unit]:
    rows = queries.constituencies_for(actor).filter(codes__scheme="eci", codes__value__endswith=f"/{int(text)}")
    return list(rows.filter(codes__valid_to=None).distinct()[:2])


def _by_name(actor: Actor, text: str) -> list[Unit]:
    wanted = one_line(text).casefold()
    found = org.search_units(text, limit=20)
    return [u for u in found if u.path and wanted in {one_line(n).casefold() for n in (*u.names.values(), *u.aliases)}]


@transaction.atomic
def withdraw_fact(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> Fact:
    """Take a fact back, and every card drawn from it off every phone; its daily lines fall back to choosing one.

    Raises NotFound, WrongState or BadInput.
    """
    fact = queries.get_fact(actor=actor, ref=ref, right="content.write", lock=True)
    if not clean(reason):
        raise BadInput(fields={"reason": _("Please say why. It stays with the fact.")})
    if fact.withdrawn_at is not None:
        raise WrongState(_("This was already withdrawn."))
    fact.withdrawn_at, fact.withdrawn_reason = now, clean(reason)
    fact.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    drawn = Item.objects.filter(Q(card__fact=fact) | Q(line__fact=fact)).exclude(state=State.WITHDRAWN)
    cards = list(drawn.values_list("pk", flat=True))
    Approval.objects.filter(item_id__in=cards, withdrawn_at=None).update(withdrawn_at=now)
    Item.objects.filter(pk__in=cards).update(
        state=State.WITHDRAWN, changed_at=now, withdrawn_reason=fact.withdrawn_reason
    )
    audit.record(actor, "content.fact_withdrawn", fact, unit=fact.unit, data={"cards": len(cards)})
    note(actor, now)
    return fact
