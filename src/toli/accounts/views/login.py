"""Number, code, who, PIN, onward. Every page works without JavaScript."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts import door, forms, queries, services, sessions
from toli.accounts.models import Device, Login
from toli.accounts.services import Outcome
from toli.kit.actor import Actor, SystemActor
from toli.kit.errors import BadInput, LimitReached, NotFound, ToliError

get_or_post = require_http_methods(["GET", "HEAD", "POST"])

CODE_PROBLEMS = {
    "wrong": gettext_lazy("This is not the code. Please look at the SMS again."),
    "spent": gettext_lazy("Too many wrong codes. Please ask for a new code."),
    "expired": gettext_lazy("This code is not valid any more. Please ask for a new code."),
    "locked": gettext_lazy("Too many wrong codes came from here. Please try again in an hour."),
    "waiting": gettext_lazy(
        "Your SMS has not come yet. Wait a moment and press once more. Not every account opens this way: the code or a"
        " call always does."
    ),
}
PIN_PROBLEMS = {
    "wrong": gettext_lazy("This is not the PIN. Please try again."),
    "locked": gettext_lazy("Too many wrong PINs. Please try again in an hour, or ask your coordinator."),
    "spent": gettext_lazy("Too many wrong PINs. Please sign in with a code."),
    "expired": gettext_lazy("Please sign in with a code."),
    "none": gettext_lazy("You have set no PIN. Ask your coordinator to let you in."),
}


@never_cache
@get_or_post
def phone(request: HttpRequest) -> HttpResponse:
    """Ask the number; a trusted phone is asked its PIN instead."""
    sessions.remember_way(
        request, draft=sessions.read_ref(request.GET.get("draft")), next_url=request.GET.get("next", "")
    )
    if request.method == "POST":
        return _phone_given(request)
    if request.user.is_authenticated:
        return redirect("accounts:next")
    if "other" not in request.GET and _trusted_device(request) is not None:
        return redirect("accounts:pin")
    return _phone_page(request, forms.PhoneForm(kiosk=bool(request.session.get("kiosk"))))


def _phone_given(request: HttpRequest) -> HttpResponse:
    form = forms.PhoneForm(request.POST, kiosk=bool(request.session.get("kiosk")))
    if form.is_valid():
        try:
            return sessions.start_login(request, phone=form.cleaned_data["phone"], now=timezone.now())
        except LimitReached as error:
            form.add_error("phone", str(error))
            return _phone_page(request, form, status=429)
    return _phone_page(request, form, status=422)


def _phone_page(request: HttpRequest, form: forms.PhoneForm, status: int = 200, *, again: bool = False) -> HttpResponse:
    kiosk = request.session.get("kiosk")
    shown = {"form": form, "kiosk": kiosk, "is_demo": queries.is_demo(), "again": again}
    return render(request, "accounts/phone.html", shown, status=status)


@never_cache
@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """Before something that matters: prove the number once more, and go on to where one was."""
    sessions.remember_way(request, draft=None, next_url=request.GET.get("next", ""))
    if not isinstance(request.user, Login):
        return redirect("accounts:phone")
    return _phone_page(request, forms.PhoneForm(kiosk=bool(request.session.get("kiosk"))), again=True)


@never_cache
@require_safe
def kiosk(request: HttpRequest) -> HttpResponse:
    """Make this browser a shared one: the code comes to the person's own phone, and nothing stays behind here."""
    sessions.next_person(request)
    request.session["kiosk"] = True
    request.session.set_expiry(0)
    return redirect("accounts:kiosk_start")


@never_cache
@get_or_post
def code(request: HttpRequest) -> HttpResponse:
    """Take the code."""
    ref = asked_code(request)
    if ref is None:
        return redirect("accounts:phone")
    form = forms.CodeForm(request.POST or None, kiosk=bool(request.session.get("kiosk")))
    if request.method == "POST" and form.is_valid():
        outcome = _check_code(request, ref, form.cleaned_data["code"], now=timezone.now())
        if outcome.login is not None:
            return signed_in(request, outcome, now=timezone.now())
        form.add_error("code", CODE_PROBLEMS[outcome.problem])
    return _code_page(request, ref, form)


def asked_code(request: HttpRequest) -> UUID | None:
    """The code this browser asked for."""
    return sessions.read_ref(request.session.get("login_code"))


def _check_code(request: HttpRequest, ref: UUID, typed: str, *, now: datetime) -> Outcome:
    draft = request.session.get("login_draft")
    return services.check_code(
        ref=ref,
        cookie=request.COOKIES.get(sessions.DEVICE_COOKIE, ""),
        typed=typed,
        draft=sessions.read_ref(draft),
        own_draft=draft in request.session.get("own_drafts", []),
        agent=sessions.agent_of(request),
        now=now,
    )


