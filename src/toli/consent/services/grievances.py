"""Complaining past one's own chain, and answering within the term of the law."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.consent import clocks
from toli.consent.models import Grievance
from toli.consent.queries import grievances
from toli.consent.queries.gate import get_self
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, LimitReached, NotAllowed, WrongState
from toli.kit.ids import new_receipt
from toli.people import services as people_services
from toli.people.models import Person

LONGEST = 2000
MOST_OPEN = 5
State = Grievance.State
CONTEXT = "grievance"


def _checked(words: str, field: str) -> str:
    words = words.strip()
    if not 5 <= len(words) <= LONGEST:
        raise BadInput(fields={field: _("Please write a few words, at most 2,000 letters.")})
    return words


@transaction.atomic
def file_grievance(*, actor: Actor, kind: str, words: str, about_ref: UUID | None, now: datetime) -> Grievance:
    """Take a complaint of the person who acts. Nobody of their own chain sees it, nor whom it is about.

    The record carries no unit, no kind and no words, so that no list of records in the chain's charge shows it.
    Raises NotFound, NotAllowed, BadInput or LimitReached (five are open).
    """
    person = get_self(actor=actor)
    if actor.is_system or actor.seen_as_id or actor.on_behalf_of_id:
        raise NotAllowed(_("Only the person can complain, from their own phone."))
    if kind not in Grievance.Kind.values:
        raise BadInput(fields={"kind": _("Please choose what it is about.")})
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if (
        Grievance.objects.filter(person__in=person.ids, state__in=[State.FILED, State.ACKNOWLEDGED]).count()
        >= MOST_OPEN
    ):
        raise LimitReached(_("Five of your complaints are open. Please wait for an answer to one of them."))
    about = _named(person, about_ref)
    sealed = secrets.encrypt(_checked(words, "words"), context=CONTEXT)
    urgent = kind == Grievance.Kind.HARASSMENT
    found = Grievance.objects.create(
        receipt=new_receipt(), person=person, about=about, kind=kind, text_cipher=sealed.cipher,
        text_key_version=sealed.key_version, shut_out=grievances.shut_out_of(person, about), filed_at=now,
        acknowledge_by=clocks.acknowledge_by(now, urgent=urgent), answer_by=clocks.answer_by(now),
    )  # fmt: skip
    audit.record(actor, "consent.grievance_filed", found)
    return found


def _named(person: Person, about_ref: UUID | None) -> Person | None:
    """Whom it is about: only somebody of one's own chain can be chosen."""
    if about_ref is None:
        return None
    if about_ref not in {one.ref for one in grievances.around(person)}:
        raise BadInput(fields={"about": _("Please choose somebody of the list, or nobody.")})
    return Person.objects.get(ref=about_ref)


@transaction.atomic
def acknowledge(*, actor: Actor, ref: UUID, now: datetime) -> Grievance:
    """Say that somebody looks at it: the first clock stops. Raises NotFound, NeedsSecondFactor or WrongState."""
    found = grievances.get_grievance(actor=actor, ref=ref, lock=True)
    if found.state != State.FILED:
        raise WrongState(_("Somebody looks at it already."))
    found.state, found.acknowledged_at, found.acknowledged_by_id = State.ACKNOWLEDGED, now, actor.person_id
    found.save(update_fields=["state", "acknowledged_at", "acknowledged_by_id"])
    audit.record(actor, "consent.grievance_acknowledged", found)
    return found


@transaction.atomic
def answer(*, actor: Actor, ref: UUID, words: str, now: datetime) -> Grievance:
    """Answer it. One that was opened again is answered by somebody else. Raises as `acknowledge`, and BadInput."""
    found = grievances.get_grievance(actor=actor, ref=ref, lock=True)
    if not found.is_open:
        raise WrongState(_("This was answered already. Nothing was changed."))
    if found.state == State.REOPENED and found.answered_by_id == actor.person_id:
        raise NotAllowed(_("The person was not satisfied with your answer: somebody else has to look at it."))
    sealed = secrets.encrypt(_checked(words, "answer"), context=CONTEXT)
    found.acknowledged_at = found.acknowledged_at or now
    found.answer_cipher, found.answer_key_version = sealed.cipher, sealed.key_version
    found.state, found.answered_at, found.answered_by_id = State.ANSWERED, now, actor.person_id
    found.save()
    audit.record(actor, "consent.grievance_answered", found)
    return found


@transaction.atomic
def reopen(*, actor: Actor, ref: UUID, now: datetime) -> Grievance:
    """The reporter is not satisfied: it goes to another officer, with its old term. Raises NotFound, WrongState."""
    found = grievances.get_own(actor=actor, ref=ref, lock=True)
    if found.state != State.ANSWERED:
        raise WrongState(_("There is no answer yet, or it is closed."))
    found.state, found.escalated_at = State.REOPENED, now
    found.save(update_fields=["state", "escalated_at"])
    audit.record(actor, "consent.grievance_reopened", found)
    return found


@transaction.atomic
def settle(*, actor: Actor, ref: UUID, now: datetime) -> Grievance:
    """The reporter is satisfied, or takes it back. Raises NotFound or WrongState."""
    found = grievances.get_own(actor=actor, ref=ref, lock=True)
    if found.state == State.CLOSED:
        raise WrongState(_("This is closed already."))
    found.state, found.closed_at = State.CLOSED, now
    found.save(update_fields=["state", "closed_at"])
    audit.record(actor, "consent.grievance_closed", found)
    return found


@transaction.atomic
def escalate_late(*, actor: Actor, now: datetime) -> int:
    """Put what is over a term on top of the list, once each; how many."""
    late = Grievance.objects.select_for_update(skip_locked=True).filter(escalated_at=None)
    unseen = late.filter(state=State.FILED, acknowledge_by__lte=now)
    unanswered = late.filter(state__in=[State.FILED, State.ACKNOWLEDGED], answer_by__lte=now)
    rows = list({g.pk: g for g in (*unseen[:500], *unanswered[:500])}.values())
    Grievance.objects.filter(pk__in=[g.pk for g in rows]).update(escalated_at=now)
    if rows:
        batch = [audit.BatchTarget("consent.grievance", g.ref) for g in rows]
        audit.record(actor, "consent.grievances_late", None, data={"count": len(rows)}, batch=batch)
    return len(rows)


@transaction.atomic
def erase_words_of(*, person_refs: list[UUID]) -> int:
    """Erase what purged persons wrote and were answered, and add it to the proof of their erasure; how many."""
    erased = 0
    for person in Person.objects.filter(ref__in=person_refs, state=Person.State.PURGED):
        rows = Grievance.objects.filter(person__in=person.ids, text_cipher__isnull=False)
        n = rows.update(text_cipher=None, text_key_version=None, answer_cipher=None, answer_key_version=None)
        people_services.add_to_proof(person_ref=person.ref, rows={"Grievance.text_cipher": n})
        erased += n
    return erased
