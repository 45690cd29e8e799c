"""The desk's slot planner: rounds, panels, slots, who still waits, and how far scorers agree."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import is_asking, limited, read_ref
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org import queries as org
from toli.people import queries as people
from toli.recruitment import queries, services
from toli.recruitment.forms import PanelForm, PanelsForm, RoundForm, SlotsForm
from toli.recruitment.models import Panel, Round
from toli.recruitment.views.asking import get_or_post
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50


def planner_actor(request: ActedRequest) -> Actor:
    """Raises NotFound for whoever sets up no interviews."""
    if not access.may_anywhere(request.actor, queries.INTERVIEW):
        raise NotFound
    return request.actor


@require_safe
@signed_in
def rounds(request: ActedRequest) -> HttpResponse:
    """The rounds that reach into my charge, with how far each has come."""
    actor = planner_actor(request)
    found = list(queries.rounds_of(actor).select_related("drive__reading")[:20])
    progress = queries.progress_of(actor, found)
    rows = [(of, progress.get(of.pk, {})) for of in found]
    return render(request, "recruitment/rounds.html", {"rows": rows, "drives": queries.drives_to_interview(actor)})


@get_or_post
@signed_in
def round_new(request: ActedRequest, key: str) -> HttpResponse:
    """One more round of a drive."""
    drive = queries.get_drive_in_charge(actor=planner_actor(request), key=key)
    today = local_day(timezone.now())
    form = RoundForm(request.POST or None, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_round(actor=request.actor, drive_key=key, now=timezone.now(), **form.round())
            messages.success(request, _("The round is there. Now set up panels."))
            return redirect("recruitment:round", made.ref)
        except BadInput as error:
            add_refusal(form, error)
    shown = {"form": form, "drive": drive}
    return render(request, "recruitment/round_new.html", shown, status=422 if form.errors else 200)


@require_safe
@signed_in
def plan(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One round: load and waiting time of each panel, progress, gaps, and the next act; while times are given out, that
    part asks again by itself.
    """
    of = queries.get_round(actor=planner_actor(request), ref=ref)
    if request.headers.get("HX-Request") == "true":
        giving = queries.last_plan(request.actor, of)
        return render(request, "recruitment/_giving.html", {"of": of, "giving": giving, "is_sample": _is_sample(of)})
    return _plan_page(request, of, SlotsForm(initial={"first": of.starts_on, "last": of.ends_on}))


def _is_sample(of: Round) -> bool:
    return of.kind == Round.Kind.WORK_SAMPLE


def _plan_page(request: ActedRequest, of: Round, form: SlotsForm, status: int = 200) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    panels = queries.panels_in_charge(actor).filter(round=of).order_by("unit__path", "number")
    page = Paginator(panels, PAGE).get_page(request.GET.get("page"))
    loads = queries.loads_of([panel.pk for panel in page], now=now)
    progress = queries.progress_of(actor, [of]).get(of.pk, {})
    booked = progress.get("proposed", 0) + progress.get("confirmed", 0)
    shown = {
        "of": of, "form": form, "page": page, "rows": [(panel, loads[panel.pk]) for panel in page],
        "progress": progress, "booked": booked, "gaps": queries.gaps_of(actor, of),
        "runs": of.drive in queries.drives_to_interview(actor), "is_sample": _is_sample(of),
        "giving": queries.last_plan(actor, of), "reading": queries.reading_of(of.drive),
    }  # fmt: skip
    return render(request, "recruitment/round.html", shown, status=status)


@require_POST
@signed_in
def make_slots(request: ActedRequest, ref: UUID) -> HttpResponse:
    of = queries.get_round(actor=planner_actor(request), ref=ref)
    form = SlotsForm(request.POST)
    if form.is_valid():
        try:
            made = services.make_slots(actor=request.actor, round_ref=ref, now=timezone.now(), **form.days())
            messages.success(request, _("%(count)d new times were opened.") % {"count": made})
            return redirect("recruitment:round", ref)
        except BadInput as error:
            add_refusal(form, error)
    return _plan_page(request, of, form, status=422)


