"""Who stands behind the session, on every request."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from toli.accounts import rules, sessions


class HolderMiddleware:
    """Sets `request.holder` (or None) and `request.second_factor`; ends a kiosk left alone and a session cut off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        kiosk = bool(request.session.get("kiosk"))
        if kiosk and request.session.get("kiosk_until", now.timestamp()) < now.timestamp():
            logout(request)
        holder = sessions.holder_of(request)
        if holder is None and request.user.is_authenticated and "holder_id" in request.session:
            logout(request)
        request.holder = holder  # type: ignore[attr-defined]
        request.second_factor = holder is not None and sessions.has_second_factor(request, now=now)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if kiosk:
            _leave_nothing(request, response)
        return response


def _leave_nothing(request: HttpRequest, response: HttpResponse) -> None:
    """A kiosk's pages are not kept, and every act moves its end."""
    response["Cache-Control"] = "no-store"
    if request.session.get("kiosk_until"):
        until = timezone.now() + rules.KIOSK_LIFE
        request.session["kiosk_until"] = until.timestamp()
