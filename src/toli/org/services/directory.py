"""Writes of the directory of public offices and of the register of official accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.kit.text import fold, words
from toli.org import access, queries
from toli.org.models import Handle, HandleOperator, Term, Unit


@dataclass(frozen=True)
class TermRow:
    """A public office as a source states it."""

    kind: str
    names: dict[str, str]
    office: dict[str, str]
    unit: Unit | None
    valid_from: date
    valid_to: date | None
    source: str

    @property
    def key(self) -> str:
        who = " ".join(words(self.names.get("en") or next(iter(self.names.values()))))
        what = " ".join(words(self.office.get("en") or next(iter(self.office.values()))))
        return f"{self.kind}|{what}|{self.unit.pk if self.unit else ''}|{who}|{self.valid_from}"


@transaction.atomic
def list_terms(*, actor: Actor, rows: Sequence[TermRow], source: str, now: datetime) -> tuple[int, int]:
    """Add what is new and bring up to date what is known by its key; (added, changed). One statement for all.
    Raises NotAllowed or NeedsSecondFactor: the directory is the whole organisation's."""
    for top in queries.roots(actor, "org.import") if not actor.is_system else []:
        access.require(actor, "org.import", top)
    if not actor.is_system and not access.may_anywhere(actor, "org.import"):
        raise NotAllowed()
    unique = {row.key: row for row in rows}
    known = set(Term.objects.filter(key__in=list(unique)).values_list("key", flat=True))
    Term.objects.bulk_create(
        [_term(row, now) for row in unique.values()], batch_size=2000, update_conflicts=True, unique_fields=["key"],
        update_fields=["names", "office", "tokens", "valid_to", "source"],
    )  # fmt: skip
    added, changed = len(unique) - len(known), len(known)
    if unique:
        audit.record(actor, "org.terms_listed", None, data={"added": added, "changed": changed, "source": source})
    return added, changed


def _term(row: TermRow, now: datetime) -> Term:
    texts = [*row.names.values(), *row.office.values(), *(row.unit.names.values() if row.unit else ())]
    tokens = list(dict.fromkeys(key for text in texts for key in fold(text)))
    return Term(
        kind=row.kind, names=row.names, office=row.office, unit=row.unit, valid_from=row.valid_from,
        valid_to=row.valid_to, source=row.source, key=row.key, tokens=tokens, listed_at=now,
    )  # fmt: skip


@transaction.atomic
def declare_handle(
    *, actor: Actor, unit_ref: UUID, platform: str, handle: str, url: str, automation: str, now: datetime,
    term_ref: UUID | None = None,
) -> Handle:  # fmt: skip
    """Declare an account; it is public when a second person confirms it. Raises NotFound, NotAllowed,
    NeedsSecondFactor or BadInput."""
    unit = queries.get_unit(actor=actor, ref=unit_ref, right="org.shape")
    term = Term.objects.filter(ref=term_ref).first() if term_ref else None
    if not handle.strip().lstrip("@") or not url.startswith("https://"):
        raise BadInput(fields={"url": _("Give the account's name and its address with https.")})
    try:
        with transaction.atomic():
            made = Handle.objects.create(
                unit=unit, term=term, platform=platform, handle=handle.strip().lstrip("@"), url=url,
                automation=automation.strip(), declared_by_id=actor.person_id, declared_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise BadInput(fields={"handle": _("This account is declared already.")}) from None
    audit.record(actor, "org.handle_declared", made, unit=unit, data={"platform": platform, "handle": made.handle})
    return made


@transaction.atomic
def confirm_handle(*, actor: Actor, ref: UUID, now: datetime) -> Handle:
    """Confirm an account somebody else declared; from now on it is public. Raises NotFound, NotAllowed,
    NeedsSecondFactor or WrongState."""
    found = queries.get_handle(actor=actor, ref=ref, right="org.shape", lock=True)
    if found.state != Handle.State.DECLARED:
        raise WrongState(_("This account does not wait for a second person."))
    if actor.person_id is None or actor.person_id == found.declared_by_id or actor.seen_as_id:
        raise NotAllowed(_("A second person must confirm what you declared."))
    found.state, found.confirmed_by_id, found.confirmed_at = Handle.State.VERIFIED, actor.person_id, now
    found.save(update_fields=["state", "confirmed_by_id", "confirmed_at"])
    audit.record(actor, "org.handle_confirmed", found, unit=found.unit, data={"handle": found.handle})
    return found


@transaction.atomic
def end_handle(*, actor: Actor, ref: UUID, now: datetime) -> Handle:
    """The account is no longer ours: off the public page at once, its operators end. Raises NotFound, NotAllowed or
    NeedsSecondFactor; twice answers the same."""
    found = queries.get_handle(actor=actor, ref=ref, right="org.shape", lock=True)
    if found.state != Handle.State.ENDED:
        found.state, found.ended_at = Handle.State.ENDED, now
        found.save(update_fields=["state", "ended_at"])
        found.operators.filter(valid_to=None).update(valid_to=now)
        audit.record(actor, "org.handle_ended", found, unit=found.unit, data={"handle": found.handle})
    return found


@transaction.atomic
def name_operator(*, actor: Actor, ref: UUID, person_ref: UUID, now: datetime) -> HandleOperator:
    """Somebody with a seat posts on this account from now on. Twice answers the same. Raises NotFound, NotAllowed,
    NeedsSecondFactor or WrongState."""
    found = queries.get_handle(actor=actor, ref=ref, right="org.shape", lock=True)
    person = queries.get_person(actor=actor, ref=person_ref)
    if found.state == Handle.State.ENDED:
        raise WrongState(_("This account is no longer ours."))
    if not queries.live_appointments_of(person.pk, now).exists():
        raise WrongState(_("Only somebody with a seat can operate an account."))
    operator, made = HandleOperator.objects.get_or_create(
        handle=found, person=person, valid_to=None, defaults={"valid_from": now}
    )
    if made:
        audit.record(actor, "org.operator_named", found, unit=found.unit, data={"handle": found.handle})
    return operator


@transaction.atomic
def end_operator(*, actor: Actor, ref: UUID, person_ref: UUID, now: datetime) -> None:
    """They no longer post there. Twice answers the same. Raises NotFound, NotAllowed or NeedsSecondFactor."""
    found = queries.get_handle(actor=actor, ref=ref, right="org.shape", lock=True)
    rows = found.operators.filter(person__ref=person_ref, valid_to=None)
    if rows.update(valid_to=now):
        audit.record(actor, "org.operator_ended", found, unit=found.unit, data={"handle": found.handle})