def signed_in(request: HttpRequest, outcome: Outcome, *, now: datetime) -> HttpResponse:
    """Open the session through allauth, which asks a second factor of those who have one and keeps the list."""
    assert outcome.login is not None
    kept = {key: request.session.get(key) for key in ("kiosk", "camp_pass", "login_next", "login_draft")}
    if kept["camp_pass"]:
        services.use_pass(pass_id=kept["camp_pass"], is_new=outcome.is_new, now=now)
    for stale in ("login_code", "holder_id", "holder_epoch", "pin_asked"):
        request.session.pop(stale, None)
    response = perform_login(request, outcome.login)
    request.session.update({key: value for key, value in kept.items() if value})
    sessions.proved(request, now=now)
    if outcome.cookie:
        sessions.set_device_cookie(response, outcome.cookie, kiosk=bool(kept["kiosk"]), secure=request.is_secure())
    return response


def _code_page(request: HttpRequest, ref: UUID, form: forms.CodeForm) -> HttpResponse:
    now = timezone.now()
    try:
        masked, other = queries.code_mask(ref=ref), queries.other_ways(ref=ref, now=now)
    except NotFound:
        return redirect("accounts:phone")
    shown = {
        "form": form,
        "masked": masked,
        "delay": queries.code_delay(now=timezone.now()),
        "demo_code": queries.demo_code(ref=ref, now=timezone.now()),
        "kiosk": request.session.get("kiosk"),
        "other": other,
        "others_open": now >= other.at,
        "wait": other.at - now,
        "called": bool(settings.VOICE_URL) and not other.is_called,
        "number": settings.SMS_NUMBER,
    }
    return render(request, "accounts/code.html", shown, status=422 if form.errors else 200)


@never_cache
@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """Send the live code once more, to the same number."""
    ref = asked_code(request)
    if ref is None:
        return redirect("accounts:phone")
    try:
        number = queries.code_phone(ref=ref)
        response = sessions.start_login(request, phone=number, now=timezone.now())
        messages.success(request, _("The code is on its way again. It is the same code."))
        return response
    except ToliError as error:
        messages.error(request, str(error))
        return redirect("accounts:code")


@never_cache
@require_safe
def onward(request: HttpRequest) -> HttpResponse:
    """After the number: settle who it is, offer a PIN once, then go where the person was going."""
    if not isinstance(request.user, Login):
        return redirect("accounts:phone")
    holder = sessions.holder_of(request)
    if holder is None:
        return _settle_who(request, request.user)
    fresh = sessions.is_freshly_proved(request, now=timezone.now())
    # A form that waits goes first: somebody who leaves at the PIN page must not lose an application.
    waits = request.session.get("login_draft") or request.session.get("kiosk") or request.session.get("pin_asked")
    if fresh and not holder.has_pin and not waits:
        request.session["pin_asked"] = True
        return redirect("accounts:new_pin")
    return HttpResponseRedirect(sessions.way_onward(request))


def _settle_who(request: HttpRequest, login: Login) -> HttpResponse:
    """A session that proved a number, and no more: who of its people is it?"""
    if not sessions.is_freshly_proved(request, now=timezone.now()):
        sessions.next_person(request)
        return redirect("accounts:phone")
    holders = queries.active_holders(login.pk)
    if not holders:
        holders = [services.add_holder(actor=_nobody_yet(login), login_id=login.pk, now=timezone.now())]
    if len(holders) == 1 and _enter(request, holders[0].ref, pin="").holder is not None:
        return redirect("accounts:next")
    return redirect("accounts:who")


def _enter(request: HttpRequest, ref: UUID, *, pin: str) -> Outcome:
    """Come in as one of the people of this number."""
    now = timezone.now()
    outcome = services.enter_as(
        login_id=request.user.pk,  # type: ignore[arg-type]
        holder_ref=ref,
        pin=pin,
        proved_at=sessions.proved_at(request),
        second_factor=sessions.has_second_factor(request, now=now),
        now=now,
    )
    if outcome.holder is not None:
        sessions.put_holder(request, outcome.holder, now=now)
    return outcome


def _nobody_yet(login: Login) -> Actor:
    return SystemActor(request_id="login", login_id=login.pk, language=login.language)


def _may_choose(request: HttpRequest) -> bool:
    """Who is in already, or proved the number minutes ago."""
    in_already = sessions.holder_of(request) is not None
    return in_already or sessions.is_freshly_proved(request, now=timezone.now())


@never_cache
@get_or_post
def who(request: HttpRequest) -> HttpResponse:
    """Choose among up to five people of one number."""
    if not isinstance(request.user, Login) or not _may_choose(request):
        return redirect("accounts:phone")
    form = forms.WhoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = _enter(request, form.cleaned_data["who"], pin=form.cleaned_data["pin"])
        if outcome.holder is not None:
            return redirect("accounts:next")
        form.add_error("pin", PIN_PROBLEMS[outcome.problem])
    return _who_page(request, request.user, form)


