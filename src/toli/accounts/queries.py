"""Every read of accounts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toli.accounts import rules
from toli.accounts.devices import name_of
from toli.accounts.models import Attempt, CampPass, Deployment, Device, Draft, Holder, Login, LoginCode
from toli.kit import phone, secrets
from toli.kit.errors import NotFound

# The slower of "how long the codes of the last minutes took" and "how long the oldest one is waiting by now".
CODE_DELAY = """
SELECT greatest(
    (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM sent_at - created_at))
       FROM accounts_logincode WHERE sent_at > %(since)s AND sent_at <= %(now)s AND asked_times = 1),
    (SELECT max(extract(epoch FROM %(now)s - send_after))
       FROM accounts_logincode WHERE state IN ('waiting', 'sending') AND send_after <= %(now)s
        AND expires_at > %(now)s))
"""

CAMP_PURPOSE = "accounts.camp-pass"


def is_demo() -> bool:
    """True when this installation was made as a demo. Nothing can make it one later."""
    return Deployment.objects.filter(is_demo=True).exists()


def deployment() -> Deployment | None:
    return Deployment.objects.first()


def code_delay(*, now: datetime) -> timedelta | None:
    """Return how long a code takes at present, None when none was sent in the last 10 minutes."""
    with connection.cursor() as cursor:
        cursor.execute(CODE_DELAY, {"now": now, "since": now - timedelta(minutes=10)})
        seconds = cursor.fetchone()[0]
    return None if seconds is None else timedelta(seconds=float(seconds))


def get_code(*, ref: UUID) -> LoginCode:
    """Return a code on its way. Raises NotFound."""
    code = LoginCode.objects.filter(ref=ref).first()
    if code is None:
        raise NotFound(_("Please ask for a new code."))
    return code


def get_device(*, cookie: str, lock: bool = False) -> Device | None:
    """Return the device whose cookie this is, None for a forged or unknown one."""
    ref, _dot, secret = cookie.partition(".")
    try:
        rows = Device.objects.filter(ref=UUID(ref))
    except ValueError:
        return None
    device = (rows.select_for_update() if lock else rows).first()
    stored = device.secret_digest if device else ""
    return device if secrets.is_equal(stored, device_digest(secret)) else None


def device_digest(secret: str) -> str:
    return secrets.blind_index(secret, context="device").hex()


def active_holders(login_id: int) -> list[Holder]:
    """The people of a login, by slot."""
    return list(Holder.objects.filter(login_id=login_id, active=True).order_by("slot"))


def get_holder(*, login_id: int, ref: UUID, lock: bool = False) -> Holder:
    """Return one of the people on this login. Raises NotFound."""
    rows = Holder.objects.filter(login_id=login_id, ref=ref, active=True)
    holder = (rows.select_for_update() if lock else rows).first()
    if holder is None:
        raise NotFound
    return holder


def session_holder(*, login_id: int, holder_id: object, epoch: object) -> Holder | None:
    """Return the person a session was opened for, None once that person was signed out or left the login."""
    if not isinstance(holder_id, int) or not isinstance(epoch, int):
        return None
    return Holder.objects.filter(pk=holder_id, login_id=login_id, active=True, epoch=epoch).first()


def word_of(code: LoginCode) -> str:
    """The word that proves this code's number when the number itself sends it to us."""
    return rules.word_from(secrets.blind_index(str(code.ref), context="reverse-word"))


@dataclass(frozen=True, slots=True)
class OtherWays:
    """What the waiting page offers when the SMS is slow: from when on, and the word to send."""

    at: datetime
    word: str
    is_called: bool


