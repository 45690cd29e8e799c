"""What the views of rooms share: the request with its actor, the way to the login, and answers to htmx."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from toli.kit.actor import Actor

HOME = "/me/"


class ActedRequest(HttpRequest):
    """A request as views see it: the middlewares of `accounts` and `org` have put these on it."""

    holder: Any
    """Whose number it is; None while the session knows no more than a number, or nothing."""
    person: Any
    """The holder's person; None until somebody joined."""
    actor: Actor


View = Callable[..., HttpResponseBase]


def holder_signed_in(view: View) -> View:
    """Only for a session that knows whose number it is; others sign in and come back to the page they wanted."""

    @wraps(view)
    def checked(request: ActedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.holder is None:
            target = request.get_full_path() if request.method in ("GET", "HEAD") else HOME
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': target})}")
        return view(request, *args, **kwargs)

    return checked


def signed_in(view: View) -> View:
    """Only for a person who has joined; a proved number without a person is welcomed first."""

    @wraps(view)
    def checked(request: ActedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.person_id is None:
            return redirect("volunteer:welcome")
        return view(request, *args, **kwargs)

    return holder_signed_in(checked)


def page_or_fragment(request: HttpRequest, fragment: str, context: Mapping[str, Any], *, page: str) -> HttpResponse:
    """The changed piece where htmx asked for it; without JavaScript back to the page where it stands."""
    if request.headers.get("HX-Request") == "true":
        return render(request, fragment, dict(context))
    return redirect(page)