def _who_page(request: HttpRequest, login: Login, form: forms.WhoForm) -> HttpResponse:
    holders = queries.active_holders(login.pk)
    shown = {
        "form": form,
        "holders": holders,
        "idle": [h.slot for h in holders if queries.is_idle(h, now=timezone.now())],
        "chosen": str(form.data.get("who", "")),
    }
    return render(request, "accounts/who.html", shown, status=422 if form.errors else 200)


@never_cache
@require_POST
def one_more(request: HttpRequest) -> HttpResponse:
    """Another person of the family on the same number."""
    if not isinstance(request.user, Login) or not _may_choose(request):
        return redirect("accounts:phone")
    holder = services.add_holder(
        actor=_nobody_yet(request.user),
        login_id=request.user.pk,
        initial=request.POST.get("initial", ""),
        now=timezone.now(),
    )
    sessions.put_holder(request, holder, now=timezone.now())
    return redirect("accounts:next")


@never_cache
@get_or_post
def new_pin(request: HttpRequest) -> HttpResponse:
    """Set a PIN that opens this phone for 90 days."""
    holder = sessions.holder_of(request)
    if holder is None:
        return redirect("accounts:phone")
    if not sessions.is_freshly_proved(request, now=timezone.now()) or request.session.get("kiosk"):
        messages.error(request, _("To set a PIN, please sign in once more with a code."))
        return redirect("accounts:next")
    form = forms.NewPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_pin(
                actor=_acting(request, holder.login),
                holder_id=holder.pk,
                pin=form.cleaned_data["pin"],
                cookie=request.COOKIES.get(sessions.DEVICE_COOKIE, ""),
                now=timezone.now(),
            )
            return redirect("accounts:next")
        except BadInput as error:
            form.add_error("pin", str(error.fields["pin"]))
    return render(request, "accounts/new_pin.html", {"form": form}, status=422 if form.errors else 200)


def _acting(request: HttpRequest, login: Login) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and actor.person_id is not None else _nobody_yet(login)


@never_cache
@get_or_post
def pin(request: HttpRequest) -> HttpResponse:
    """Open a trusted phone with its PIN."""
    device = _trusted_device(request)
    if device is None or device.login is None:
        return HttpResponseRedirect(sessions.number_page())
    form = forms.WhoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = services.open_with_pin(
            cookie=request.COOKIES.get(sessions.DEVICE_COOKIE, ""),
            holder_ref=form.cleaned_data["who"],
            pin=form.cleaned_data["pin"],
            now=timezone.now(),
        )
        if outcome.login is not None:
            return _opened(request, outcome, now=timezone.now())
        form.add_error("pin", PIN_PROBLEMS[outcome.problem])
    return _pin_page(request, device, form)


def _opened(request: HttpRequest, outcome: Outcome, *, now: datetime) -> HttpResponse:
    assert outcome.login is not None
    assert outcome.holder is not None
    kept = {key: request.session.get(key) for key in ("login_next", "login_draft")}
    response = perform_login(request, outcome.login)
    request.session.update({key: value for key, value in kept.items() if value})
    sessions.put_holder(request, outcome.holder, now=now)
    return response


def _pin_page(request: HttpRequest, device: Device, form: forms.WhoForm) -> HttpResponse:
    assert device.login is not None
    holders = [h for h in queries.active_holders(device.login.pk) if h.has_pin]
    shown: dict[str, Any] = {"form": form, "holders": holders, "last": device.holder}
    return render(request, "accounts/pin.html", shown, status=422 if form.errors else 200)


def _trusted_device(request: HttpRequest) -> Device | None:
    return queries.trusted_device(cookie=request.COOKIES.get(sessions.DEVICE_COOKIE, ""), now=timezone.now())


@never_cache
@get_or_post
def finish(request: HttpRequest) -> HttpResponse:
    """Sign out. On a shared device nothing stays: pages kept and stored data go too, and it waits for the next one."""
    if request.method != "POST":
        return render(request, "accounts/finish.html", {"asked": True})
    was_kiosk = bool(request.session.get("kiosk"))
    sessions.next_person(request)
    response = render(request, "accounts/finish.html", {"kiosk": was_kiosk})
    if was_kiosk:
        response.delete_cookie(sessions.DEVICE_COOKIE, samesite="Lax")
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@require_safe
def demo_door(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as a person of the demo. Where the database is no demo there is no such page."""
    if not queries.is_demo():
        raise Http404
    read = door.read_token(token)
    holder = queries.demo_holder(ref=read[0]) if read else None
    if read is None or holder is None:
        raise Http404
    logout(request)
    perform_login(request, holder.login)
    sessions.put_holder(request, holder, now=timezone.now())
    if read[1]:
        request.session["demo_second_factor"] = timezone.now().timestamp()
        messages.info(request, _("This is a demo: the second proof counts as shown for this link."))
    sessions.remember_way(request, draft=None, next_url=request.GET.get("next", ""))
    return HttpResponseRedirect(sessions.way_onward(request))
