"""My sign-in: second proofs, sessions and phones of one person, and the end of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from toli.accounts import queries, services
from toli.ui.pages import ActedRequest, holder_signed_in


@never_cache
@require_safe
@holder_signed_in
def security(request: ActedRequest) -> HttpResponse:
    """What opens this account, where it is open, and how to close it."""
    holder = request.holder
    shown = {
        "holder": holder,
        "proofs": queries.proofs(login_id=holder.login_id),
        "is_shared": len(queries.active_holders(holder.login_id)) > 1,
        "entries": queries.entries(holder=holder, session_key=request.session.session_key or ""),
        "devices": queries.trusted_devices(holder=holder, now=timezone.now()),
    }
    return render(request, "accounts/security.html", shown)


@require_POST
@holder_signed_in
def end_entry(request: ActedRequest, pk: int) -> HttpResponse:
    services.end_entry(actor=request.actor, holder=request.holder, entry_id=pk)
    messages.success(request, _("That phone or browser is signed out."))
    return redirect("accounts:security")


@require_POST
@holder_signed_in
def end_device(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.end_trust(actor=request.actor, holder=request.holder, ref=ref)
    messages.success(request, _("That phone asks a code again."))
    return redirect("accounts:security")


@require_POST
@holder_signed_in
def end_all(request: ActedRequest) -> HttpResponse:
    """Everywhere means everywhere: this browser too."""
    services.end_everywhere(actor=request.actor, holder=request.holder, now=timezone.now())
    logout(request)
    messages.success(request, _("You are signed out everywhere. Sign in again with a code."))
    return redirect("accounts:phone")
