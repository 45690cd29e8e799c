"""The calendar, an election's dates, the rules of law and their switches, and the clock of a constituency."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.elections import queries, services
from toli.elections.forms import DatesForm, SwitchForm, dates_of
from toli.elections.models import Election
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org import queries as org
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@signed_in
@require_GET
def calendar(request: ActedRequest) -> HttpResponse:
    """Months, phases and hours, with what is not confirmed and which rules are switched off."""
    actor, now, past = request.actor, timezone.now(), request.GET.get("past") == "1"
    if not access.may_anywhere(actor, "elections.view"):
        raise NotFound
    context = {
        "calendar": queries.calendar(actor, now=now, past=past), "now": now, "past": past,
        "off": queries.rules_switched_off(now=now),
        "may_import": access.may_anywhere(actor, "elections.import"),
    }  # fmt: skip
    return render(request, "elections/calendar.html", context)


@signed_in
@require_GET
def clock(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The clock of a constituency again, for a page that is open."""
    unit = org.get_unit(actor=request.actor, ref=ref, right="elections.view")
    small = request.GET.get("small") == "1"
    return render(request, "elections/_clock_again.html", {"unit": unit, "now": timezone.now(), "small": small})


@signed_in
@require_GET
def clock_of(request: ActedRequest) -> HttpResponse:
    """The clock of the constituency somebody just chose in a form; nothing where none is chosen."""
    if not access.may_anywhere(request.actor, "elections.view"):
        raise NotFound
    unit = queries.chosen_constituency(request.actor, request.GET.get("constituency", ""))
    if unit is None:
        return HttpResponse("")
    return render(request, "elections/_clock_again.html", {"unit": unit, "now": timezone.now(), "small": True})


@signed_in
@require_GET
def election(request: ActedRequest, ref: UUID) -> HttpResponse:
    return _election_page(request, queries.get_election(actor=request.actor, ref=ref))


def _election_page(request: ActedRequest, found: Election, form: DatesForm | None = None) -> HttpResponse:
    actor = request.actor
    versions = list(found.versions.order_by("-number"))
    proposed = next((version for version in versions if version.state == "proposed"), None)
    context = {
        "election": found, "versions": versions, "proposed": proposed, "now": timezone.now(),
        "may_correct": queries.may_correct(actor, found), "open_form": form is not None,
        "form": form or DatesForm(initial=dates_of(found)),
        "is_mine": proposed is not None and proposed.proposed_by_id == actor.person_id,
    }  # fmt: skip
    return render(request, "elections/election.html", context, status=422 if form is not None else 200)


@signed_in
@require_POST
def change_dates(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = queries.get_election(actor=request.actor, ref=ref, right="elections.correct")
    form = DatesForm(request.POST)
    if not form.is_valid():
        return _election_page(request, found, form)
    try:
        services.propose_dates(
            actor=request.actor, ref=ref, dates=form.dates(), notification=form.cleaned_data["notification"],
            now=timezone.now(),
        )  # fmt: skip
    except BadInput as refusal:
        add_refusal(form, refusal)
        return _election_page(request, found, form)
    messages.success(request, _("The correction waits for a second person. Nothing has changed yet."))
    return redirect("elections:election", ref=ref)


@signed_in
@require_POST
def confirm_dates(request: ActedRequest, ref: UUID) -> HttpResponse:
    version = services.confirm_dates(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The correction is in force. What it replaces is kept below."))
    return redirect("elections:election", ref=version.election.ref)


@signed_in
@require_POST
def refuse_dates(request: ActedRequest, ref: UUID) -> HttpResponse:
    version = services.refuse_dates(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The correction was taken off. The row stays as it was."))
    return redirect("elections:election", ref=version.election.ref)


@signed_in
@require_GET
def rules(request: ActedRequest) -> HttpResponse:
    return _rules_page(request)


def _rules_page(request: ActedRequest, form: SwitchForm | None = None) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    if not access.may_anywhere(actor, "elections.view"):
        raise NotFound
    context = {
        "lines": queries.rule_lines(now=now), "form": form, "now": now, "me": actor.person_id,
        "may_switch": access.may_anywhere(actor, queries.RIGHT_TO_SWITCH),
    }  # fmt: skip
    return render(request, "elections/rules.html", context, status=422 if form is not None else 200)


@signed_in
@require_POST
def switch(request: ActedRequest) -> HttpResponse:
    queries.require_switch(request.actor)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _rules_page(request, form)
    said = form.cleaned_data
    try:
        services.propose_switch(
            actor=request.actor, rule=said["rule"], off=said["off"], reason=said["reason"], now=timezone.now()
        )
    except BadInput as refusal:
        add_refusal(form, refusal)
        return _rules_page(request, form)
    asked, back = _("It waits for a second person. The rule still holds."), _("The rule holds again from now.")
    messages.success(request, asked if said["off"] else back)
    return redirect("elections:rules")


@signed_in
@require_POST
def confirm_switch(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.confirm_switch(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Signed by two. The rule still holds for 72 hours, then it is off."))
    return redirect("elections:rules")


@signed_in
@require_POST
def refuse_switch(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.refuse_switch(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The request was taken off. The rule holds as before."))
    return redirect("elections:rules")