def other_ways(*, ref: UUID, now: datetime) -> OtherWays:
    """Raises NotFound."""
    code = get_code(ref=ref)
    at = rules.other_ways_at(code.created_at, code_delay(now=now))
    word = word_of(code)
    return OtherWays(at, f"{word[:4]} {word[4:]}", code.channel == LoginCode.Channel.VOICE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as its person sees it."""

    id: int
    agent: str
    since: datetime
    last_seen_at: datetime
    is_this: bool


def entries(*, holder: Holder, session_key: str) -> list[Entry]:
    """The live sessions of one person, the one that asks first, then the newest."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    rows = UserSession.objects.filter(Exists(alive), user_id=holder.login_id, data__holder=holder.pk)
    found = [
        Entry(row.pk, name_of(row.user_agent), row.created_at, row.last_seen_at, row.session_key == session_key)
        for row in rows.order_by("-last_seen_at")[:100]
    ]
    return sorted(found, key=lambda entry: not entry.is_this)


def entry(*, holder: Holder, entry_id: int) -> UserSession | None:
    """One session of this person, never another's."""
    return UserSession.objects.filter(pk=entry_id, user_id=holder.login_id, data__holder=holder.pk).first()


def trusted_devices(*, holder: Holder, now: datetime) -> list[Device]:
    """Phones that open with this person's PIN."""
    rows = Device.objects.filter(holder=holder, login_id=holder.login_id, kiosk=False, trusted_until__gt=now)
    return list(rows.order_by("-last_seen_at"))


@dataclass(frozen=True, slots=True)
class Proofs:
    """The second proofs of a login."""

    has_app: bool
    passkeys: list[Authenticator]
    codes_left: int

    @property
    def any(self) -> bool:
        return self.has_app or bool(self.passkeys)


def proofs(*, login_id: int) -> Proofs:
    """What second proofs are set up, and how many recovery codes are left."""
    rows = list(Authenticator.objects.filter(user_id=login_id).order_by("pk"))
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return Proofs(
        any(row.type == Authenticator.Type.TOTP for row in rows),
        [row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        len(codes.wrap().get_unused_codes()) if codes else 0,
    )


def live_camp(*, pass_id: int, now: datetime) -> CampPass | None:
    """The pass while it is good for whoever is inside; None once it is over or was ended."""
    rows = CampPass.objects.filter(pk=pass_id, ended_at=None, starts_at__lte=now, ends_at__gt=now)
    return rows.first()


def camp_token(camp: CampPass) -> str:
    """What the QR code of a pass carries: its ref and our signature. Nothing of it is kept."""
    return f"{camp.ref}.{secrets.signature(CAMP_PURPOSE, str(camp.ref))[:22]}"


def camp_of(*, token: str, now: datetime) -> CampPass | None:
    """The live pass of a QR code; None for a forged one, and for one that is over."""
    ref, _dot, _signature = token.partition(".")
    try:
        camp = CampPass.objects.filter(ref=UUID(ref)).first()
    except ValueError:
        return None
    if camp is None or not secrets.is_equal(token, camp_token(camp)):
        return None
    return live_camp(pass_id=camp.pk, now=now)


def is_idle(holder: Holder, *, now: datetime) -> bool:
    """True when this person slept so long that the number may be another's by now."""
    return rules.is_idle(holder.last_seen_at, now=now)


def recent(kind: str, scope: str, key: str, *, since: datetime) -> int:
    """How many asks or failures the limits see."""
    return Attempt.objects.filter(kind=kind, scope=scope, key=key, at__gt=since).count()


def proved_phone(*, login_id: int) -> str:
    """Return the number this login proved within the last two days, for the person's own contact point.

    Raises NotFound when it is longer ago: the person proves it again.
    """
    code = LoginCode.objects.filter(login_id=login_id, used_at__isnull=False).order_by("-used_at").first()
    if code is None:
        raise NotFound(_("Please prove your number again."))
    return secrets.decrypt(code.phone_cipher, code.key_version, context="phone")


def get_draft(*, login_id: int, ref: UUID, kind: str) -> dict[str, Any]:
    """Return the form saved before the code was asked. Raises NotFound unless this login proved it."""
    draft = Draft.objects.filter(ref=ref, kind=kind, login_id=login_id, used_at=None).first()
    if draft is None or draft.payload_cipher is None:
        raise NotFound(_("This form was sent already or is older than two days. Please fill it again."))
    payload: dict[str, Any] = json.loads(secrets.decrypt(draft.payload_cipher, draft.key_version, context="draft"))
    return payload


def get_login(*, login_id: int) -> Login:
    """Raises NotFound."""
    login = Login.objects.filter(pk=login_id).first()
    if login is None:
        raise NotFound
    return login


def key_of(number: str) -> str:
    """Return the key of a number in E.164: the same blind index that `people` keeps, as hex."""
    return secrets.blind_index(number).hex()


def code_phone(*, ref: UUID) -> str:
    """Return the number a code goes to, in E.164. Raises NotFound."""
    code = get_code(ref=ref)
    return secrets.decrypt(code.phone_cipher, code.key_version, context="phone")


def code_mask(*, ref: UUID) -> str:
    """Return the number a code goes to with only its last digits readable. Raises NotFound."""
    return phone.mask(code_phone(ref=ref))


def demo_code(*, ref: UUID, now: datetime) -> str:
    """Return the code of a demo number on a demo, to be shown on the page; else nothing."""
    if not is_demo() or not phone.is_demo(code_phone(ref=ref)):
        return ""
    code = get_code(ref=ref)
    if code.code_cipher is None or code.expires_at <= now:
        return ""
    return secrets.decrypt(code.code_cipher, code.key_version, context="code")


def trusted_device(*, cookie: str, now: datetime) -> Device | None:
    """The device of this cookie while it is trusted."""
    device = get_device(cookie=cookie)
    if device is None or device.kiosk or device.trusted_until is None or device.trusted_until <= now:
        return None
    return device


def demo_holder(*, ref: UUID) -> Holder | None:
    """A person of the demo, whose login has a demo number."""
    rows = Holder.objects.select_related("login").filter(ref=ref, active=True, login__is_demo=True)
    return rows.first()


def has_second_factor(login_id: int) -> bool:
    """True when a passkey or an app code is set up for the login."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=login_id, type__in=kinds).exists()
