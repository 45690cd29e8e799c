"""My day, my seat, my data. Every act works without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.kit.errors import BadInput
from toli.org import services as org
from toli.people import services as people
from toli.recruitment import queries as recruitment
from toli.ui.context import rights_of
from toli.volunteer import forms, queries, services

View = Callable[..., HttpResponse]
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def for_holders(view: View) -> View:
    """Only for a session that knows whose it is; others sign in and come back here."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "holder", None) is None:
            return _to_login(request)
        return view(request, *args, **kwargs)

    return checked


def for_members(view: View) -> View:
    """Only for a person who has joined; a proved number without a person is welcomed first."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "holder", None) is None:
            return _to_login(request)
        if not request.person:  # type: ignore[attr-defined]
            return redirect("volunteer:welcome")
        return view(request, *args, **kwargs)

    return checked


def _to_login(request: HttpRequest) -> HttpResponse:
    target = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("volunteer:day")
    name = "accounts:next" if request.user.is_authenticated else "accounts:phone"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': target})}")


def _language() -> str:
    return (get_language() or "hi").split("-")[0]


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: coordinators go on to the board, volunteers to their day, all others see what can be joined."""
    if getattr(request, "holder", None) is not None:
        return redirect("warroom:board" if "board.view" in rights_of(request) else "volunteer:day")
    return render(request, "volunteer/home.html", {"drives": recruitment.open_drives(now=timezone.now())[:10]})


@never_cache
@require_safe
@for_members
def day(request: HttpRequest) -> HttpResponse:
    """What is asked of me today, in one screen."""
    today = queries.day(
        request.actor,  # type: ignore[attr-defined]
        request.person,  # type: ignore[attr-defined]
        language=_language(),
        now=timezone.now(),
    )
    return render(request, "volunteer/day.html", {"day": today, "link": today.link, "sharer": today.sharer})


@never_cache
@require_safe
@for_members
def seat(request: HttpRequest) -> HttpResponse:
    seats = queries.seats_of(request.person, now=timezone.now())  # type: ignore[attr-defined]
    return render(request, "volunteer/seat.html", {"seats": seats})


@require_POST
@for_members
def accept(request: HttpRequest, ref: UUID) -> HttpResponse:
    services.accept_seat(actor=request.actor, person=request.person, ref=ref, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("You are on the team. Thank you!"))
    return redirect("volunteer:seat")


@require_POST
@for_members
def decline(request: HttpRequest, ref: UUID) -> HttpResponse:
    org.decline_offer(actor=request.actor, ref=ref, now=timezone.now())  # type: ignore[attr-defined]
    messages.info(request, _("Your no is noted. Your coordinator sees that the seat is free."))
    return redirect("volunteer:seat")


@require_POST
@for_members
def claim(request: HttpRequest, ref: UUID) -> HttpResponse:
    services.claim_seat(actor=request.actor, person=request.person, ref=ref, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(request, _("You are on the team. Thank you!"))
    return redirect("volunteer:seat")


@require_POST
@for_members
def not_me(request: HttpRequest, ref: UUID) -> HttpResponse:
    org.not_me(actor=request.actor, ref=ref, now=timezone.now())  # type: ignore[attr-defined]
    messages.info(request, _("Thank you. The name on the list was erased."))
    return redirect("volunteer:seat")


@require_POST
@for_members
def leave(request: HttpRequest, ref: UUID) -> HttpResponse:
    org.leave_seat(actor=request.actor, ref=ref, now=timezone.now())  # type: ignore[attr-defined]
    messages.info(request, _("You have left this seat. Your coordinator sees that it is free."))
    return redirect("volunteer:seat")


@never_cache
@get_or_post
@for_holders
def welcome(request: HttpRequest) -> HttpResponse:
    """Join by one's own hand: for those a sheet names, and whoever came without a drive's form."""
    if request.person:  # type: ignore[attr-defined]
        return redirect("volunteer:day")
    form = forms.JoinForm(request.POST or None, notice=queries.notice_for_joining())
    if request.method == "POST" and form.is_valid():
        try:
            _join(request, form)
            return redirect("volunteer:seat")
        except BadInput as error:
            for field, sentence in error.fields.items():
                form.add_error(field if field in form.fields else None, str(sentence))
    shown = {
        "form": form,
        "notice": queries.notice_for_joining(),
        "named": queries.named_seats_of_login(request.user.pk),  # type: ignore[arg-type]
    }
    return render(request, "volunteer/welcome.html", shown, status=422 if form.errors else 200)


def _join(request: HttpRequest, form: forms.JoinForm) -> None:
    services.join(
        actor=request.actor,  # type: ignore[attr-defined]
        holder=request.holder,  # type: ignore[attr-defined]
        language=_language(),
        session_key=request.session.session_key or "",
        now=timezone.now(),
        **form.cleaned_data,
    )


@never_cache
@require_safe
@for_members
def my_data(request: HttpRequest) -> HttpResponse:
    """What is held about me, what I agreed to, who looked, and how to end it."""
    return render(request, "volunteer/my_data.html", {"mine": queries.my_data(request.person)})  # type: ignore[attr-defined]


@never_cache
@get_or_post
@for_members
def correct(request: HttpRequest) -> HttpResponse:
    """Correct my own name, year and who may call me."""
    own = queries.my_data(request.person).person  # type: ignore[attr-defined]
    initial = {"name": own.name, "birth_year": own.birth_year, "contact_preference": own.contact_preference}
    form = forms.SelfForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            people.correct_person(
                actor=request.actor,  # type: ignore[attr-defined]
                person=request.person,  # type: ignore[attr-defined]
                now=timezone.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("Corrected."))
            return redirect("volunteer:my_data")
        except BadInput as error:
            for field, sentence in error.fields.items():
                form.add_error(field if field in form.fields else None, str(sentence))
    return render(request, "volunteer/correct.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
@for_members
def download(request: HttpRequest) -> HttpResponse:
    """Everything held about me, as a file I may keep or take elsewhere."""
    text = json.dumps(queries.my_data_file(request.person), ensure_ascii=False, indent=1, default=str)  # type: ignore[attr-defined]
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="toli-my-data.json"'
    return response


@never_cache
@get_or_post
@for_members
def erase(request: HttpRequest) -> HttpResponse:
    """Ask for erasure: what happens is said first, then one tap does it."""
    if request.method != "POST":
        return render(request, "volunteer/erase.html")
    sealed = services.erase_me(
        actor=request.actor,  # type: ignore[attr-defined]
        session_key=request.session.session_key or "",
        now=timezone.now(),
    )
    logout(request)
    return render(request, "volunteer/erased.html", {"purge_after": sealed.purge_after, "ref": sealed.ref})
