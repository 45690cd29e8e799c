"""Headers on every answer, also on files: no inline script or style, no stranger's frame, nothing from other sites."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",  # the style sheet draws arrows as data, a photo is shown before it is sent
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
UNUSED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "bluetooth", "midi", "display-capture")
OURS = ("web-share", "clipboard-write", "publickey-credentials-get", "publickey-credentials-create")
PERMISSIONS = ", ".join([*(f"{name}=()" for name in UNUSED), *(f"{name}=(self)" for name in OURS)])


def content_policy() -> str:
    """The Content-Security-Policy of this deployment; the pulse may stand on a port of its own."""
    connect = {"connect-src": f"'self' {settings.PULSE_URL}"}
    return "; ".join(f"{name} {value}" for name, value in (POLICY | connect).items())


class HeadersMiddleware:
    """Sets the headers Django's own SecurityMiddleware does not. A page that says nothing of caching is private."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_policy(),
            "Permissions-Policy": PERMISSIONS,
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-cache",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response