@require_POST
@signed_in
def assign(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.ask_for_times(actor=planner_actor(request), round_ref=ref, now=timezone.now())
    messages.success(request, _("The times are being given out. You may leave this page; it goes on."))
    return redirect("recruitment:round", ref)


@get_or_post
@signed_in
def panels_new(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Panels in every unit of a level, in one go."""
    actor = planner_actor(request)
    of = queries.get_round(actor=actor, ref=ref)
    form = PanelsForm(request.POST or None, levels=queries.panel_levels(actor, of))
    if request.method == "POST" and form.is_valid():
        try:
            made = _add_panels(actor, of, form)
            messages.success(request, _("%(count)d panels are set up. Now put people on them.") % {"count": len(made)})
            return redirect("recruitment:round", ref)
        except BadInput as error:
            add_refusal(form, error)
    return render(request, "recruitment/panels_new.html", {"form": form, "of": of}, status=422 if form.errors else 200)


def _add_panels(actor: Actor, of: Round, form: PanelsForm) -> list[Panel]:
    units = list(queries.panel_units(actor, of).filter(level__key=form.cleaned_data["level"]))
    each = form.cleaned_data["each"]
    return services.add_panels(actor=actor, round_ref=of.ref, units=units, each=each, **form.panel())


@get_or_post
@limited("search", when=is_asking("q"))
@signed_in
def panel(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One panel: who sits on it, its days, its hours."""
    found = queries.get_panel(actor=planner_actor(request), ref=ref)
    form = PanelForm(request.POST or None, initial=PanelForm.shown(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_panel(actor=request.actor, ref=ref, **form.panel())
            messages.success(request, _("Changed. Times that exist already stay as they are."))
            return redirect("recruitment:panel", ref)
        except BadInput as error:
            add_refusal(form, error)
    return _panel_page(request, found, form)


def _panel_page(request: ActedRequest, found: Panel, form: PanelForm) -> HttpResponse:
    actor, words = request.actor, request.GET.get("q", "").strip()[:80]
    members = queries.members_of(found)
    candidates = queries.people_for_panel(actor, found, words)
    ids = [member.person_id for member in members] + [person.pk for person in candidates]
    names = people.names_and_masks(actor, ids, reason="list")
    shown = {
        "panel": found, "form": form, "words": words, "days": queries.panel_days(found, now=timezone.now()),
        "members": [(member.person, names.get(member.person_id, ("", ""))[0]) for member in members],
        "candidates": [(person, *names.get(person.pk, ("", "")), org.home_unit_of(person)) for person in candidates],
    }  # fmt: skip
    return render(request, "recruitment/panel.html", shown, status=422 if form.errors else 200)


@require_POST
@signed_in
def join(request: ActedRequest, ref: UUID) -> HttpResponse:
    person = _person(request)
    services.add_member(actor=planner_actor(request), panel_ref=ref, person_ref=person, now=timezone.now())
    messages.success(request, _("On the panel now. They find its interviews under “My interviews”."))
    return redirect("recruitment:panel", ref)


@require_POST
@signed_in
def leave(request: ActedRequest, ref: UUID) -> HttpResponse:
    person = _person(request)
    services.remove_member(actor=planner_actor(request), panel_ref=ref, person_ref=person, now=timezone.now())
    messages.success(request, _("Taken off the panel. They see none of its interviews any more."))
    return redirect("recruitment:panel", ref)


def _person(request: ActedRequest) -> UUID:
    found = read_ref(request.POST.get("person"))
    if found is None:
        raise NotFound
    return found


@require_safe
@signed_in
def scores(request: ActedRequest, ref: UUID) -> HttpResponse:
    """How far scorers agree, and what is taken off or added for whom: for who runs the drive."""
    of = queries.get_round_in_charge(actor=planner_actor(request), ref=ref)
    page = Paginator(queries.agreements(of), PAGE).get_page(request.GET.get("page"))
    corrections = Paginator(queries.corrections_of(of), PAGE).get_page(request.GET.get("scorers"))
    names = people.given_names([row.scorer_id for row in corrections])
    shown = {
        "of": of, "page": page, "scorers": corrections, "reading": queries.reading_of(of.drive),
        "corrections": [(row, names.get(row.scorer_id, ""), row.raw_mean - row.offset) for row in corrections],
    }  # fmt: skip
    return render(request, "recruitment/scores.html", shown)


@require_POST
@signed_in
def settle(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = services.settle_scores(actor=planner_actor(request), round_ref=ref, now=timezone.now())
    messages.success(request, _("%(candidates)d applicants have a score in this round now.") % found)
    return redirect("recruitment:scores", ref)
