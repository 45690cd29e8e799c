"""What a page says when the database is away or the disk is full: a pause, not a mistake of ours."""

from __future__ import annotations

import errno
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from toli.ui.errors import words_for

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NO_ROOM_STATES = {"53100"}
"""disk_full of PostgreSQL."""
AWAY_STATES = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE after which the same may go well: connection, rollback, resources, locks, shutdown, system."""
PAUSE_SECONDS = 10
LAST_WORDS = (
    "थोड़ा रुकना होगा। जो सहेजा था वह सुरक्षित है। आधे मिनट बाद फिर भेजें।\n"
    "A short pause. What was saved is safe. Send it again in half a minute."
)


def is_full(error: BaseException | None) -> bool:
    """True when there was no room left to write, on our disk or on the database's."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return _state(error) in NO_ROOM_STATES


def is_away(error: BaseException | None) -> bool:
    """True when the database could not be reached, went away in between, or could not do it just now."""
    if isinstance(error, InterfaceError):
        return True
    if isinstance(error, OperationalError):
        return not (state := _state(error)) or state.startswith(AWAY_STATES)
    return isinstance(error, DatabaseError) and _state(error).startswith(AWAY_STATES)


def cause_of(error: BaseException | None) -> BaseException | None:
    """The first of the error and those it came from that is a pause; None when it is a mistake."""
    while error is not None and not (is_full(error) or is_away(error)):
        error = error.__cause__ or error.__context__
    return error


def _state(error: BaseException | None) -> str:
    return str(getattr(error, "sqlstate", None) or getattr(getattr(error, "__cause__", None), "sqlstate", None) or "")


def pause_page(request: HttpRequest, *, full: bool = False) -> HttpResponse:
    """A whole page, or for htmx a fragment, made without the database. Status 503; phones and caches try again."""
    fragment = request.headers.get("HX-Request") == "true"
    sentence = _("There is no room left to save anything just now. Reading still works.") if full else ""
    try:
        body: str = render_to_string("ui/_error.html" if fragment else "ui/error.html", _values(sentence))
    except Exception:
        body = LAST_WORDS
    kind = "text/plain" if body is LAST_WORDS else "text/html"
    answer = HttpResponse(body, status=503, content_type=f"{kind}; charset=utf-8")
    answer["Retry-After"], answer["Cache-Control"] = str(PAUSE_SECONDS), "no-store"
    return answer


def _values(sentence: str) -> dict[str, Any]:
    return {
        "status": 503, "words": words_for(503), "sentence": sentence, "may": frozenset(),
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": [(tag, get_language_info(tag)["name_local"]) for tag, _name in settings.LANGUAGES],
    }  # fmt: skip
