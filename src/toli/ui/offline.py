"""What a phone may keep: whose pages they are, and which pages those are.

The phone's worker keeps an answer only where this says so, under the key of the person it was made for. On a shared
device, while somebody is seen as another, and for nobody signed in there is no key, so nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

KEEP = "Toli-Keep"
"""The header that lets the phone keep a page."""

UNTIL = "Toli-Keep-Until"
"""The header that says when, in seconds of 1970, a kept page may no longer be shown."""

View = Callable[..., HttpResponse]


def phone_key(request: HttpRequest) -> str | None:
    """Tells persons on one phone apart and says nothing else; "" where nothing may be kept.

    None when the request was refused before anybody looked who it is.
    """
    actor = getattr(request, "actor", None)
    if actor is None:
        return None
    if actor.person_ref is None or actor.seen_as_id or request.session.get("kiosk"):
        return ""
    return salted_hmac("toli.ui.offline", str(actor.person_ref)).hexdigest()[:24]


def kept_on_phone(view: View) -> View:
    """The phone may keep this page for when there is no network; not one that answers an act with a message."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        says_something = len(get_messages(request)) > 0
        response = view(request, *args, **kwargs)
        key = phone_key(request)
        if key and response.status_code == 200 and not says_something:
            response[KEEP] = key
        return response

    return keeping


def keep_until(response: HttpResponse, moment: datetime | None) -> HttpResponse:
    """The answer, which a phone shows without a network only before that moment."""
    if moment is not None:
        response[UNTIL] = str(int(moment.timestamp()))
    return response
