"""Templates filled: variants of one approved text, by place and fact, on a sheet that waits for its own approvals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import blanks, queries, rules
from toli.content import facts as telling
from toli.content.models import Fact, Item, Sheet, State
from toli.content.services.cards import told_of
from toli.content.services.items import insert, note
from toli.content.wording import Wording, clean
from toli.kit.actor import Actor
from toli.kit.dates import date_text
from toli.kit.errors import BadInput, WrongState
from toli.kit.numbers import rupees_said
from toli.org import access
from toli.org.models import Unit


@transaction.atomic
def fill_template(
    *, actor: Actor, ref: UUID, unit: Unit, seats: Sequence[Unit], fact: Fact | None, title: str, now: datetime
) -> Sheet:
    """A sheet of this unit's desk with one text for each constituency; two others approve it like any other.

    Raises NotFound, NotAllowed, WrongState for a template that is not approved as it stands, BadInput or LimitReached.
    """
    access.require(actor, "content.write", unit)
    template = queries.get_item(actor=actor, ref=ref)
    _check_template(template, fact)
    rules.check_sheet_size(len(seats))
    found = queries.wording_of(template)
    wordings = [_filled(found, seat, fact) for seat in seats]
    for wording in wordings:
        rules.check_wording(wording)
    sheet = Sheet.objects.create(unit=unit, title=clean(title), written_by_id=actor.person_id, written_at=now)
    for place, wording in enumerate(wordings, start=1):
        insert(actor, unit, wording, now, sheet=sheet, place=place)
    data = {"slogans": len(wordings), "hash": template.hash}
    audit.record(actor, "content.template_filled", sheet, unit=unit, data=data)
    note(actor, now)
    return sheet


def _check_template(template: Item, fact: Fact | None) -> None:
    if template.kind != Item.Kind.TEMPLATE:
        raise WrongState(_("This is no template."))
    if template.state != State.APPROVED or queries.wording_of(template).hash() != template.hash:
        raise WrongState(_("A template is filled when two persons have approved it as it stands."))
    asked = {key for text in template.texts_by_language.values() for key in blanks.keys_in(text)}
    if asked & blanks.OF_A_FACT and fact is None:
        raise BadInput(fields={"fact": _("This template speaks of a fact. Please choose one.")})
    if fact is not None and "amount" in asked and not fact.amount_paise:
        raise BadInput(fields={"fact": _("This template names an amount, and this fact has none.")})


def _filled(template: Wording, seat: Unit, fact: Fact | None) -> Wording:
    districts = queries.districts_of(seat)
    texts = {
        tag: blanks.filled(text, _values(seat, districts, fact, tag, template.sources))
        for tag, text in template.texts.items()
    }
    return Wording(
        kind=Item.Kind.TEXT, matter=template.matter, texts=texts, sources=template.sources,
        link=fact.source_link if fact else template.link, constituency_id=seat.pk, names_units=[seat.pk],
        names_person=template.names_person, topics=template.topics,
    )  # fmt: skip


def _values(
    seat: Unit, district: Mapping[str, str], fact: Fact | None, tag: str, by: Mapping[str, str]
) -> dict[str, str]:
    values = {"constituency": seat.names.get(tag) or str(seat), "district": district.get(tag, "")}
    if fact is not None:
        told = told_of(fact, seat, dict(by))
        values |= {
            "fact": fact.title.get(tag, ""), "day": date_text(fact.on_date, tag),
            "amount": rupees_said(fact.amount_paise, tag) if fact.amount_paise else "",
            "source": telling.source_line(told, tag),
        }  # fmt: skip
    return values
