"""The people of a login: who they are, their PINs, and the end of their sessions."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toli.accounts import pins, queries, rules
from toli.accounts.models import MAX_HOLDERS, Device, Holder, Login, LoginCode
from toli.accounts.services.codes import Outcome
from toli.audit.services import record
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, LimitReached
from toli.kit.phone import is_demo
from toli.kit.text import ascii_digits, clean

LONGEST_INITIAL = 4


@transaction.atomic
def add_login(*, phone: str, language: str = "hi", now: datetime) -> Holder:
    """Make a login with one person on it, without a code: for createadmin and the demo. Safe to repeat."""
    login, _made = Login.objects.get_or_create(
        key=queries.key_of(phone),
        defaults={
            "language": language,
            "is_demo": is_demo(phone),
            "password": make_password(None),
            "created_at": now,
        },
    )
    holder, _new = Holder.objects.get_or_create(login=login, slot=1, defaults={"created_at": now})
    return holder


@transaction.atomic
def add_holder(*, actor: Actor, login_id: int, initial: str = "", now: datetime) -> Holder:
    """Put one more person on a number, told apart by a letter they chose. Raises LimitReached at five."""
    login = Login.objects.select_for_update().get(pk=login_id)
    taken = set(Holder.objects.filter(login=login).values_list("slot", flat=True))
    free = [slot for slot in range(1, MAX_HOLDERS + 1) if slot not in taken]
    if not free:
        raise LimitReached(_("Five people already use this number. Please use another number."))
    holder = Holder.objects.create(login=login, slot=free[0], initial=clean(initial)[:LONGEST_INITIAL], created_at=now)
    record(actor, "accounts.holder_added", holder)
    return holder


@transaction.atomic
def set_pin(*, actor: Actor, holder_id: int, pin: str, cookie: str, now: datetime) -> Holder:
    """Give a person a PIN and trust this phone for 90 days. Raises BadInput for a PIN easy to guess."""
    digits = _clean_pin(pin)
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    holder.pin_hash, holder.pin_set_at = pins.hash_pin(holder.ref, digits), now
    holder.failures, holder.locked_until = 0, None
    holder.save(update_fields=["pin_hash", "pin_set_at", "failures", "locked_until"])
    device = queries.get_device(cookie=cookie, lock=True)
    if device is not None and not device.kiosk and device.login_id == holder.login_id:
        Device.objects.filter(pk=device.pk).update(
            holder=holder, trusted_until=now + rules.TRUST_LIFE, failures=0, last_seen_at=now
        )
    record(actor, "accounts.pin_set", holder)
    return holder


def _clean_pin(pin: str) -> str:
    digits = ascii_digits(pin).strip()
    low, high = rules.PIN_DIGITS
    if not (digits.isascii() and digits.isdigit() and low <= len(digits) <= high):
        raise BadInput(fields={"pin": _("Please choose 4 to 6 digits.")})
    if rules.is_weak_pin(digits):
        raise BadInput(fields={"pin": _("This PIN is easy to guess. Please choose other digits.")})
    return digits


@transaction.atomic
def open_with_pin(*, cookie: str, holder_ref: UUID, pin: str, now: datetime) -> Outcome:
    """Open a trusted phone. A wrong PIN is an Outcome, so that it stays counted.

    Five wrong ones end the phone's trust; ten on one person lock the PIN for an hour. Raises NotFound.
    """
    device = queries.get_device(cookie=cookie, lock=True)
    if device is None or device.login is None or not _is_trusted(device, now=now):
        return Outcome("expired")
    holder = queries.get_holder(login_id=device.login.pk, ref=holder_ref, lock=True)
    if _was_cut_off(device, holder):
        return Outcome("expired")
    problem = _try_pin(holder, pin, now=now)
    if problem:
        return Outcome(_count_wrong(device, problem))
    Device.objects.filter(pk=device.pk).update(failures=0, holder=holder, last_seen_at=now)
    return Outcome(login=device.login, holder=holder)


def _is_trusted(device: Device, *, now: datetime) -> bool:
    return device.trusted_until is not None and device.trusted_until > now and not device.kiosk


def _was_cut_off(device: Device, holder: Holder) -> bool:
    """True when this person signed out everywhere after the phone was trusted."""
    trusted_at = device.trusted_until - rules.TRUST_LIFE if device.trusted_until else None
    return rules.is_cut_off(trusted_at, holder.ended_at)


def _count_wrong(device: Device, problem: str) -> str:
    wrong = device.failures + 1
    ended = wrong >= rules.PIN_TRIES_PER_DEVICE
    Device.objects.filter(pk=device.pk).update(failures=wrong, trusted_until=None if ended else device.trusted_until)
    return "spent" if ended else problem


def _try_pin(holder: Holder, pin: str, *, now: datetime) -> str:
    """ "" when right, else the problem; counts on the person, whose row the caller holds locked."""
    if holder.locked_until is not None and holder.locked_until > now:
        return "locked"
    digits = ascii_digits(pin).strip()
    if pins.is_pin(holder.pin_hash, holder.ref, digits):
        Holder.objects.filter(pk=holder.pk).update(failures=0, locked_until=None, last_seen_at=now)
        return ""
    locks = holder.failures + 1 >= rules.PIN_TRIES_PER_HOLDER
    Holder.objects.filter(pk=holder.pk).update(
        failures=0 if locks else F("failures") + 1, locked_until=now + rules.PIN_LOCK if locks else None
    )
    return "locked" if locks else "wrong"


@transaction.atomic
def enter_as(
    *,
    login_id: int,
    holder_ref: UUID,
    pin: str,
    now: datetime,
    proved_at: datetime | None = None,
    second_factor: bool = False,
) -> Outcome:
    """Say which person of a number proved at `proved_at` this is. Raises NotFound.

    A person alone on a number needs no PIN after the code. With several, a PIN that was set is asked. After 90 idle
    days the number may be another's: then the PIN or a second factor is asked in any case, and a person who has
    neither is not let in by the code alone ("none"): their coordinator lets them in.
    """
    holder = queries.get_holder(login_id=login_id, ref=holder_ref, lock=True)
    if rules.is_cut_off(proved_at or now, holder.ended_at):
        return Outcome("expired")
    idle = rules.is_idle(holder.last_seen_at, now=now) and not second_factor
    alone = len(queries.active_holders(login_id)) == 1
    if not idle and (alone or not holder.has_pin):
        Holder.objects.filter(pk=holder.pk).update(last_seen_at=now)
        return Outcome(holder=holder)
    problem = _try_pin(holder, pin, now=now) if holder.has_pin else "none"
    return Outcome(problem, holder=None if problem else holder)


@transaction.atomic
def try_pin(*, holder_id: int, pin: str, now: datetime) -> str:
    """The person's PIN before something that matters: "" when right, else "wrong", "locked" or "none". Counted."""
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    return _try_pin(holder, pin, now=now) if holder.has_pin else "none"


