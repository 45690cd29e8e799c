"""The placement workbench: places with their cut-offs, runs side by side, signing, "what if"; and appeals."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import read_ref
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.recruitment import queries, services
from toli.recruitment.forms.placement import VoteForm, WhatIfForm
from toli.recruitment.models import Drive, PlacementRun
from toli.recruitment.views.asking import desk_actor, get_or_post
from toli.ui.forms import add_refusal
from toli.ui.keyset import page_of
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50
SIDE_BY_SIDE = 6


@require_safe
@signed_in
def workbench(request: ActedRequest, key: str) -> HttpResponse:
    """The places of a drive with what the chosen run did there; the runs with their sums."""
    drive = queries.get_drive_in_charge(actor=desk_actor(request), key=key)
    return _workbench(request, drive, WhatIfForm())


def _workbench(request: ActedRequest, drive: Drive, form: WhatIfForm) -> HttpResponse:
    runs, real = list(queries.runs(drive)[:SIDE_BY_SIDE]), queries.runs(drive).filter(kind="real").first()
    shown = _chosen(request, "run", runs) or real
    page = page_of(queries.places_of(drive), request.GET, size=PAGE)
    context = {
        "drive": drive, "runs": runs, "run": shown, "page": page, "rows": queries.place_sums(shown, page.rows),
        "form": form, "seed": queries.tie_seed(drive), "real": real, "open_appeals": queries.open_appeals(drive),
        "may_sign": access.may(request.actor, "recruitment.place", drive.scope),
    }  # fmt: skip
    return render(request, "recruitment/placement.html", context, status=422 if form.errors else 200)


def _chosen(request: ActedRequest, name: str, runs: list[PlacementRun]) -> PlacementRun | None:
    """The run that the address names. Raises NotFound for one of another drive."""
    if not (ref := read_ref(request.GET.get(name))):
        return None
    found = next((run for run in runs if run.ref == ref), None)
    if found is None:
        raise NotFound
    return found


@require_POST
@signed_in
def run_new(request: ActedRequest, key: str) -> HttpResponse:
    """Place everybody now, for real; nothing holds before two have signed."""
    run = services.run_placement(actor=desk_actor(request), key=key, kind="real", now=timezone.now())
    messages.success(request, _("Computed and checked. It holds when two persons have signed it."))
    return redirect("recruitment:run", run.ref)


@require_POST
@signed_in
def what_if(request: ActedRequest, key: str) -> HttpResponse:
    """Place everybody as if the places were different; nothing else changes."""
    actor = desk_actor(request)
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    form = WhatIfForm(request.POST)
    if not form.is_valid():
        return _workbench(request, drive, form)
    run = services.run_placement(actor=actor, key=key, kind="what_if", changes=form.changes(), now=timezone.now())
    return redirect("recruitment:run", run.ref)


@require_safe
@signed_in
def run(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One run; `?beside=` compares it with another: who moves."""
    found = queries.get_run(actor=desk_actor(request), ref=ref, right="recruitment.manage")
    others = [one for one in queries.runs(found.drive)[: 4 * SIDE_BY_SIDE] if one.pk != found.pk]
    beside = _chosen(request, "beside", others)
    page = _page_number(request)
    movers = queries.movers(beside, found, page=page, size=PAGE) if beside else []
    context = {
        "run": found, "drive": found.drive, "others": others, "beside": beside, "movers": movers, "number": page,
        "moves": queries.moves(beside, found) if beside else None, "more": len(movers) == PAGE,
        "may_sign": access.may(request.actor, "recruitment.place", found.drive.scope),
        "signed_by_me": found.signed_a_id == request.actor.person_id,
    }  # fmt: skip
    return render(request, "recruitment/run.html", context)


def _page_number(request: ActedRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, min(int(text), 100_000)) if text.isascii() and text.isdigit() else 1


@require_POST
@signed_in
def run_sign(request: ActedRequest, ref: UUID) -> HttpResponse:
    signed = services.sign_run(actor=desk_actor(request), ref=ref, now=timezone.now())
    if signed.state == PlacementRun.State.SIGNED:
        messages.success(request, _("Signed by two: the placement holds now, and everybody can read why."))
    else:
        messages.success(request, _("Signed. A second person must sign too."))
    return redirect("recruitment:run", ref)


@require_POST
@signed_in
def run_check(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.check_again(actor=desk_actor(request), ref=ref)
    messages.success(request, _("Computed again from the frozen inputs: it comes out the same."))
    return redirect("recruitment:run", ref)


@require_safe
@signed_in
def appeals(request: ActedRequest, key: str) -> HttpResponse:
    """The appeals of a drive, those that wait first."""
    actor = desk_actor(request)
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    access.require(actor, "recruitment.place", drive.scope)
    page = Paginator(queries.appeals_in_charge(actor, drive), PAGE).get_page(request.GET.get("page"))
    return render(request, "recruitment/appeals.html", {"drive": drive, "page": page})


@get_or_post
@signed_in
def appeal(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One appeal: its words, the score, and what one thinks of it."""
    actor = desk_actor(request)
    found = queries.get_appeal(actor=actor, ref=ref)
    form = VoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decided = services.vote_on_appeal(actor=actor, ref=ref, now=timezone.now(), **form.vote())
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, _("Kept.") if decided.state == "open" else _("Decided. The applicant can read it.")
            )
            return redirect("recruitment:appeal", ref)
    context = {
        "appeal": found, "drive": found.run.drive, "form": form, "votes": found.votes.order_by("at"),
        "cards": queries.marks_of(found.application),
    }  # fmt: skip
    return render(request, "recruitment/appeal.html", context, status=422 if form.errors else 200)
