"""Puts the actor on the request: who acts, with the rights of this moment. Read once, when first asked for."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from toli.kit import language
from toli.org import queries
from toli.org.access import SessionActor


class ActorMiddleware:
    """`request.person` (None before somebody joined) and `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = SimpleLazyObject(lambda: _person(request))  # type: ignore[attr-defined]
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _person(request: HttpRequest) -> Any:
    holder = getattr(request, "holder", None)  # set by accounts' middleware, which runs before
    return queries.person_for_holder(holder.pk) if holder is not None else None


def _actor(request: HttpRequest) -> SessionActor:
    tag = language.current()
    request_id = str(getattr(request, "id", ""))
    login_id = request.user.pk if request.user.is_authenticated else None
    person = _person(request)
    if person is None:
        return SessionActor(login_id=login_id, language=tag, request_id=request_id)
    return queries.actor_for(
        person, now=timezone.now(), login_id=login_id, language=tag, request_id=request_id,
        second_factor=getattr(request, "second_factor", False),
    )  # fmt: skip
