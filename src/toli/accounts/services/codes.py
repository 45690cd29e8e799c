"""Codes: asked for, sent by `delivery`, typed back once."""

from __future__ import annotations

import secrets as random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries, rules
from toli.accounts.models import Attempt, Device, Draft, Holder, Login, LoginCode
from toli.accounts.services.limits import forget_usage
from toli.audit.services import record
from toli.kit import secrets
from toli.kit.actor import SystemActor
from toli.kit.errors import LimitReached, NotFound, WrongState
from toli.kit.phone import is_demo

# One statement, so that two senders never take the same code and a sender that died gives its codes back.
TAKE_WAITING = """
UPDATE accounts_logincode SET state = 'sending', taken_at = %(now)s, send_times = send_times + 1
 WHERE id IN (SELECT id FROM accounts_logincode
               WHERE state IN ('waiting', 'sending') AND send_after <= %(now)s
                 AND (state = 'waiting' OR taken_at < %(stale)s)
                 AND expires_at > %(now)s AND code_cipher IS NOT NULL
               ORDER BY send_after LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING ref, phone_cipher, key_version, code_cipher, language, send_times, channel
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code is on its way. `cookie` is what the browser must bring back beside the code."""

    ref: UUID
    cookie: str = field(repr=False)
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a code or a PIN. `problem` is "", "wrong", "spent", "locked" or "expired"."""

    problem: str = ""
    login: Login | None = None
    holder: Holder | None = None
    cookie: str = field(default="", repr=False)
    is_new: bool = False
    """Nobody had proved this number before."""


@dataclass(frozen=True, slots=True)
class WaitingCode:
    """A code to send now. Number and code are never printed."""

    ref: UUID
    phone: str = field(repr=False)
    code: str = field(repr=False)
    language: str
    tries: int
    is_demo: bool
    channel: str = LoginCode.Channel.SMS


def lock_number(key: str) -> None:
    """Everything about one number happens one after the other, whether a row exists yet or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.number:{key}"])


def new_device(*, kiosk: bool, now: datetime, login: Login | None = None) -> tuple[Device, str]:
    """Make a device and return it with the value of its cookie."""
    secret = random.token_urlsafe(24)
    device = Device.objects.create(
        secret_digest=queries.device_digest(secret),
        login=login,
        kiosk=kiosk,
        created_at=now,
        last_seen_at=now,
    )
    return device, f"{device.ref}.{secret}"


@transaction.atomic
def ask_code(*, phone: str, cookie: str, address: str, language: str, kiosk: bool = False, now: datetime) -> Asked:
    """Put a code for this number (E.164) on its way, or repeat the live one of this device.

    Whether the number is known is never looked at, so the answer cannot tell. Raises LimitReached.
    """
    device = queries.get_device(cookie=cookie, lock=True)
    if device is None or device.kiosk != kiosk:
        device, cookie = new_device(kiosk=kiosk, now=now)
    key = queries.key_of(phone)
    lock_number(key)
    live = _live_codes(key, device, now=now)[:1]
    if live and rules.may_repeat(live[0].expires_at, live[0].tries, now=now):
        return Asked(_repeat(live[0], now=now), cookie, repeated=True)
    _check_asks(key, device, now=now)
    code = _create_code(phone, key, device, _send_after(address, now=now), language, now=now)
    _count(Attempt.Kind.ASKED, key, device, address, now=now)
    return Asked(code.ref, cookie)


def _live_codes(key: str, device: Device, *, now: datetime) -> list[LoginCode]:
    rows = LoginCode.objects.select_for_update().filter(login_key=key, device=device, used_at=None, expires_at__gt=now)
    return list(rows.order_by("-created_at", "-id")[: rules.LIVE_CODES])


def _repeat(code: LoginCode, *, now: datetime) -> UUID:
    """Send the same digits again, unless they just went out or are about to."""
    idle = code.state in (LoginCode.State.SENT, LoginCode.State.FAILED)
    quiet = code.taken_at is None or now - code.taken_at >= rules.RESEND_GAP
    if idle and quiet and code.asked_times < rules.REPEATS:
        LoginCode.objects.filter(pk=code.pk).update(
            state=LoginCode.State.WAITING, send_after=now, send_times=0, asked_times=F("asked_times") + 1
        )
    return code.ref


