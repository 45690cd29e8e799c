"""Rosters, hand-over notes and flags of a unit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.kit import dates
from toli.kit.actor import Actor
from toli.kit.errors import BadInput
from toli.org import access
from toli.org import queries as org
from toli.org.models import Unit
from toli.people import queries as people
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in
from toli.warroom import forms, queries, rules, services
from toli.warroom.models import Shift
from toli.warroom.views.place import crumbs, unit_or_top


@signed_in
@require_GET
def shifts(request: ActedRequest, ref: UUID | None = None) -> HttpResponse:
    """A unit's next 24 hours: who, when, and where nobody is."""
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    return _shifts_page(request, actor, unit, now)


def _name(shift: Shift, names: dict[int, str]) -> str:
    """The given name with the seat's number: two people called Sunita are told apart without a surname."""
    number = getattr(shift, "seat_number", None)
    return f"{names.get(shift.person_id, '–')}{f' ({number})' if number else ''}"


def _shifts_page(
    request: ActedRequest, actor: Actor, unit: Unit, now: datetime, status: int = 200, **open_forms: object
) -> HttpResponse:
    rows = list(queries.roster(unit=unit, start=now, end=now + timedelta(hours=24)))
    names = people.given_names(shift.person_id for shift in rows)
    teams = queries.teams_of(unit)
    own = queries.own_teams(actor, unit)
    values = {
        "unit": unit, "above": crumbs(actor, unit), "now": now, "teams": teams,
        "watches": rules.watches_of([(shift, _name(shift, names)) for shift in rows], now=now),
        "on_duty": [_name(shift, names) for shift in rows if shift.starts_at <= now],
        "gaps": rules.gaps([(s.starts_at, s.ends_at) for s in rows], start=now, end=now + timedelta(hours=24)),
        "notes": queries.hand_overs([unit])[unit.pk], "flags": queries.open_flags(within=[unit.path])[:20],
        "places": queries.units_with_shifts(actor, now=now), "other_places": queries.units_with_teams(actor),
        "may_make": access.may(actor, "warroom.shifts", unit), "may_close": access.may(actor, "warroom.shifts", unit),
        "may_own": access.may(actor, "warroom.own_shift", unit),
        "own_person": actor.person_id,
        "roster_form": forms.RosterForm(teams=teams, initial={"day": dates.local_day(now)}),
        "shift_form": forms.ShiftForm(teams=own) if own else None,
        "note_form": forms.HandOverForm(), "flag_form": forms.FlagForm(),
        **open_forms,
    }  # fmt: skip
    return render(request, "warroom/shifts.html", values, status=status)


@signed_in
@require_POST
def make_roster(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    unit = org.get_unit(actor=actor, ref=ref, right="warroom.shifts")
    form = forms.RosterForm(request.POST, teams=queries.teams_of(unit))
    if form.is_valid():
        try:
            made = services.make_roster(
                actor=actor, unit_ref=ref, team_kind_key=form.cleaned_data["team_kind"], start=form.start(),
                watches=form.cleaned_data["watches"], now=now,
            )  # fmt: skip
            messages.success(request, _("%(count)s shifts set. Who had one already keeps it.") % {"count": len(made)})
            return redirect("warroom:shifts_of", ref)
        except BadInput as error:
            add_refusal(form, error)
    return _shifts_page(request, actor, unit, now, 422, roster_form=form)


@signed_in
@require_POST
def take_shift(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    unit = org.get_unit(actor=actor, ref=ref, right="warroom.own_shift")
    own = queries.own_teams(actor, unit)
    rules.check_member(bool(own))
    form = forms.ShiftForm(request.POST, teams=own)
    if form.is_valid():
        starts_at, ends_at = form.span(now)
        services.take_shift(
            actor=actor, unit_ref=ref, team_kind_key=form.cleaned_data["team_kind"], starts_at=starts_at,
            ends_at=ends_at, now=now,
        )  # fmt: skip
        messages.success(request, _("You are on the roster."))
        return redirect("warroom:shifts_of", ref)
    return _shifts_page(request, actor, unit, now, 422, shift_form=form)


@signed_in
@require_POST
def drop_shift(request: ActedRequest, ref: UUID) -> HttpResponse:
    shift = services.drop_shift(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The shift was given back. The gap is shown until somebody takes it."))
    return redirect("warroom:shifts_of", shift.unit.ref)


@signed_in
@require_POST
def hand_over(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    unit = org.get_unit(actor=actor, ref=ref, right="warroom.own_shift")
    form = forms.HandOverForm(request.POST)
    if form.is_valid():
        services.hand_over(actor=actor, unit_ref=ref, text=form.cleaned_data["text"], now=now)
        messages.success(request, _("The note stands for the next shift."))
        return redirect("warroom:shifts_of", ref)
    return _shifts_page(request, actor, unit, now, 422, note_form=form)


@signed_in
@require_POST
def raise_flag(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    unit = org.get_unit(actor=actor, ref=ref, right="warroom.own_shift")
    form = forms.FlagForm(request.POST)
    if form.is_valid():
        services.raise_flag(actor=actor, unit_ref=ref, now=now, **form.cleaned_data)
        messages.success(request, _("Raised. It stays on every board above until somebody closes it."))
        return redirect("warroom:shifts_of", ref)
    return _shifts_page(request, actor, unit, now, 422, flag_form=form)


@signed_in
@require_POST
def close_flag(request: ActedRequest, ref: UUID) -> HttpResponse:
    flag = services.close_flag(actor=request.actor, ref=ref, outcome=request.POST.get("text", ""), now=timezone.now())
    messages.success(request, _("Closed."))
    return redirect(reverse("warroom:shifts_of", args=[flag.unit.ref]))
