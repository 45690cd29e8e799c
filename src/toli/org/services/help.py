"""Help to sign in: asked by a person, confirmed by officers above, done once, told at each step by `delivery`."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import services as accounts
from toli.audit import services as audit
from toli.kit import secrets
from toli.kit.actor import Actor, SystemActor
from toli.kit.errors import BadInput, LimitReached, NotFound, ToliError, WrongState
from toli.org import queries
from toli.org.models import HelpConfirmation, SignInHelp
from toli.people import queries as people_queries
from toli.people import services as people
from toli.people.models import Person

Kind, State = SignInHelp.Kind, SignInHelp.State
LIVES = timedelta(days=3)
AT_ONCE = 2
"""So many officers give a new number without the old one being asked first."""
ASKED_PER_DAY = 3


def _at_the_door(login_id: int) -> SystemActor:
    """Whoever asks proved a number and is not in: nobody acts yet."""
    return SystemActor(request_id="login", login_id=login_id)


@transaction.atomic
def ask_for_proof(*, login_id: int, now: datetime) -> SignInHelp:
    """The second proof of a number is lost: two officers must say it is this person. Raises NotFound, LimitReached."""
    person = queries.person_alone_on(login_id)
    if person is None:
        raise NotFound(_("More than one person uses this number, or nobody joined with it. Ask your coordinator."))
    return _ask(_at_the_door(login_id), person, Kind.PROOF, now=now)


@transaction.atomic
def ask_to_come_back(*, login_id: int, holder_ref: UUID, now: datetime) -> SignInHelp:
    """The number was quiet for 90 days and the PIN is forgotten. Raises NotFound, LimitReached."""
    person = queries.person_of_holder(login_id=login_id, ref=holder_ref)
    if person is None:
        raise NotFound
    return _ask(_at_the_door(login_id), person, Kind.BACK, now=now)


@transaction.atomic
def ask_for_number(*, person: Person, login_id: int, number: str, now: datetime) -> SignInHelp:
    """Without the PIN, a proved new number (E.164) waits for officers who know the person. Raises LimitReached.

    Two officers do it at once; for who holds a sensitive right both are needed. One is enough for anybody else, after
    hours in which the old number, which is told, can stop it.
    """
    sealed = secrets.encrypt(number, context="phone")
    columns = {"new_login_id": login_id, "new_cipher": sealed.cipher, "new_key_version": sealed.key_version}
    return _ask(_at_the_door(login_id), person, Kind.NUMBER, now=now, **columns)


def _ask(actor: Actor, person: Person, kind: str, *, now: datetime, **columns: object) -> SignInHelp:
    """The open request of this kind, or a new one. One at a time for a person."""
    Person.objects.select_for_update().get(pk=person.pk)
    mine = SignInHelp.objects.filter(person=person, kind=kind)
    mine.filter(state=State.WAITING, expires_at__lte=now).update(state=State.LAPSED, closed_at=now, new_cipher=None)
    found = mine.filter(state=State.WAITING).first()
    if found is not None and found.new_login_id == columns.get("new_login_id"):
        return found
    if found is not None:
        raise WrongState(_("Another number is being changed for this name already. Ask your coordinator."))
    if mine.filter(asked_at__gt=now - timedelta(days=1)).count() >= ASKED_PER_DAY:
        raise LimitReached(_("You asked three times today. Please talk to your coordinator."))
    made = SignInHelp.objects.create(
        person=person, kind=kind, needed=queries.officers_needed(person, kind, now=now), asked_at=now,
        expires_at=now + LIVES, **columns,
    )  # fmt: skip
    audit.record(actor, "org.help_asked", made, unit=queries.home_unit_of(person), data={"kind": str(kind)})
    return made


@transaction.atomic
def confirm_help(*, actor: Actor, ref: UUID, now: datetime) -> SignInHelp:
    """An officer says: I know this person, it is them. With the last officer needed it is done, or its hours begin.

    Raises NotFound, NeedsSecondFactor, or WrongState (over, or the same officer twice).
    """
    found = queries.get_help(actor=actor, ref=ref, lock=True)
    _check_waiting(found, now)
    try:
        with transaction.atomic():
            HelpConfirmation.objects.create(help=found, officer_id=actor.person_id, at=now)
    except IntegrityError:
        raise WrongState(_("You confirmed this already. Another officer must confirm it too.")) from None
    enough, data = _is_confirmed(found, now), {"kind": found.kind}
    if enough and found.kind == Kind.NUMBER and queries.officers_who_confirmed(found, now=now) < AT_ONCE:
        enough, data = False, {**data, "until": _begin_to_wait(found, now).isoformat()}
    audit.record(actor, "org.help_confirmed", found, unit=queries.home_unit_of(found.person), data=data)
    if enough:
        _give(actor, found, now=now)
    return found


def _is_confirmed(found: SignInHelp, now: datetime) -> bool:
    """Also of who got a sensitive right since they asked, and without officers who are none any more."""
    found.needed = max(found.needed, queries.officers_needed(found.person, found.kind, now=now))
    return queries.officers_who_confirmed(found, now=now) >= found.needed


def _begin_to_wait(found: SignInHelp, now: datetime) -> datetime:
    found.waits_until = now + settings.NUMBER_WAIT
    found.expires_at = max(found.expires_at, found.waits_until + LIVES)
    found.save(update_fields=["waits_until", "expires_at"])
    return found.waits_until


def give_waiting(*, actor: Actor, now: datetime) -> int:
    """Give the new numbers that the old ones did not stop in their hours; how many."""
    due = SignInHelp.objects.filter(state=State.WAITING, waits_until__lte=now).order_by("pk")
    return sum(_give_waited(actor, pk, now) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _give_waited(actor: Actor, pk: int, now: datetime) -> bool:
    """False where it was stopped meanwhile, or where by now another officer is needed, who is then waited for."""
    rows = SignInHelp.objects.select_for_update(of=("self",)).select_related("person__holder")
    found = rows.filter(pk=pk, state=State.WAITING, waits_until__lte=now).first()
    if found is None:
        return False
    if not _is_confirmed(found, now):
        found.waits_until = None
        found.save(update_fields=["waits_until", "needed"])
        return False
    try:
        with transaction.atomic():
            _give(actor, found, now=now)
    except ToliError:
        _close(found, State.LAPSED, now=now)
        audit.record(actor, "org.help_lapsed", None, data={"asked": 1})
        return False
    return True


def _check_waiting(found: SignInHelp, now: datetime) -> None:
    if found.state != State.WAITING or found.expires_at <= now:
        raise WrongState(_("This request is over."))


def _give(actor: Actor, found: SignInHelp, *, now: datetime) -> None:
    """Do what was asked. Sessions end in any case: whoever was in with the lost thing is out."""
    holder_id = found.person.holder_id
    if holder_id is None or found.person.state != Person.State.ACTIVE:
        raise WrongState(_("This person has no sign-in any more."))
    if found.kind == Kind.PROOF:
        accounts.remove_second_factor(actor=actor, login_id=queries.get_holder(holder_id).login_id)
        accounts.end_sessions(actor=actor, holder_id=holder_id, now=now)
    elif found.kind == Kind.NUMBER:
        accounts.clear_pin(actor=actor, holder_id=holder_id)
        _move(actor, found, _new_number(found), by="officer", now=now)
    else:
        accounts.clear_pin(actor=actor, holder_id=holder_id)
        accounts.let_back_in(actor=actor, holder_id=holder_id, now=now)
    _close(found, State.DONE, now=now)
    audit.record(actor, "org.help_given", found, unit=queries.home_unit_of(found.person), data={"kind": found.kind})


def _new_number(found: SignInHelp) -> str:
    assert found.new_cipher is not None
    assert found.new_key_version is not None
    return secrets.decrypt(found.new_cipher, found.new_key_version, context="phone")


def _move(actor: Actor, found: SignInHelp, number: str, *, by: str, now: datetime) -> None:
    """Only this person moves: others of the old number stay, and seats and work hang on the person."""
    person = found.person
    assert person.holder_id is not None
    assert found.new_login_id is not None
    found.old_contact = people_queries.live_contact(person)
    accounts.move_holder(actor=actor, holder_id=person.holder_id, login_id=found.new_login_id, now=now)
    people.add_number(person=person, number=number, now=now, verified=True)
    audit.record(actor, "people.number_changed", person, unit=queries.home_unit_of(person), data={"by": by})


def _close(found: SignInHelp, state: str, *, now: datetime) -> None:
    found.state, found.closed_at, found.new_cipher, found.new_key_version = state, now, None, None
    found.save()


@transaction.atomic
def refuse_help(*, actor: Actor, ref: UUID, reason: str, now: datetime) -> SignInHelp:
    """An officer says it is not this person. Raises NotFound, NeedsSecondFactor, BadInput or WrongState."""
    found = queries.get_help(actor=actor, ref=ref, lock=True)
    _check_waiting(found, now)
    if not reason.strip():
        raise BadInput(fields={"reason": _("Please give a reason; it is kept with the record.")})
    _close(found, State.REFUSED, now=now)
    unit = queries.home_unit_of(found.person)
    audit.record(actor, "org.help_refused", found, unit=unit, data={"reason": reason, "kind": found.kind})
    return found


@transaction.atomic
def cancel_help(*, actor: Actor, person: Person, ref: UUID, now: datetime) -> SignInHelp:
    """The person takes it back: they found it, or it was not them. Raises NotFound or WrongState."""
    found = SignInHelp.objects.select_for_update().filter(ref=ref, person=person).first()
    if found is None:
        raise NotFound
    return _cancel(actor, found, by="person", now=now)


@transaction.atomic
def stop_help(*, token: str, now: datetime) -> SignInHelp:
    """Whoever holds the old number says by the link of its SMS: it was not me. Raises NotFound or WrongState."""
    found = queries.help_to_stop(token=token, lock=True)
    return _cancel(SystemActor(request_id="old number"), found, by="old number", now=now)


def _cancel(actor: Actor, found: SignInHelp, *, by: str, now: datetime) -> SignInHelp:
    if found.state != State.WAITING:
        raise WrongState(_("This request is over."))
    _close(found, State.CANCELLED, now=now)
    data = {"kind": found.kind, "by": by}
    audit.record(actor, "org.help_cancelled", found, unit=queries.home_unit_of(found.person), data=data)
    return found


@transaction.atomic
def change_number(*, actor: Actor, person: Person, login_id: int, number: str, now: datetime) -> SignInHelp:
    """Give a person the number they proved (E.164), after their PIN was seen. Raises WrongState or LimitReached."""
    person = Person.objects.select_for_update(of=("self",)).select_related("holder").get(pk=person.pk)
    if person.holder is None or person.state != Person.State.ACTIVE:
        raise WrongState(_("This person has no sign-in any more."))
    if person.holder.login_id == login_id:
        raise WrongState(_("This is the number you have already."))
    waiting = SignInHelp.objects.filter(person=person, kind=Kind.NUMBER, state=State.WAITING)
    waiting.update(state=State.CANCELLED, closed_at=now, new_cipher=None)
    done = SignInHelp(
        person=person, kind=Kind.NUMBER, state=State.DONE, needed=0, asked_at=now, expires_at=now, closed_at=now,
        new_login_id=login_id,
    )  # fmt: skip
    _move(actor, done, number, by="pin", now=now)
    done.save(force_insert=True)
    audit.record(actor, "org.help_given", done, unit=queries.home_unit_of(person), data={"kind": done.kind})
    return done


@transaction.atomic
def clear_pin_of(*, actor: Actor, person_ref: UUID, now: datetime) -> Person:
    """A coordinator clears a forgotten PIN: the person makes a new one after the next code.

    Raises NotFound, NeedsSecondFactor or WrongState.
    """
    person = queries.person_to_help(actor=actor, ref=person_ref)
    if person.holder_id is None or not queries.get_holder(person.holder_id).has_pin:
        raise WrongState(_("This person has no PIN."))
    accounts.clear_pin(actor=actor, holder_id=person.holder_id)
    return person


@transaction.atomic
def sign_out_person(*, actor: Actor, person_ref: UUID, now: datetime) -> Person:
    """A coordinator ends every session of a person whose phone was lost. Raises NotFound or NeedsSecondFactor."""
    person = queries.person_to_help(actor=actor, ref=person_ref)
    if person.holder_id is None:
        raise WrongState(_("This person has no sign-in any more."))
    accounts.end_everywhere(actor=actor, holder=queries.get_holder(person.holder_id), now=now)
    return person


@transaction.atomic
def lapse_help(*, actor: Actor, now: datetime) -> int:
    """Close requests nobody answered in three days; how many."""
    due = SignInHelp.objects.filter(state=State.WAITING, expires_at__lte=now)
    closed = due.update(state=State.LAPSED, closed_at=now, new_cipher=None, new_key_version=None)
    if closed:
        audit.record(actor, "org.help_lapsed", None, data={"asked": closed})
    return closed