def _check_asks(key: str, device: Device, *, now: datetime) -> None:
    since = now - rules.WINDOW
    by_device = queries.recent(Attempt.Kind.ASKED, Attempt.Scope.DEVICE, str(device.ref), since=since)
    by_number = queries.recent(Attempt.Kind.ASKED, Attempt.Scope.NUMBER, key, since=since)
    if by_device >= rules.ASKS_PER_DEVICE or (by_number >= rules.ASKS_PER_NUMBER and not _is_known(device, key)):
        raise LimitReached(
            _("Many codes were asked for already. Please try again in an hour."),
            retry_after=int(rules.WINDOW.total_seconds()),
        )


def _is_known(device: Device, key: str) -> bool:
    """A stranger who keeps asking or guessing must not shut out the phone that already belongs to this number."""
    return device.login is not None and device.login.key == key


def _send_after(address: str, *, now: datetime) -> datetime:
    key = _address_key(address)
    asks = queries.recent(Attempt.Kind.ASKED, Attempt.Scope.ADDRESS, key, since=now - rules.ADDRESS_WINDOW)
    return now + rules.send_delay(asks)


def _address_key(address: str) -> str:
    return secrets.blind_index(address, context="address").hex()


def _create_code(
    phone: str, key: str, device: Device, send_after: datetime, language: str, *, now: datetime
) -> LoginCode:
    digits = rules.new_code()
    sealed = secrets.encrypt(phone, context="phone")
    sealed_code = secrets.encrypt(digits, context="code")
    code = LoginCode(
        login_key=key,
        device=device,
        phone_cipher=sealed.cipher,
        key_version=sealed.key_version,
        code_cipher=sealed_code.cipher,
        language=language,
        created_at=now,
        expires_at=now + rules.CODE_LIFE,
        send_after=send_after,
    )
    code.code_digest = _digest(code, digits)
    code.save(force_insert=True)
    return code


def _digest(code: LoginCode, digits: str) -> str:
    return secrets.blind_index(f"{code.ref}:{digits}", context="code").hex()


def _count(kind: str, key: str, device: Device, address: str, *, now: datetime) -> None:
    scopes = [(Attempt.Scope.NUMBER, key), (Attempt.Scope.DEVICE, str(device.ref))]
    if address:
        scopes.append((Attempt.Scope.ADDRESS, _address_key(address)))
    Attempt.objects.bulk_create(Attempt(kind=kind, scope=scope, key=value, at=now) for scope, value in scopes)


@transaction.atomic
def check_code(
    *,
    ref: UUID,
    cookie: str,
    typed: str,
    draft: UUID | None = None,
    own_draft: bool = False,
    agent: str = "",
    now: datetime,
) -> Outcome:
    """Open a login with a code, exactly once. A wrong code is an Outcome, so that it stays counted.

    The code is good only on the device that asked for it. Raises NotFound for a ref that was never given out.
    """
    asked = queries.get_code(ref=ref)
    device = queries.get_device(cookie=cookie, lock=True)
    if device is None or device.pk != asked.device_id:
        return Outcome("expired")
    lock_number(asked.login_key)
    live = _live_codes(asked.login_key, device, now=now)
    right = _matching(live, typed)
    locked = _is_locked(asked.login_key, device, now=now)
    if right is None or locked or right.tries >= rules.TRIES_PER_CODE:
        return _refuse(live, asked.login_key, device, locked=locked, now=now)
    return _open(right, live, device, draft, own_draft, agent, now=now)


