"""The desk's pages of broadcasts: to whom, how many, when it is done, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toli.broadcasts import broadcast_forms as forms
from toli.broadcasts import queries, services
from toli.broadcasts.models import Audience, Broadcast
from toli.broadcasts.words import reason_words
from toli.content import queries as content
from toli.content.models import Item
from toli.delivery.limits import quiet_ends
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@require_GET
@signed_in
def listed(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    if not access.may_anywhere(actor, "content.view"):
        raise NotFound()
    page = Paginator(queries.broadcasts(actor), 30).get_page(request.GET.get("page"))
    rows = list(zip(page, queries.progress_of(list(page)), strict=True))
    context = {"page": page, "rows": rows, "audiences": queries.audiences(actor)}
    return render(request, "broadcasts/broadcast_list.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Choose people and ways; "count" shows how many, when and at what cost, "plan" asks another person to approve."""
    actor, now = request.actor, timezone.now()
    item = content.get_item(actor=actor, ref=ref, right="broadcasts.release")
    form = _form(request, actor, now)
    context: dict[str, Any] = {"form": form, "item": item, "audiences": queries.audiences(actor)}
    if request.method == "POST" and form.is_valid():
        context |= _count(actor, item, form, now)
        if request.POST.get("act") == "plan":
            try:
                return redirect("broadcasts:broadcast", _plan(actor, item, form, now).ref)
            except BadInput as error:
                add_refusal(form, error)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "broadcasts/broadcast_form.html", context, status=status)


def _form(request: ActedRequest, actor: Actor, now: datetime) -> forms.BroadcastForm:
    units = queries.scope_choices(actor)
    saved = _saved(actor, request.GET.get("audience", ""))
    return forms.BroadcastForm(
        request.POST if request.method == "POST" else None, units=units, wings=queries.wing_choices(),
        roles=queries.role_choices(), trained=queries.trained_choices(),
        initial=forms.first_values(units, saved, now),
    )  # fmt: skip


def _saved(actor: Actor, ref: str) -> Audience | None:
    try:
        return queries.audiences(actor).filter(ref=UUID(ref)).first() if ref else None
    except ValueError:
        return None


def _count(actor: Actor, item: Item, form: forms.BroadcastForm, now: datetime) -> dict[str, Any]:
    wanted = form.wanted()
    queries.scope_units(actor, wanted.scope)
    reach = queries.count_audience(
        wanted=wanted, channels=form.ways, purpose=queries.purpose_of(item.matter), now=now
    )  # fmt: skip
    starts = max(form.cleaned_data["starts_at"], now)
    longest = max(item.texts_by_language.values(), key=len, default="")
    lines = queries.forecast(reach, text=f"{longest} {item.link}", starts_at=starts)
    return {
        "reach": reach, "lines": [(forms.CHANNEL_NAMES[line.channel], line) for line in lines],
        "late": any(line.finish_at > form.cleaned_data["ends_at"] for line in lines),
    }  # fmt: skip


def _plan(actor: Actor, item: Item, form: forms.BroadcastForm, now: datetime) -> Broadcast:
    found, wanted = form.cleaned_data, form.wanted()
    made = services.plan_broadcast(
        actor=actor, item=item, wanted=wanted, channels=form.ways, starts_at=found["starts_at"],
        ends_at=found["ends_at"], key=found["key"], now=now,
    )  # fmt: skip
    if found["save_as"]:
        services.save_audience(actor=actor, unit=item.unit, name=found["save_as"], wanted=wanted, now=now)
    return made


@require_GET
@signed_in
def broadcast(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_broadcast(actor=actor, ref=ref)
    release, state = found.release, found.state
    may = access.may(actor, "broadcasts.release", release.unit)
    own = release.made_by_id == actor.person_id
    context = {
        "broadcast": found, "release": release, "progress": queries.progress_of([found])[0],
        "units": queries.units_named(release.scope),
        "ways": [(forms.CHANNEL_NAMES[row["channel"]], row) for row in queries.ways_of(found)],
        "channels": [forms.CHANNEL_NAMES[channel] for channel in release.channels],
        "reasons": [(reason_words(row["reason"]), row["n"]) for row in queries.reasons_of(found)],
        "quiet": quiet_ends(timezone.now()) if state == "sending" else None,
        "own": own, "may_approve": may and not own and release.state == release.State.SUBMITTED,
        "may_stop": access.may(actor, "content.write", release.unit) and state not in ("done", "cancelled"),
        "may_pause": access.may(actor, "content.write", release.unit) and state == "sending",
        "may_resume": may and state == "paused",
    }  # fmt: skip
    return render(request, "broadcasts/broadcast_page.html", context)


@require_POST
@signed_in
def pause(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.pause_broadcast(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Paused. Whoever has not got it waits."))
    return redirect("broadcasts:broadcast", ref)


@require_POST
@signed_in
def resume(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.resume_broadcast(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("It goes on."))
    return redirect("broadcasts:broadcast", ref)


@require_POST
@signed_in
def cancel(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.cancel_broadcast(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Cancelled. Nobody gets it any more."))
    return redirect("broadcasts:broadcast", ref)
