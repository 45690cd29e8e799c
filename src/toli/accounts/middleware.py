"""Who stands behind the session, on every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from toli.accounts import queries, rules, sessions


class HolderMiddleware:
    """Sets `request.holder` (or None) and `request.second_factor`; ends a kiosk left alone and a session cut off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        if _is_over(request, now=now):
            sessions.next_person(request)
        kiosk = bool(request.session.get("kiosk"))
        if kiosk and request.session.get("camp_pass") and not _camp_is_live(request, now=now):
            logout(request)
            return redirect("accounts:camp_over")
        holder = sessions.holder_of(request)
        if holder is None and request.user.is_authenticated and "holder_id" in request.session:
            sessions.next_person(request)
        request.holder = holder  # type: ignore[attr-defined]
        request.second_factor = holder is not None and sessions.has_second_factor(request, now=now)  # type: ignore[attr-defined]
        if holder is not None:
            sessions.note_seen(request, now=now)
        response = self.get_response(request)
        if kiosk or request.session.get("kiosk"):
            _leave_nothing(request, response)
        return response


def _is_over(request: HttpRequest, *, now: datetime) -> bool:
    """True for a shared phone that somebody left without finishing."""
    until = request.session.get("kiosk_until")
    return bool(request.session.get("kiosk")) and isinstance(until, float) and until < now.timestamp()


def _camp_is_live(request: HttpRequest, *, now: datetime) -> bool:
    pass_id = request.session.get("camp_pass")
    return isinstance(pass_id, int) and queries.live_camp(pass_id=pass_id, now=now) is not None


def _leave_nothing(request: HttpRequest, response: HttpResponse) -> None:
    """A kiosk's pages are not kept, every act moves its end, and a page left open closes itself after it."""
    response["Cache-Control"] = "no-store"
    if request.session.get("kiosk_until"):
        until = timezone.now() + rules.KIOSK_LIFE
        request.session["kiosk_until"] = until.timestamp()
        seconds = int(rules.KIOSK_LIFE.total_seconds()) + 1
        response["Refresh"] = f"{seconds};url={reverse('accounts:kiosk_start')}"
