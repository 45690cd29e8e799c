"""How true the numbers of a drive are: estimates, drawings, suspicious groups."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.kit.errors import BadInput, WrongState
from toli.org import access
from toli.people import queries as people
from toli.recruitment import queries, services
from toli.recruitment.forms.truth import ClusterForm, DrawForm
from toli.recruitment.models import Cluster, Drive
from toli.recruitment.views.asking import desk_actor, get_or_post
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50


@require_safe
@signed_in
def truth(request: ActedRequest, key: str) -> HttpResponse:
    """What call-backs say of each unit and each referrer, and the groups that look as if one hand made them."""
    actor = desk_actor(request)
    drive = queries.get_drive_seen(actor=actor, key=key)
    return render(request, "recruitment/truth.html", _shown(request, drive))


def _shown(request: ActedRequest, drive: Drive, form: DrawForm | None = None) -> dict[str, Any]:
    actor = request.actor
    state = request.GET.get("state", "")
    groups = Paginator(queries.clusters(actor, drive, state), PAGE).get_page(request.GET.get("page"))
    units = queries.units_drawn(actor, drive)
    shares = queries.false_shares(drive, [drive.scope, *units])
    mine = access.may(actor, "recruitment.manage", drive.scope)
    return {
        "drive": drive, "page": groups, "rows": [(unit, shares[unit.pk]) for unit in units],
        "whole": shares.get(drive.scope_id) if mine else None, "plans": queries.call_plans(drive),
        "may_draw": mine,
        "links": queries.links_drawn(drive) if mine else [], "waiting": queries.not_drawn_yet(drive) if mine else 0,
        "form": form or DrawForm(levels=queries.levels_below(drive)), "state": state, "states": Cluster.State.choices,
    }  # fmt: skip


@require_POST
@signed_in
def draw(request: ActedRequest, key: str) -> HttpResponse:
    """Draw whom to call back among those who applied since the last time."""
    actor = desk_actor(request)
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    form = DrawForm(request.POST, levels=queries.levels_below(drive))
    if form.is_valid():
        try:
            plan = services.draw_calls(actor=actor, key=key, now=timezone.now(), **form.cleaned_data)
        except BadInput as error:
            add_refusal(form, error)
        except WrongState as error:
            messages.error(request, str(error))
            return redirect("recruitment:truth", key)
        else:
            said = _("%(size)d of %(of)d people are drawn. The seed stands below.")
            messages.success(request, said % {"size": plan.size, "of": plan.population})
            return redirect("recruitment:truth", key)
    return render(request, "recruitment/truth.html", _shown(request, drive, form), status=422)


@get_or_post
@signed_in
def cluster(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One suspicious group: what they share, who is in it, and what was decided."""
    actor = desk_actor(request)
    found = queries.get_cluster(actor=actor, ref=ref)
    may_decide = access.may(actor, "recruitment.manage", found.unit)
    if request.method == "POST":
        queries.get_cluster(actor=actor, ref=ref, right="recruitment.manage")
    form = ClusterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_cluster(actor=actor, ref=ref, now=timezone.now(), **form.cleaned_data)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Written down. The applications stay as they are."))
            return redirect("recruitment:truth", found.drive.key)
    page = Paginator(queries.applications_of(found), PAGE).get_page(request.GET.get("page"))
    names = people.names_and_masks(actor, [one.person_id for one in page], reason="applicants")
    rows = [(one, *names.get(one.person_id, ("", ""))) for one in page]
    shown = {"cluster": found, "rows": rows, "page": page, "form": form, "may_decide": may_decide}
    return render(request, "recruitment/cluster.html", shown, status=422 if form.errors else 200)
