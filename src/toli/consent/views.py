"""What a person agreed to, one tap to change each; and the notice itself, open to all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from toli.consent import queries, services
from toli.people.models import Person
from toli.ui.views import safe_next


def _me(request: HttpRequest) -> Person:
    return queries.get_self(actor=request.actor)  # type: ignore[attr-defined]


def _page(request: HttpRequest, person: Person) -> HttpResponse:
    context = {"consents": queries.my_consents(person.pk), "notice": queries.current_notice()}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "consent/_my_consents.html" if fragment else "consent/mine.html", context)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    return _page(request, _me(request))


@require_POST
def give(request: HttpRequest, purpose: str) -> HttpResponse:
    person = _me(request)
    services.give(
        actor=request.actor, person=person, notice=queries.current_notice(), language=_language(),  # type: ignore[attr-defined]
        purposes=[purpose], session_key=request.session.session_key or "", now=timezone.now(),
    )  # fmt: skip
    return _answer(request, person)


@require_POST
def withdraw(request: HttpRequest, purpose: str) -> HttpResponse:
    person = _me(request)
    services.withdraw(
        actor=request.actor, person=person, purpose=purpose, language=_language(),  # type: ignore[attr-defined]
        session_key=request.session.session_key or "", now=timezone.now(),
    )  # fmt: skip
    return _answer(request, person)


def _answer(request: HttpRequest, person: Person) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return _page(request, person)
    return HttpResponseRedirect(safe_next(request, "/me/consents/"))


def _language() -> str:
    return (get_language() or "hi").split("-")[0]


@require_GET
def notice(request: HttpRequest) -> HttpResponse:
    return render(request, "consent/notice.html", {"notice": queries.current_notice()})
