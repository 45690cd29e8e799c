"""Puts the actor on the request: who acts, with the rights of this moment. Read once, when first asked for.

While an officer sees the pages as another seat, this is also the one guard: nothing but looking is let through, nothing
personal is read, and whatever a page wrote all the same is taken back.

Only the desk is shown. A phone's pages (my day, my tasks, my seat, my data) are a person's own: the work they took and
handed in, offers made to them, their consents, the key of their stream, all found by the person and not by the seat.
Without what is personal nothing of them is left to look at, and a seat that nobody holds has none. What that seat's
team is asked to do, in the words a volunteer reads, stands on the desk's pages of tasks and content.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from toli.kit import language, masking
from toli.org import access, queries, services
from toli.org.access import SessionActor

SEEING = "seeing_as"
END = "org:end_seeing"
ALWAYS_OPEN = {END, "accounts:finish", "ui:language", "ui:saver"}
# Desk pages that are nothing but a person's own words, pictures or data, or that take data out.
CLOSED = {
    "tasks:photo", "consent:mine", "consent:reveal", "consent:privacy", "consent:complaint", "consent:complaints_desk",
    "consent:erasure", "consent:breach", "consent:breach_new", "consent:breach_report", "org:duplicate",
}  # fmt: skip


class ActorMiddleware:
    """`request.person` (None before somebody joined), `request.actor`, and `request.real_actor`: the one who sits there
    even while `actor` is another seat."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = SimpleLazyObject(lambda: _person(request))  # type: ignore[attr-defined]
        request.real_actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        request.actor = request.real_actor  # type: ignore[attr-defined]
        if SEEING not in request.session:
            return self.get_response(request)
        return self._as_seen(request)

    def _as_seen(self, request: HttpRequest) -> HttpResponse:
        seen = _seen_actor(request, timezone.now())
        if seen is None:
            return self.get_response(request)
        request.actor = seen  # type: ignore[attr-defined]
        name = _name_of(request)
        if name == END or name == "accounts:finish":
            return self.get_response(request)
        if not is_for_looking(request, name):
            return render(request, "org/only_looking.html", {"is_desk": is_desk(request)}, status=403)
        with transaction.atomic(), masking.nothing_personal():
            response = self.get_response(request)
            transaction.set_rollback(True)
        response["Cache-Control"] = "no-store"
        return response


def is_for_looking(request: HttpRequest, name: str) -> bool:
    """True for reading a desk page that is not a person's own."""
    if request.method not in ("GET", "HEAD"):
        return False
    return name in ALWAYS_OPEN or (is_desk(request) and name not in CLOSED)


def is_desk(request: HttpRequest) -> bool:
    """False for the pages of a phone and of the public."""
    return request.path.startswith("/desk/")


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _seen_actor(request: HttpRequest, now: datetime) -> Any:
    """The seat the officer sees as; None, and an end on record, when the time is up or the right or seat is gone."""
    seat_id, until = request.session[SEEING]
    real = request.real_actor  # type: ignore[attr-defined]
    how = "time" if now.timestamp() >= until else "right"
    seen = queries.actor_seen_as(real, seat_id) if how == "right" else None
    if seen is not None and real.second_factor and _may_see(real, seen):
        return seen
    del request.session[SEEING]
    services.end_seeing(actor=real, seat_id=seat_id, how=how)
    return None


def _may_see(real: SessionActor, seen: SessionActor) -> bool:
    """The officer's right still holds over everything that seat looks after."""
    scope = access.visible(real, "org.see_as")
    return scope.holds(seen.unit_path) and all(scope.holds(grant.path_lo) for grant in seen.grants())


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
