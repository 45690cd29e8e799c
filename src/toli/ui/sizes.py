"""How much a request may bring. Refused by what it says of itself, before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from toli.ui.views import error_page

MB = 1024 * 1024
FORM = 2 * MB
"""Bytes of a form without files: a bulk act names some thousand refs of 36 characters."""
WITH_FILES = {"upload": 12 * MB, "join": 12 * MB, "import": 101 * MB, "media": 65 * MB}
"""Bytes for views that take files, by what they are limited as (`accounts.limits`). A list may have 100 MB."""


def largest_for(view: Callable[..., Any]) -> int:
    """The bytes a request to this view may have."""
    return WITH_FILES.get(getattr(view, "limited_act", ""), FORM)


class SizeMiddleware:
    """413 for a body that is too large. A body of unsaid length is read as empty by WSGI, so nothing slips by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        said = request.META.get("CONTENT_LENGTH") or "0"
        if not said.isascii() or not said.isdigit():
            return error_page(request, 400)
        most = largest_for(view)
        if int(said[:19]) <= most:
            return None
        sentence = _("What you sent is larger than %(mb)s MB. Please send a smaller file.") % {"mb": most // MB}
        response = error_page(request, 413, sentence=sentence)
        response["Connection"] = "close"
        return response
