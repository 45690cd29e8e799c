"""What a person agreed to, one tap to change each; and the notice itself, open to all."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from toli.consent import queries, services
from toli.kit import language
from toli.people.models import Person
from toli.ui.pages import ActedRequest, signed_in
from toli.ui.views import safe_next


def _me(request: ActedRequest) -> Person:
    return queries.get_self(actor=request.actor)


def _page(request: ActedRequest, person: Person) -> HttpResponse:
    context = {"consents": queries.my_consents(person.pk), "notice": queries.current_notice()}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "consent/_my_consents.html" if fragment else "consent/mine.html", context)


@signed_in
@require_GET
def mine(request: ActedRequest) -> HttpResponse:
    return _page(request, _me(request))


@signed_in
@require_POST
def give(request: ActedRequest, purpose: str) -> HttpResponse:
    person = _me(request)
    services.give(
        actor=request.actor, person=person, notice=queries.current_notice(), language=language.current(),
        purposes=[purpose], session_key=request.session.session_key or "", now=timezone.now(),
    )  # fmt: skip
    return _answer(request, person)


@signed_in
@require_POST
def withdraw(request: ActedRequest, purpose: str) -> HttpResponse:
    person = _me(request)
    services.withdraw(
        actor=request.actor, person=person, purpose=purpose, language=language.current(),
        session_key=request.session.session_key or "", now=timezone.now(),
    )  # fmt: skip
    return _answer(request, person)


def _answer(request: ActedRequest, person: Person) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return _page(request, person)
    return HttpResponseRedirect(safe_next(request, "/me/consents/"))


@require_GET
def notice(request: ActedRequest) -> HttpResponse:
    return render(request, "consent/notice.html", {"notice": queries.current_notice()})
