"""The second proof: every try counts in the database, an app code is good once, and what changes is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from toli.accounts import queries, rules
from toli.accounts.models import Attempt, Login
from toli.audit.services import record
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.text import ascii_digits

GARBLED = (ValidationError, ValueError, TypeError, KeyError, AttributeError, InvalidSignature)
"""What a passkey's answer may raise when it is no answer at all, or another's."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try. `problem` is "", "wrong" or "locked"; `found` is what opened."""

    problem: str = ""
    found: Authenticator | None = None


def _one_at_a_time(login_id: int) -> None:
    """Tries of one login happen one after the other, whichever web process they reach."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts.factor:{login_id}"])


@transaction.atomic
def try_code(*, login_id: int, typed: str, now: datetime) -> Tried:
    """Try an app code or a recovery code. Ten wrong ones of a login in an hour close this door until the hour is over.

    A wrong one is a result and no error, so that it stays counted.
    """
    digits = "".join(ascii_digits(typed).split())
    return _try(login_id, lambda: _opened_by(login_id, digits, now=now), now=now)


@transaction.atomic
def try_new_app(*, login_id: int, secret: str, typed: str, now: datetime) -> Tried:
    """Try the first code of an app that is being set up, under the same limit."""
    digits = "".join(ascii_digits(typed).split())

    def right() -> Authenticator | None:
        fits = totp.validate_totp_code(secret, digits) and _use_once(login_id, digits, now=now)
        return Authenticator(user_id=login_id, type=Authenticator.Type.TOTP) if fits else None

    return _try(login_id, right, now=now)


@transaction.atomic
def try_passkey(*, login: Login, credential: Any, now: datetime) -> Tried:
    """Try a passkey's answer to the question this session was asked, under the same limit."""
    from allauth.mfa.webauthn.internal import auth as webauthn  # here: the worker needs none of it

    def right() -> Authenticator | None:
        try:
            webauthn.parse_authentication_response(credential)
            found: Authenticator = webauthn.complete_authentication(login, credential)
        except GARBLED:
            return None
        return found

    return _try(login.pk, right, now=now)


def _try(login_id: int, right: Callable[[], Authenticator | None], *, now: datetime) -> Tried:
    _one_at_a_time(login_id)
    wrong = queries.recent(Attempt.Kind.PROOF, Attempt.Scope.LOGIN, str(login_id), since=now - rules.WINDOW)
    if wrong >= rules.WRONG_PROOFS_PER_LOGIN:
        return Tried("locked")
    found = right()
    if found is None:
        Attempt.objects.create(kind=Attempt.Kind.PROOF, scope=Attempt.Scope.LOGIN, key=str(login_id), at=now)
        return Tried("wrong")
    return Tried(found=found)


def _opened_by(login_id: int, digits: str, *, now: datetime) -> Authenticator | None:
    rows = Authenticator.objects.filter(user_id=login_id).exclude(type=Authenticator.Type.WEBAUTHN)
    for row in rows.select_for_update().order_by("pk"):
        if row.type == Authenticator.Type.TOTP:
            fits = totp.validate_totp_code(decrypt(row.data["secret"]), digits)
            fits = fits and _use_once(login_id, digits, now=now)
        else:
            fits = row.wrap().validate_code(digits)
        if fits:
            return row
    return None


def _use_once(login_id: int, digits: str, *, now: datetime) -> bool:
    """False when this code opened already: somebody looked over a shoulder."""
    key = secrets.blind_index(f"{login_id}:{digits}", context="app-code").hex()
    if queries.recent(Attempt.Kind.USED, Attempt.Scope.LOGIN, key, since=now - rules.APP_CODE_KEPT):
        return False
    Attempt.objects.create(kind=Attempt.Kind.USED, scope=Attempt.Scope.LOGIN, key=key, at=now)
    return True


def note_factor_added(*, actor: Actor, login: Login, kind: str) -> None:
    """Record that a second proof was set up; `kind` is "totp", "webauthn" or "recovery_codes"."""
    record(actor, "accounts.factor_added", login, data={"kind": kind})


def note_factor_removed(*, actor: Actor, login: Login, kind: str) -> None:
    record(actor, "accounts.factor_removed", login, data={"kind": kind})


@transaction.atomic
def remove_second_factor(*, actor: Actor, login_id: int) -> int:
    """Forget every second proof of a login, after the caller made sure of the person. How many."""
    login = Login.objects.select_for_update().get(pk=login_id)
    removed = Authenticator.objects.filter(user_id=login_id).delete()[0]
    record(actor, "accounts.factors_cleared", login, data={"proofs": removed})
    return removed
