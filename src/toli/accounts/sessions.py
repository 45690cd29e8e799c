"""What a session knows: which person it was opened for, whether it is a kiosk, when a second factor was shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.stagekit import unstash_login
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from toli.accounts import queries, rules, services
from toli.accounts.devices import name_of
from toli.accounts.models import CampPass, Holder, Login
from toli.kit.phone import parse

DEVICE_COOKIE = "toli_device"
DEVICE_COOKIE_LIFE = rules.TRUST_LIFE + timedelta(days=30)
DRAFTS_KEPT = 5

View = Callable[..., HttpResponseBase]


def start_login(
    request: HttpRequest, *, phone: str, draft: UUID | None = None, next_url: str = "", now: datetime
) -> HttpResponse:
    """Ask a code for this number (E.164) and lead to the page where it is typed. Raises LimitReached.

    A form that asked the number itself calls this, so that nobody types it twice.
    """
    kiosk = bool(request.session.get("kiosk"))
    asked = services.ask_code(
        phone=phone,
        cookie=request.COOKIES.get(DEVICE_COOKIE, ""),
        address=address_of(request),
        language=getattr(request, "LANGUAGE_CODE", "hi"),
        kiosk=kiosk,
        now=now,
    )
    remember_way(request, draft=draft, next_url=next_url)
    request.session["login_code"] = str(asked.ref)
    response = HttpResponseRedirect(reverse("accounts:code"))
    set_device_cookie(response, asked.cookie, kiosk=kiosk, secure=request.is_secure())
    return response


def address_of(request: HttpRequest) -> str:
    """The network address the request came from; a whole /64 of IPv6 is one subscriber.

    Behind TOLI_PROXIES proxies of ours, what the outermost of them wrote; whatever stands left of it the client wrote.
    """
    found = request.META.get("REMOTE_ADDR") or ""
    if settings.ENV.proxies:
        passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        found = passed[-settings.ENV.proxies] if len(passed) >= settings.ENV.proxies else found
    try:
        address = ip_address(found)
    except ValueError:
        return ""
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def spend(request: HttpRequest, act: str) -> None:
    """Count one act of `limits.ACTS` for whoever asks. Raises LimitReached.

    Somebody signed in is counted as themselves, others by their device and their address.
    """
    holder_id = request.session.get("holder_id")
    if holder_id is not None:
        by = {"person": str(holder_id)}
    else:
        device = request.COOKIES.get(DEVICE_COOKIE, "").partition(".")[0][:64]
        by = {"device": device, "address": address_of(request)}
    services.spend(act, by=by, now=timezone.now())


def is_sent(request: HttpRequest) -> bool:
    return request.method == "POST"


def is_asking(name: str) -> Callable[[HttpRequest], bool]:
    """True for a request that searches with this word of the address."""
    return lambda request: bool(request.GET.get(name, "").strip())


def limited(act: str, *, when: Callable[[HttpRequest], bool] = is_sent) -> Callable[[View], View]:
    """The view counts as one act of `limits.ACTS` where `when` says so; too many answer 429 with a sentence."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if when(request):
                spend(request, act)
            return view(request, *args, **kwargs)

        counted.limited_act = act  # type: ignore[attr-defined]
        return counted

    return decorate


def read_phone(raw: str) -> str:
    """Return a typed number as E.164. Demo numbers pass only where the database says it is a demo. Raises BadInput."""
    return parse(raw, demo=queries.is_demo())


def read_ref(text: str | None) -> UUID | None:
    """A ref as an address or a session carries it; garbage counts as nothing."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def remember_draft(request: HttpRequest, ref: UUID) -> None:
    """Say that this browser filled the draft, for forms that did not ask the number."""
    kept = [str(ref), *request.session.get("own_drafts", [])]
    request.session["own_drafts"] = kept[:DRAFTS_KEPT]


def remember_way(request: HttpRequest, *, draft: UUID | None, next_url: str) -> None:
    """Keep where the person was going, when it is on this site."""
    if next_url and is_ours(request, next_url):
        request.session["login_next"] = next_url
    if draft is not None:
        request.session["login_draft"] = str(draft)


def is_ours(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def way_onward(request: HttpRequest) -> str:
    """Return the address the person was going to, with the draft they filled; forget both."""
    target = str(request.session.pop("login_next", "") or "/me/")
    draft = request.session.pop("login_draft", "")
    if not draft:
        return target
    return f"{target}{'&' if '?' in target else '?'}draft={draft}"


def number_page() -> str:
    """The number page, also on a phone that could open with its PIN."""
    return f"{reverse('accounts:phone')}?other=1"


def set_device_cookie(response: HttpResponse, cookie: str, *, kiosk: bool, secure: bool) -> None:
    """A kiosk's cookie ends with the browser; a phone's outlives the 90 days of trust."""
    life = None if kiosk else int(DEVICE_COOKIE_LIFE.total_seconds())
    response.set_cookie(DEVICE_COOKIE, cookie, max_age=life, httponly=True, samesite="Lax", secure=secure)


def proved(request: HttpRequest, *, now: datetime) -> None:
    """Note in the fresh session that its number was just proved by a code."""
    request.session["proved_at"] = now.timestamp()
    _set_life(request, now=now)


def proved_at(request: HttpRequest) -> datetime | None:
    """When this session proved its number; None for one opened with a PIN or by a demo link."""
    at = request.session.get("proved_at")
    return datetime.fromtimestamp(at, UTC) if isinstance(at, float) else None


def is_freshly_proved(request: HttpRequest, *, now: datetime) -> bool:
    """True for as long as a code lives: long enough to set a PIN without showing the old one."""
    at = proved_at(request)
    return at is not None and now - at < rules.CODE_LIFE


def put_holder(request: HttpRequest, holder: Holder, *, now: datetime) -> None:
    """From here on the session is this person's."""
    request.session["holder_id"] = holder.pk
    request.session["holder_epoch"] = holder.epoch
    _set_life(request, now=now)
    if request.session.session_key:
        services.note_entry(session_key=request.session.session_key, holder_id=holder.pk, now=now)


