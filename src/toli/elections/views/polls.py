"""The desk of polls: clocks, versions, corrections, and schedules brought in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toli.accounts.sessions import limited
from toli.elections import importing, queries, services
from toli.elections.forms import CorrectionForm, RepollForm, ScheduleForm, initial_of
from toli.elections.models import Poll
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org import queries as org
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@signed_in
@require_GET
def polls(request: ActedRequest) -> HttpResponse:
    """Every poll in my charge with the next thing the law does there."""
    actor, now, past = request.actor, timezone.now(), request.GET.get("past") == "1"
    if not access.may_anywhere(actor, "elections.view"):
        raise NotFound
    context = {
        "lines": queries.poll_lines(actor, now=now, past=past), "exits": queries.exit_windows(now=now), "now": now,
        "past": past, "may_import": access.may_anywhere(actor, "elections.import"),
    }  # fmt: skip
    return render(request, "elections/polls.html", context)


@signed_in
@require_GET
def poll(request: ActedRequest, ref: UUID) -> HttpResponse:
    return _poll_page(request, queries.get_poll(actor=request.actor, ref=ref))


def _poll_page(
    request: ActedRequest, found: Poll, form: CorrectionForm | None = None, repoll: RepollForm | None = None
) -> HttpResponse:
    actor, now, live = request.actor, timezone.now(), queries.live_version(found)
    versions = queries.versions_of(found)
    proposed = next((version for version in versions if version.state == "proposed"), None)
    may = access.may(actor, "elections.correct", found.constituency)
    context = {
        "poll": found, "live": live, "versions": versions, "proposed": proposed, "now": now, "may_correct": may,
        "clocks": queries.clocks_of(live, now=now), "repoll": repoll or RepollForm(), "open_repoll": repoll is not None,
        "form": form or CorrectionForm(initial=initial_of(live)),
        "may_open": access.may(actor, "org.shape", found.constituency) and not org.has_norm_until(found.ref)
        and found.closed_at is None,
        "is_mine": proposed is not None and proposed.proposed_by_id == actor.person_id,
        "open_form": form is not None,
    }  # fmt: skip
    return render(request, "elections/poll.html", context, status=422 if form or repoll else 200)


@signed_in
@require_POST
def poll_again(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = queries.get_poll(actor=request.actor, ref=ref, right="elections.correct")
    form = RepollForm(request.POST)
    if not form.is_valid():
        return _poll_page(request, found, repoll=form)
    try:
        again = services.add_repoll(
            actor=request.actor, poll_ref=ref, hours=form.hours(), notification=form.cleaned_data["notification"],
            now=timezone.now(),
        )  # fmt: skip
    except BadInput as refusal:
        add_refusal(form, refusal)
        return _poll_page(request, found, repoll=form)
    messages.success(request, _("The second poll is in force with its own silence."))
    return redirect("elections:poll", ref=again.ref)


@signed_in
@require_POST
def open_team(request: ActedRequest, ref: UUID) -> HttpResponse:
    opened = services.open_poll_team(actor=request.actor, poll_ref=ref, now=timezone.now())
    said = _("The team is open: its seats wait for people.") if opened else _("The team is open already.")
    messages.success(request, said)
    return redirect("elections:poll", ref=ref)


@signed_in
@require_POST
def correct(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = queries.get_poll(actor=request.actor, ref=ref, right="elections.correct")
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _poll_page(request, found, form)
    try:
        services.propose_correction(
            actor=request.actor, poll_ref=ref, hours=form.hours(), notification=form.cleaned_data["notification"],
            note=form.cleaned_data["note"], now=timezone.now(),
        )  # fmt: skip
    except BadInput as refusal:
        add_refusal(form, refusal)
        return _poll_page(request, found, form)
    messages.success(request, _("The correction waits for a second person. Nothing has changed yet."))
    return redirect("elections:poll", ref=ref)


@signed_in
@require_POST
def confirm(request: ActedRequest, ref: UUID) -> HttpResponse:
    version = services.confirm_correction(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The correction is in force. What it replaces is kept below."))
    return redirect("elections:poll", ref=version.poll.ref)


@signed_in
@require_POST
def refuse(request: ActedRequest, ref: UUID) -> HttpResponse:
    version = services.refuse_correction(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The correction was taken off. The row stays as it was."))
    return redirect("elections:poll", ref=version.poll.ref)


@signed_in
@require_http_methods(["GET", "POST"])
@limited("upload")
def bring_in(request: ActedRequest) -> HttpResponse:
    """Show what a schedule file means, and bring it in when asked to."""
    actor = request.actor
    if not access.may_anywhere(actor, "elections.import"):
        raise NotFound
    if request.method == "POST":
        access.require_second_factor(actor, "elections.import")
    form = ScheduleForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "elections/import.html", {"form": form}, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    loaded = importing.load_bytes(said["file"], defaults={n: said[n] for n in ("election", "source") if said[n]})
    result = None
    if said["write"]:
        result = services.import_schedule(actor=actor, plan=loaded.plan, exits=loaded.exits, now=timezone.now())
    return render(request, "elections/import.html", {"form": form, "loaded": loaded, "result": result})
