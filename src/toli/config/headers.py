"""Headers on every answer: no inline script, no stranger's frame, nothing from other sites."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # htmx and ECharts set styles on elements
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def content_policy() -> str:
    """The Content-Security-Policy of this deployment; the pulse may stand on a port of its own."""
    connect = {"connect-src": f"'self' {settings.PULSE_URL}"}
    return "; ".join(f"{name} {value}" for name, value in (POLICY | connect).items())


class HeadersMiddleware:
    """Sets the headers Django's own SecurityMiddleware does not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = content_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), interest-cohort=()")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response