def note_seen(request: HttpRequest, *, now: datetime) -> None:
    """Keep when this session was last used, to the nearest five minutes."""
    seen = request.session.get("seen_at", 0.0)
    if now.timestamp() - seen >= rules.SEEN_EVERY.total_seconds() and request.session.session_key:
        request.session["seen_at"] = now.timestamp()
        services.note_seen(session_key=request.session.session_key, now=now)


def login_at_the_door(request: HttpRequest) -> Login | None:
    """Whose number was proved by a code in these minutes, while the second proof is still to be shown."""
    staged = unstash_login(request, peek=True)
    return staged.user if staged is not None and isinstance(staged.user, Login) else None


def agent_of(request: HttpRequest) -> str:
    """What kind of browser asks, in two words."""
    return name_of(request.META.get("HTTP_USER_AGENT", "")[:400])


def factor_shown(request: HttpRequest, login: Login, kind: str) -> None:
    """Whoever just set a second proof up has shown it: they go on without a second asking."""
    record_authentication(request, login, "mfa", type=kind, reauthenticated=True)


KEPT_BETWEEN_PERSONS = ("kiosk", "camp_pass")


def next_person(request: HttpRequest) -> None:
    """Forget everything of this session; a shared phone stays a shared phone of the same camp."""
    kept = {key: request.session[key] for key in KEPT_BETWEEN_PERSONS if request.session.get(key)}
    logout(request)
    if kept:
        request.session.update(kept)
        request.session.set_expiry(0)


def open_camp(request: HttpRequest, camp: CampPass) -> None:
    """Make this browser a shared one of a camp. Whoever was signed in is signed out."""
    logout(request)
    request.session.update({"kiosk": True, "camp_pass": camp.pk})
    request.session.set_expiry(0)


def _set_life(request: HttpRequest, *, now: datetime) -> None:
    if request.session.get("kiosk"):
        request.session["kiosk_until"] = (now + rules.KIOSK_LIFE).timestamp()
        request.session.set_expiry(0)
    else:
        request.session.set_expiry(int(rules.SESSION_LIFE.total_seconds()))


def holder_of(request: HttpRequest) -> Holder | None:
    """The person this session was opened for; None before that is known and after their sessions were ended."""
    if not isinstance(request.user, Login):
        return None
    return queries.session_holder(
        login_id=request.user.pk,
        holder_id=request.session.get("holder_id"),
        epoch=request.session.get("holder_epoch"),
    )


def has_second_factor(request: HttpRequest, *, now: datetime) -> bool:
    """True when this session showed a passkey or app code within the last hours.

    In a demo the login link of a sensitive role counts as shown. On a number that several people share it never
    holds: a proof of the login would speak for all of them.
    """
    if not rules.second_factor_holds(_second_factor_at(request), now=now):
        return False
    return len(queries.active_holders(request.user.pk)) == 1  # type: ignore[arg-type]


def second_factor_is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    """True when the second proof was shown minutes ago: fresh enough to change it."""
    at = _second_factor_at(request)
    return at is not None and timedelta(0) <= now - at < rules.CODE_LIFE


def _second_factor_at(request: HttpRequest) -> datetime | None:
    if not isinstance(request.user, Login):
        return None
    shown = [r["at"] for r in get_authentication_records(request, request.user) if r.get("method") == "mfa"]
    door = request.session.get("demo_second_factor")
    if isinstance(door, float) and request.user.is_demo:
        shown.append(door)
    return datetime.fromtimestamp(max(shown), UTC) if shown else None
