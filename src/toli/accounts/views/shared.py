"""A shared phone: opened by a camp's pass, used by one person after the other."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from toli.accounts import queries, sessions


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def camp(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR code of a camp opens: a question first, because whoever is signed in here is signed out."""
    found = queries.camp_of(token=token, now=timezone.now())
    if found is None:
        return redirect("accounts:camp_over")
    if request.method == "POST":
        sessions.open_camp(request, found)
        return redirect("accounts:kiosk_start")
    return render(request, "accounts/camp.html", {"camp": found})


@never_cache
@require_safe
def kiosk_start(request: HttpRequest) -> HttpResponse:
    """Where each person begins on a shared phone. Nobody stands behind it."""
    if not request.session.get("kiosk"):
        return redirect("accounts:phone")
    if request.user.is_authenticated:
        return redirect("accounts:next")
    return render(request, "accounts/kiosk_start.html")


@never_cache
@require_safe
def camp_over(request: HttpRequest) -> HttpResponse:
    """The pass is over, was ended, or never was one."""
    return render(request, "accounts/camp_over.html", status=410)
