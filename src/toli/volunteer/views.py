"""My day, my seat, my data. Every act works without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts.sessions import limited
from toli.elections import services as elections
from toli.kit import language
from toli.kit.errors import BadInput
from toli.org import services as org
from toli.people import services as people
from toli.recruitment import queries as recruitment
from toli.ui.context import rights_of
from toli.ui.forms import add_refusal
from toli.ui.offline import kept_on_phone
from toli.ui.pages import ActedRequest, holder_signed_in, signed_in
from toli.volunteer import app, forms, queries, services

View = Callable[..., HttpResponse]
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: coordinators go on to the board, volunteers to their day, all others see what can be joined."""
    if getattr(request, "holder", None) is not None:
        return redirect("warroom:board" if "board.view" in rights_of(request) else "volunteer:day")
    return render(request, "volunteer/home.html", {"drives": recruitment.open_drives(now=timezone.now())[:10]})


@never_cache
@require_safe
@signed_in
@kept_on_phone
def day(request: ActedRequest) -> HttpResponse:
    """What is asked of me today, in one screen."""
    now = timezone.now()
    today = queries.day(request.actor, request.person, language=language.current(), now=now)
    shown = {
        "day": today, "link": today.link, "listening": today.listening, "sharer": today.sharer, "now": now,
    }  # fmt: skip
    return render(request, "volunteer/day.html", shown)


@never_cache
@require_safe
@signed_in
@kept_on_phone
def seat(request: ActedRequest) -> HttpResponse:
    seats = queries.seats_of(request.person, now=timezone.now())
    return render(request, "volunteer/seat.html", {"seats": seats})


@require_POST
@signed_in
def accept(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.accept_seat(actor=request.actor, person=request.person, ref=ref, now=timezone.now())
    messages.success(request, _("You are on the team. Thank you!"))
    return redirect("volunteer:seat")


@require_POST
@signed_in
def decline(request: ActedRequest, ref: UUID) -> HttpResponse:
    org.decline_offer(actor=request.actor, ref=ref, now=timezone.now())
    messages.info(request, _("Your no is noted. Your coordinator sees that the seat is free."))
    return redirect("volunteer:seat")


@require_POST
@signed_in
def claim(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.claim_seat(actor=request.actor, person=request.person, ref=ref, now=timezone.now())
    messages.success(request, _("You are on the team. Thank you!"))
    return redirect("volunteer:seat")


@require_POST
@signed_in
def not_me(request: ActedRequest, ref: UUID) -> HttpResponse:
    org.not_me(actor=request.actor, ref=ref, now=timezone.now())
    messages.info(request, _("Thank you. The name on the list was erased."))
    return redirect("volunteer:seat")


@require_POST
@signed_in
def leave(request: ActedRequest, ref: UUID) -> HttpResponse:
    org.leave_seat(actor=request.actor, ref=ref, now=timezone.now())
    messages.info(request, _("You have left this seat. Your coordinator sees that it is free."))
    return redirect("volunteer:seat")


@require_POST
@signed_in
def say_elector(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Whether I vote in this constituency: asked because who does not has to leave it before silence."""
    answer = {"yes": True, "no": False}.get(request.POST.get("votes", ""))
    if answer is None:
        messages.error(request, _("Please answer yes or no. Nothing was changed."))
        return redirect("volunteer:day")
    elections.say_elector(actor=request.actor, unit_ref=ref, is_elector=answer, now=timezone.now())
    messages.success(request, _("Thank you. You can answer again at any time."))
    return redirect("volunteer:day")


@never_cache
@get_or_post
@holder_signed_in
def welcome(request: ActedRequest) -> HttpResponse:
    """Join by one's own hand: for those a sheet names, and whoever came without a drive's form."""
    if request.person:
        return redirect("volunteer:day")
    form = forms.JoinForm(request.POST or None, notice=queries.notice_for_joining())
    if request.method == "POST" and form.is_valid():
        try:
            _join(request, form)
            return redirect("volunteer:seat")
        except BadInput as error:
            add_refusal(form, error)
    shown = {
        "form": form,
        "notice": queries.notice_for_joining(),
        "named": queries.named_seats_of_login(request.user.pk),  # type: ignore[arg-type]
        "joined": queries.joined_elsewhere(request.user.pk),  # type: ignore[arg-type]
    }
    return render(request, "volunteer/welcome.html", shown, status=422 if form.errors else 200)


def _join(request: HttpRequest, form: forms.JoinForm) -> None:
    services.join(
        actor=request.actor,
        holder=request.holder,
        language=language.current(),
        session_key=request.session.session_key or "",
        now=timezone.now(),
        **form.cleaned_data,
    )


@never_cache
@require_safe
@signed_in
def my_data(request: ActedRequest) -> HttpResponse:
    """What is held about me, what I agreed to, who looked, and how to end it."""
    return render(request, "volunteer/my_data.html", {"mine": queries.my_data(request.person)})


@never_cache
@get_or_post
@signed_in
def correct(request: ActedRequest) -> HttpResponse:
    """Correct my own name, year and who may call me."""
    own = queries.my_data(request.person).person
    initial = {"name": own.name, "birth_year": own.birth_year, "contact_preference": own.contact_preference}
    form = forms.SelfForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            people.correct_person(
                actor=request.actor,
                person=request.person,
                now=timezone.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("Corrected."))
            return redirect("volunteer:my_data")
        except BadInput as error:
            add_refusal(form, error)
    return render(request, "volunteer/correct.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
@signed_in
@limited("export", when=lambda request: True)
def download(request: ActedRequest) -> HttpResponse:
    """Everything held about me, as a file I may keep or take elsewhere."""
    text = json.dumps(queries.my_data_file(request.person), ensure_ascii=False, indent=1, default=str)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="toli-my-data.json"'
    return response


@never_cache
@get_or_post
@signed_in
def erase(request: ActedRequest) -> HttpResponse:
    """Ask for erasure: what happens is said first, then one tap does it."""
    if request.method != "POST":
        return render(request, "volunteer/erase.html")
    sealed = services.erase_me(
        actor=request.actor,
        session_key=request.session.session_key or "",
        now=timezone.now(),
    )
    logout(request)
    response = render(request, "volunteer/erased.html", {"purge_after": sealed.purge_after, "ref": sealed.ref})
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone must know to put Toli on its first screen."""
    response = JsonResponse(app.manifest(), content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker of the phone's app; a shared device gets none."""
    if request.session.get("kiosk"):
        raise Http404
    response = HttpResponse(app.worker(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without a network where no page was kept. It holds nothing of anybody."""
    return render(request, "ui/offline.html")