@transaction.atomic
def open_heard(
    *, ref: UUID, cookie: str, draft: UUID | None = None, own_draft: bool = False, agent: str = "", now: datetime
) -> Outcome:
    """Open a login whose number sent us the word of this code, exactly once, on the device that asked.

    "waiting" while no word came. Raises NotFound for a ref that was never given out.
    """
    asked = queries.get_code(ref=ref)
    device = queries.get_device(cookie=cookie, lock=True)
    if device is None or device.pk != asked.device_id:
        return Outcome("expired")
    lock_number(asked.login_key)
    live = _live_codes(asked.login_key, device, now=now)
    heard = [code for code in live if code.heard_at is not None]
    if not heard:
        return Outcome("waiting" if live else "expired")
    return _open(heard[0], live, device, draft, own_draft, agent, by="sms_sent", now=now)


@transaction.atomic
def hear_word(*, phone: str, said: str, now: datetime) -> bool:
    """A number (E.164) sent us an SMS: true when it holds the word of a live code of that same number.

    The same message again, or a word whose code was used or is over, does nothing.
    """
    key = queries.key_of(phone)
    lock_number(key)
    live = LoginCode.objects.select_for_update().filter(login_key=key, used_at=None, heard_at=None, expires_at__gt=now)
    words = rules.words_in(said)
    right = [code.pk for code in live if any(secrets.is_equal(queries.word_of(code), word) for word in words)]
    return bool(LoginCode.objects.filter(pk__in=right[:1]).update(heard_at=now))


@transaction.atomic
def call_instead(*, ref: UUID, cookie: str, now: datetime) -> None:
    """Speak the live code by a call to the same number. Raises NotFound, WrongState before it is time, LimitReached."""
    asked = queries.get_code(ref=ref)
    device = queries.get_device(cookie=cookie, lock=True)
    if device is None or device.pk != asked.device_id:
        raise NotFound(_("Please ask for a new code."))
    lock_number(asked.login_key)
    code = LoginCode.objects.select_for_update().get(pk=asked.pk)
    if code.used_at is not None or code.expires_at <= now or code.code_cipher is None:
        raise NotFound(_("Please ask for a new code."))
    if now < rules.other_ways_at(code.created_at, queries.code_delay(now=now)):
        raise WrongState(_("The SMS is on its way. Please wait a little."))
    if code.asked_times > rules.REPEATS:
        raise LimitReached(_("Many codes were asked for already. Please try again in an hour."))
    LoginCode.objects.filter(pk=code.pk).update(
        channel=LoginCode.Channel.VOICE, state=LoginCode.State.WAITING, send_after=now, send_times=0,
        asked_times=F("asked_times") + 1,
    )  # fmt: skip


def _matching(live: list[LoginCode], typed: str) -> LoginCode | None:
    """The code that was typed. Every live code is compared to its end."""
    found = [code for code in live if secrets.is_equal(code.code_digest, _digest(code, typed))]
    return found[0] if found else None


def _is_locked(key: str, device: Device, *, now: datetime) -> bool:
    since = now - rules.WINDOW
    by_device = queries.recent(Attempt.Kind.FAILED, Attempt.Scope.DEVICE, str(device.ref), since=since)
    by_number = queries.recent(Attempt.Kind.FAILED, Attempt.Scope.NUMBER, key, since=since)
    guessed = by_number >= rules.FAILURES_PER_NUMBER and not _is_known(device, key)
    return by_device >= rules.FAILURES_PER_DEVICE or guessed


def _refuse(live: list[LoginCode], key: str, device: Device, *, locked: bool, now: datetime) -> Outcome:
    _count(Attempt.Kind.FAILED, key, device, "", now=now)
    LoginCode.objects.filter(pk__in=[code.pk for code in live]).update(tries=F("tries") + 1)
    if locked:
        return Outcome("locked")
    if not live:
        return Outcome("expired")
    return Outcome("wrong" if live[0].tries + 1 < rules.TRIES_PER_CODE else "spent")


def _open(
    right: LoginCode,
    live: list[LoginCode],
    device: Device,
    draft: UUID | None,
    own_draft: bool,
    agent: str,
    *,
    by: str = "code",
    now: datetime,
) -> Outcome:
    login, made = _proved_login(right, by=by, now=now)
    LoginCode.objects.filter(pk__in=[code.pk for code in live]).update(code_cipher=None, expires_at=now)
    LoginCode.objects.filter(pk=right.pk).update(used_at=now, login=login)
    if draft is not None:
        from toli.accounts.services.drafts import claim_draft

        claim_draft(login_id=login.pk, key=login.key, ref=draft, own=own_draft, now=now)
    return Outcome(login=login, cookie=_renew_device(device, login, agent, now=now), is_new=made)


