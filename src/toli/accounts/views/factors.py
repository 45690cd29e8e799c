"""Setting up, showing and removing second proofs: allauth's ceremonies in our pages, under our limits and records."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from toli.accounts import queries, services, sessions
from toli.accounts.models import Login
from toli.ui.pages import ActedRequest, holder_signed_in

View = Callable[..., HttpResponseBase]
get_or_post = require_http_methods(["GET", "HEAD", "POST"])
AFTER = reverse_lazy("mfa_view_recovery_codes")


def _own_number(view: View) -> View:
    """A second proof speaks for one person: only for who is alone on a number, on a phone that is not shared."""

    @wraps(view)
    def checked(request: ActedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        alone = len(queries.active_holders(request.holder.login_id)) == 1
        if not alone or request.session.get("kiosk"):
            return redirect("accounts:second_factor")
        return view(request, *args, **kwargs)

    return never_cache(get_or_post(holder_signed_in(checked)))


def _proved_now(view: View) -> View:
    """The first second proof needs a code of these minutes: a phone left open must not give a stranger one."""

    @wraps(view)
    def checked(request: ActedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        fresh = sessions.is_freshly_proved(request, now=timezone.now())
        if not fresh and not queries.has_second_factor(request.holder.login_id):
            return redirect(f"{reverse('accounts:again')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return _own_number(checked)


class _AddApp(totp.ActivateTOTPView):
    template_name = "accounts/proof_app.html"
    success_url = AFTER

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {**super().get_context_data(**kwargs)}
        shown["picture"] = picture_of(shown["totp_url"])
        return shown

    def get_success_url(self) -> str:
        return str(AFTER)

    def form_valid(self, form: Any) -> HttpResponse:
        return _added(self.request, super().form_valid(form), Authenticator.Type.TOTP)


def picture_of(text: str) -> str:
    """A QR code as an address that an img can show."""
    return str(segno.make(text, error="m").svg_data_uri(scale=5, border=3))


class _AddPasskey(webauthn.AddWebAuthnView):
    template_name = "accounts/proof_passkey.html"

    def get_success_url(self) -> str:
        return str(AFTER)

    def form_valid(self, form: Any) -> HttpResponse:
        return _added(self.request, super().form_valid(form), Authenticator.Type.WEBAUTHN)


def _added(request: Any, response: HttpResponse, kind: str) -> HttpResponse:
    services.note_factor_added(actor=request.actor, login=request.user, kind=kind)
    sessions.factor_shown(request, request.user, kind)
    return response


class _RemoveApp(totp.DeactivateTOTPView):
    template_name = "accounts/proof_remove.html"
    success_url = reverse_lazy("accounts:security")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _removed(self.request, Authenticator.Type.TOTP)
        return response


class _RemovePasskey(webauthn.RemoveWebAuthnView):
    template_name = "accounts/proof_remove.html"
    success_url = reverse_lazy("accounts:security")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _removed(self.request, Authenticator.Type.WEBAUTHN)
        return response


def _removed(request: Any, kind: str) -> None:
    services.note_factor_removed(actor=request.actor, login=request.user, kind=kind)


class _MakeCodes(codes.GenerateRecoveryCodesView):
    template_name = "accounts/proof_codes_new.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        services.note_factor_added(
            actor=self.request.actor, login=self.request.user, kind=Authenticator.Type.RECOVERY_CODES
        )
        return response


class _SeeCodes(codes.ViewRecoveryCodesView):
    template_name = "accounts/proof_codes.html"


class _AskProof(base.AuthenticateView):
    """After the code of a number that has a second proof: nobody is signed in yet."""

    template_name = "accounts/proof_ask.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = super().get_context_data(**kwargs)
        return {**shown, "proofs": queries.proofs(login_id=self.stage.login.user.pk)}


class _ShowProof(base.ReauthenticateView):
    template_name = "accounts/proof_show.html"


class _ShowPasskey(webauthn.ReauthenticateWebAuthnView):
    template_name = "accounts/proof_show_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form")
        return {**super().get_context_data(), **({"form": form} if form else {})}


set_up_app = _proved_now(_AddApp.as_view())
add_passkey = _proved_now(_AddPasskey.as_view())
remove_app = _own_number(_RemoveApp.as_view())
remove_passkey = _own_number(_RemovePasskey.as_view())
make_codes = _own_number(_MakeCodes.as_view())
see_codes = _own_number(_SeeCodes.as_view())
ask_proof = get_or_post(_AskProof.as_view())


def _if_any(view: View) -> View:
    """Showing a proof is for who has one; others are led to setting one up."""

    @wraps(view)
    def checked(request: ActedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not queries.has_second_factor(request.holder.login_id):
            return redirect("accounts:second_factor")
        return view(request, *args, **kwargs)

    return _own_number(checked)


show_proof = _if_any(_ShowProof.as_view())
show_passkey = _if_any(_ShowPasskey.as_view())


@never_cache
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second proof is asked, and where to show or set one; the page that was wanted is remembered."""
    if not isinstance(request.user, Login):
        return redirect("accounts:phone")
    sessions.remember_way(request, draft=None, next_url=request.GET.get("next", ""))
    shown = {
        "has_one": queries.has_second_factor(request.user.pk),
        "is_shared": len(queries.active_holders(request.user.pk)) > 1,
        "kiosk": request.session.get("kiosk"),
    }
    return render(request, "accounts/second_factor.html", shown)
