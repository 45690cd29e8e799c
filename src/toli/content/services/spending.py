"""Writes of the ledger: a payment entered, a wrong one reversed, the statement taken out. No row is ever changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import queries, rules
from toli.content.ledger import Payment
from toli.content.models import Item, Media, Spend
from toli.content.queries.spending import Wanted
from toli.content.services.items import note
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import NotFound, WrongState
from toli.kit.numbers import parse_rupees
from toli.kit.text import clean
from toli.org import access
from toli.org.models import Unit


@transaction.atomic
def enter_spend(
    *, actor: Actor, ref: UUID, unit: Unit, payment: Payment, now: datetime, item: Item | None = None,
    paper: Media | None = None,
) -> Spend:  # fmt: skip
    """A payment for this place. `ref` is minted by the page: the same page sent twice is one row.

    Raises NotAllowed, NotFound, NeedsSecondFactor or BadInput.
    """
    access.require(actor, "content.spend", unit)
    rules.check_payment(payment, is_constituency=unit.level.key == "constituency", today=local_day(now))
    known = Spend.objects.filter(ref=ref).first()
    if known is not None:
        if known.entered_by_id != actor.person_id:
            raise NotFound()
        return known
    made = Spend.objects.create(
        ref=ref, unit=unit, account=payment.account, head=payment.head, on_date=payment.on_date,
        amount_paise=parse_rupees(payment.amount), amount_said=clean(payment.amount), payee=clean(payment.payee),
        purpose=clean(payment.purpose), item=item, paper=paper, entered_by_id=actor.person_id, entered_at=now,
    )  # fmt: skip
    data = {"account": made.account, "head": made.head, "paise": made.amount_paise}
    audit.record(actor, "content.spend_entered", made, unit=unit, data=data)
    note(actor, now)
    return made


@transaction.atomic
def correct_spend(
    *, actor: Actor, ref: UUID, reason: str, now: datetime, instead: Payment | None = None, new_ref: UUID | None = None
) -> tuple[Spend, Spend | None]:
    """Reverse a wrong row, and enter the right one where there is one. Both rows stay to be read.

    Raises NotFound, NeedsSecondFactor, BadInput, or WrongState for a reversal or what was reversed already.
    """
    wrong = queries.get_spend(actor=actor, ref=ref, lock=True)
    rules.check_reason(reason)
    if wrong.reverses_id is not None:
        raise WrongState(_("This row reverses another one. Enter what is right as a new row."))
    reversal = _reverse(actor, wrong, clean(reason), now)
    right = None
    if instead is not None and new_ref is not None:
        right = enter_spend(
            actor=actor, ref=new_ref, unit=wrong.unit, payment=instead, item=wrong.item, paper=wrong.paper, now=now
        )
    data = {"paise": wrong.amount_paise, "new_paise": right.amount_paise if right else 0}
    audit.record(actor, "content.spend_reversed", reversal, unit=wrong.unit, data=data)
    return reversal, right


def _reverse(actor: Actor, wrong: Spend, reason: str, now: datetime) -> Spend:
    try:
        with transaction.atomic():
            return Spend.objects.create(
                unit=wrong.unit, account=wrong.account, head=wrong.head, on_date=wrong.on_date,
                amount_paise=-wrong.amount_paise, amount_said=wrong.amount_said, payee=wrong.payee,
                purpose=wrong.purpose, item=wrong.item, paper=wrong.paper, reverses=wrong, reason=reason,
                entered_by_id=actor.person_id, entered_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise WrongState(_("This row was reversed already.")) from None


@transaction.atomic
def export_spends(*, actor: Actor, wanted: Wanted, reason: str, now: datetime) -> list[Spend]:
    """The rows of a statement that leaves the house, with why. Raises NotAllowed, NeedsSecondFactor or BadInput."""
    rules.check_reason(reason)
    access.require_second_factor(actor, "content.spend")
    found = list(queries.spends(actor, wanted))
    data = {"rows": len(found), "reason": clean(reason)}
    audit.record(actor, "content.spend_exported", None, unit=wanted.unit, data=data)
    note(actor, now)
    return found
