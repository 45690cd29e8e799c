"""The desk's pages of releases and streams."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toli.broadcasts import forms, queries, rules, services, share
from toli.broadcasts.models import Release
from toli.content import queries as content
from toli.content.models import Item, Sheet
from toli.kit import language
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org import queries as org
from toli.ui.pages import ActedRequest, signed_in

get_or_post = require_http_methods(["GET", "POST"])


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@require_GET
@signed_in
def desk(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    if not access.may_anywhere(actor, "content.view"):
        raise NotFound()
    rows = queries.stream_rows(actor, language=language.current())
    silent = [unit for unit, row in rows if row and row.silent_until]
    context = {
        "releases": Paginator(queries.releases(actor), 30).get_page(request.GET.get("page")),
        "streams": Paginator(rows, 60).get_page(request.GET.get("streams")),
        "build": queries.last_build(),
        "silent": len(silent),
        "now": timezone.now(),
    }
    return render(request, "broadcasts/desk.html", context)


@require_GET
@signed_in
def stream(request: ActedRequest, ref: UUID) -> HttpResponse:
    """What one constituency's phones show now, as the desk reads it."""
    actor, now = request.actor, timezone.now()
    unit = org.get_unit(actor=actor, ref=ref, right="content.view")
    tier = "leaders" if request.GET.get("tier") == "leaders" else "workers"
    shown = queries.shown_now(actor, unit, tier=tier, language=language.current(), now=now)
    items = [share.line(told) for told in shown["items"]] if shown else []
    context = {"unit": unit, "tier": tier, "shown": shown, "items": items, "silent_until": share.silent_until(shown)}
    return render(request, "broadcasts/stream.html", context)


def _thing(actor: Actor, kind: str, ref: UUID, right: str) -> Item | Sheet:
    if kind == "item":
        return content.get_item(actor=actor, ref=ref, right=right)
    if kind == "sheet":
        return content.get_sheet(actor=actor, ref=ref, right=right)
    raise Http404


@get_or_post
@signed_in
def new(request: ActedRequest, kind: str, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    thing = _thing(actor, kind, ref, "broadcasts.release")
    units = queries.choices_of_scope(actor)
    form = forms.ReleaseForm(_posted(request), units=units, initial=forms.first_values(units, now))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_release(actor=actor, thing=thing, plan=form.plan(), now=now)
        except BadInput as error:
            form.add_errors(error)
        else:
            messages.success(request, _("Planned. Another person has to approve where and when it goes."))
            return redirect("broadcasts:release", made.ref)
    return render(request, "broadcasts/release_form.html", {"form": form, "thing": thing}, status=_status(form))


@get_or_post
@signed_in
def change(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_release(actor=actor, ref=ref, right="broadcasts.release")
    values = forms.values_of(found, queries.units_named(found.scope))
    form = forms.ReleaseForm(_posted(request), units=queries.choices_of_scope(actor), initial=values)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_release(actor=actor, ref=ref, plan=form.plan(), now=timezone.now())
        except BadInput as error:
            form.add_errors(error)
        else:
            messages.success(request, _("Changed. It needs another person's approval again."))
            return redirect("broadcasts:release", ref)
    return render(request, "broadcasts/release_form.html", {"form": form, "release": found}, status=_status(form))


def _status(form: forms.ReleaseForm) -> int:
    return 422 if form.is_bound and form.errors else 200


@require_GET
@signed_in
def release(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_release(actor=actor, ref=ref)
    if queries.is_broadcast(found):
        return redirect("broadcasts:broadcast", found.broadcast.ref)
    items = [found.item] if found.item else content.items_of_sheet(found.sheet) if found.sheet else []
    ids, week_ago = [one.pk for one in items], local_day(timezone.now()) - timedelta(days=7)
    may = access.may(actor, "broadcasts.release", found.unit)
    context = {
        "release": found,
        "units": queries.units_named(found.scope),
        "items": items[:200],
        "reach": share.best(queries.reach_of(ids, since=week_ago)),
        "visits": queries.visits_of(ids, since=week_ago),
        "posted": max(queries.posted_in(actor, ids).values(), default=0),
        "ways": [rules.CHANNELS[key] for key in found.channels if key in rules.CHANNELS],
        "own": found.made_by_id == actor.person_id,
        "may_approve": may and found.state == Release.State.SUBMITTED and found.made_by_id != actor.person_id,
        "may_change": may and found.state != Release.State.WITHDRAWN,
        "may_stop": access.may(actor, "content.write", found.unit) and found.state != Release.State.WITHDRAWN,
        "now": timezone.now(),
    }
    return render(request, "broadcasts/release.html", context)


@require_POST
@signed_in
def approve(request: ActedRequest, ref: UUID) -> HttpResponse:
    seen = request.POST.get("seen", "")
    services.approve_release(actor=request.actor, ref=ref, seen_hash=seen, now=timezone.now())
    messages.success(request, _("Approved. It goes out as soon as its text is approved too and the law allows it."))
    return redirect("broadcasts:release", ref)


@require_POST
@signed_in
def withdraw(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.withdraw_release(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Stopped. It leaves every phone at its next question."))
    return redirect("broadcasts:release", ref)