@transaction.atomic
def let_back_in(*, actor: Actor, holder_id: int, now: datetime) -> None:
    """Somebody who knows the person says the number is still theirs: the next code opens without the PIN."""
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    Holder.objects.filter(pk=holder_id).update(last_seen_at=now)
    record(actor, "accounts.let_back_in", holder)


@transaction.atomic
def clear_pin(*, actor: Actor, holder_id: int) -> None:
    """Forget a PIN, after the caller made sure of the person: they set a new one after their next code."""
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    Holder.objects.filter(pk=holder_id).update(pin_hash="", pin_set_at=None, failures=0, locked_until=None)
    Device.objects.filter(holder_id=holder_id).update(trusted_until=None)
    record(actor, "accounts.pin_cleared", holder)


@transaction.atomic
def end_sessions(*, actor: Actor, holder_id: int, now: datetime | None = None) -> None:
    """Close every session of one person now, and ask a code on every phone. Others of the number stay."""
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    Holder.objects.filter(pk=holder_id).update(epoch=F("epoch") + 1, ended_at=now or timezone.now())
    Device.objects.filter(holder_id=holder_id).update(trusted_until=None)
    record(actor, "accounts.ended_sessions", holder)


@transaction.atomic
def end_holder(*, actor: Actor, holder_id: int) -> None:
    """Take a person off the number for good: sealed or purged. Their sessions end, the slot stays taken."""
    end_sessions(actor=actor, holder_id=holder_id)
    Holder.objects.filter(pk=holder_id).update(active=False, initial="", pin_hash="", pin_set_at=None)