def _proved_login(code: LoginCode, *, by: str, now: datetime) -> tuple[Login, bool]:
    defaults = {
        "language": code.language,
        "created_at": now,
        "password": make_password(None),
        "is_demo": is_demo(secrets.decrypt(code.phone_cipher, code.key_version, context="phone")),
    }
    login, made = Login.objects.get_or_create(key=code.login_key, defaults=defaults)
    if made:
        Holder.objects.create(login=login, slot=1, created_at=now)
    Login.objects.filter(pk=login.pk).update(proved_at=now)
    record(_at_the_door(login), "accounts.signed_in", login, data={"new": made, "by": by})
    return login, made


def _at_the_door(login: Login) -> SystemActor:
    """Nobody acts yet while a number is being proved: the person behind it is known one step later."""
    return SystemActor(request_id="login", login_id=login.pk, language=login.language)


def _renew_device(device: Device, login: Login, agent: str, *, now: datetime) -> str:
    """A new secret after every proof, so a cookie planted before the login is worth nothing after it."""
    if device.login_id not in (None, login.pk):
        return new_device(kiosk=device.kiosk, now=now, login=login)[1]
    secret = random.token_urlsafe(24)
    Device.objects.filter(pk=device.pk).update(
        login=login, secret_digest=queries.device_digest(secret), last_seen_at=now, failures=0, agent=agent
    )
    return f"{device.ref}.{secret}"


def take_waiting_codes(limit: int = 50, *, now: datetime) -> list[WaitingCode]:
    """Take codes to send: oldest first, each by one sender. One that dies gives back after a minute."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_WAITING, {"now": now, "stale": now - rules.SENDING_STALE, "limit": limit})
        return [_waiting(row) for row in cursor.fetchall()]


def _waiting(row: tuple[UUID, bytes, int, bytes, str, int, str]) -> WaitingCode:
    ref, phone_cipher, version, code_cipher, language, tries, channel = row
    phone = secrets.decrypt(phone_cipher, version, context="phone")
    digits = secrets.decrypt(code_cipher, version, context="code")
    return WaitingCode(ref, phone, digits, language, tries, is_demo(phone), channel)


def mark_code_sent(ref: UUID, *, provider: str, now: datetime) -> None:
    """The provider took it."""
    LoginCode.objects.filter(ref=ref).update(state=LoginCode.State.SENT, sent_at=now, provider=provider, failure="")


def mark_code_failed(ref: UUID, *, provider: str, reason: str, now: datetime) -> None:
    """The provider did not take it: it waits again, for another provider, until it was tried three times."""
    rows = LoginCode.objects.filter(ref=ref, state=LoginCode.State.SENDING)
    wait = now + timedelta(seconds=1)
    again = rows.filter(send_times__lt=rules.SEND_TRIES).update(
        state=LoginCode.State.WAITING, send_after=wait, provider=provider, failure=reason[:80]
    )
    if not again:
        rows.update(state=LoginCode.State.FAILED, provider=provider, failure=reason[:80])


@transaction.atomic
def erase_old(*, now: datetime) -> int:
    """Wipe expired codes; erase codes, drafts, counts and unused devices after two days. How many."""
    LoginCode.objects.filter(expires_at__lte=now, code_cipher__isnull=False).update(code_cipher=None)
    LoginCode.objects.filter(expires_at__lte=now, state__in=["waiting", "sending"]).update(
        state=LoginCode.State.FAILED, failure="expired"
    )
    before = now - rules.KEEP
    erased = LoginCode.objects.filter(created_at__lte=before).delete()[0]
    erased += Draft.objects.filter(expires_at__lte=now).delete()[0]
    erased += Attempt.objects.filter(at__lte=before).delete()[0] + forget_usage(before=before)
    return erased + Device.objects.filter(login=None, created_at__lte=before, codes=None).delete()[0]