@transaction.atomic
def move_holder(*, actor: Actor, holder_id: int, login_id: int, now: datetime) -> Holder:
    """Put a person on another number that they proved. Whoever proved it and never joined gives way to them.

    Their sessions end on the old number; second proofs come along when nobody else was on it. Raises LimitReached
    when five people use the new number.
    """
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    if holder.login_id == login_id:
        return holder
    first, second = sorted((holder.login_id, login_id))
    Login.objects.select_for_update().get(pk=first), Login.objects.select_for_update().get(pk=second)
    end_sessions(actor=actor, holder_id=holder_id, now=now)
    _clear_the_way(login_id)
    taken = set(Holder.objects.filter(login_id=login_id).values_list("slot", flat=True))
    free = [slot for slot in range(1, MAX_HOLDERS + 1) if slot not in taken]
    if not free:
        raise LimitReached(_("Five people already use this number. Please use another number."))
    if len(queries.active_holders(holder.login_id)) == 1:
        _take_proofs_along(holder.login_id, login_id)
    Device.objects.filter(holder_id=holder_id).update(holder=None)
    Holder.objects.filter(pk=holder_id).update(login_id=login_id, slot=free[0], last_seen_at=now)
    record(actor, "accounts.holder_moved", holder)
    holder.refresh_from_db()
    return holder


def _clear_the_way(login_id: int) -> None:
    """Holders who are nobody: the number was proved, and no person ever joined behind it."""
    nobody = [h.pk for h in Holder.objects.filter(login_id=login_id, active=True) if not hasattr(h, "person")]
    Device.objects.filter(holder_id__in=nobody).update(holder=None)
    Holder.objects.filter(pk__in=nobody).delete()


def _take_proofs_along(old: int, new: int) -> None:
    if not Authenticator.objects.filter(user_id=new).exists():
        Authenticator.objects.filter(user_id=old).update(user_id=new)


def park_holder(*, holder_id: int, active: bool) -> None:
    """Take a person off the list of a number without forgetting their PIN, or put them back: their entry was joined
    with another of the same number.
    """
    Holder.objects.filter(pk=holder_id).update(active=active)


def forget_holder(*, holder_id: int) -> dict[str, int]:
    """Erase what tells whose way in this was: letter and PIN, and the number's index when nobody else uses it.

    How many rows of each column held something.
    """
    holder = Holder.objects.select_for_update(of=("self",)).select_related("login").get(pk=holder_id)
    found = {"Holder.initial": int(bool(holder.initial)), "Holder.pin_hash": int(bool(holder.pin_hash))}
    Holder.objects.filter(pk=holder_id).update(
        active=False, initial="", pin_hash="", pin_set_at=None, epoch=F("epoch") + 1
    )
    if Holder.objects.filter(login=holder.login, active=True).exists():
        return found
    LoginCode.objects.filter(login_key=holder.login.key).delete()
    Login.objects.filter(pk=holder.login_id).update(
        key=f"erased-{holder.login.ref.hex}", is_active=False, epoch=F("epoch") + 1
    )
    return found | {"Login.key": int(not holder.login.key.startswith("erased-"))}


def forget_ended_sessions(*, now: datetime) -> int:
    """Erase sessions that ended, and with them the addresses and browsers of the session list. How many."""
    ended = Session.objects.filter(expire_date__lt=now).delete()[0]
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()
    return ended


def set_initial(*, holder_id: int, name: str) -> None:
    """Keep the first letter of a name, for the page where people of one number say who they are."""
    letter = re.match(r"\w[\u0900-\u0903\u093a-\u094f\u0962\u0963]*", clean(name))
    Holder.objects.filter(pk=holder_id).update(initial=letter[0][:LONGEST_INITIAL] if letter else "")


def set_language(*, login_id: int, language: str) -> None:
    """Remember the language for messages to this login."""
    Login.objects.filter(pk=login_id).exclude(language=language).update(language=language)
