"""The pairs of a new station list: looked at, decided one by one or many at once, then applied."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from toli.kit.errors import BadInput, WrongState
from toli.org.import_forms import ManyForm, PairFilter, PairForm
from toli.org.importing import renewing
from toli.org.queries import imports as queries
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50


@require_http_methods(["GET", "HEAD"])
@signed_in
def pairs(request: ActedRequest, ref: UUID) -> HttpResponse:
    return _page(request, ref)


def _page(request: ActedRequest, ref: UUID, refused: str = "") -> HttpResponse:
    job = queries.get_import(actor=request.actor, ref=ref)
    form = PairFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {"show": "", "q": ""}
    page = Paginator(queries.pairs(job, show=said["show"], words=said["q"]), PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "job": job, "page": page, "filter_form": form, "tally": renewing.tally(job), "many": ManyForm(),
        "people": dict(queries.peopled_units([p.unit_id for p in rows if p.unit_id and p.line is None])),
        "refused": refused, "open": job.state == "pairing",
    }  # fmt: skip
    return render(request, "org/imports/pairs.html", context, status=422 if refused else 200)


@require_POST
@signed_in
def decide(request: ActedRequest, ref: UUID) -> HttpResponse:
    form = PairForm(request.POST)
    if not form.is_valid():
        return _page(request, ref, _("Please choose what this station is."))
    said = form.cleaned_data
    if said["decision"] == "other" and said["line"] is None:
        return _page(request, ref, _("Please give the line of the other station in the new list."))
    try:
        renewing.decide(
            actor=request.actor, ref=ref, pair_id=said["pair"], decision=said["decision"], rehome_code=said["rehome"],
            other_line=said["line"] if said["decision"] == "other" else None, now=timezone.now(),
        )  # fmt: skip
    except BadInput as refusal:
        return _page(request, ref, " ".join(map(str, refusal.fields.values())) or str(refusal))
    return redirect(_back(request, ref, said["pair"]))


@require_POST
@signed_in
def decide_many(request: ActedRequest, ref: UUID) -> HttpResponse:
    form = ManyForm(request.POST)
    if not form.is_valid():
        return _page(request, ref, _("A confidence is between 1 and 100."))
    said = form.cleaned_data
    number = renewing.decide_many(
        actor=request.actor, ref=ref, act=said["act"], at_least=said["at_least"] or 90, now=timezone.now()
    )
    messages.success(request, _("%(number)d stations were decided.") % {"number": number})
    return redirect(_back(request, ref))


@require_POST
@signed_in
def apply(request: ActedRequest, ref: UUID) -> HttpResponse:
    try:
        done = renewing.apply(actor=request.actor, ref=ref, now=timezone.now())
    except WrongState as refusal:
        return _page(request, ref, str(refusal))
    said = _("%(same)d stations kept their booth, %(new)d are new, %(gone)d are closed.")
    messages.success(request, said % {"same": done.same, "new": done.new, "gone": done.gone})
    return redirect("org:import", ref)


def _back(request: ActedRequest, ref: UUID, pair: int | None = None) -> str:
    """To the same page of the same list, at the row that was decided."""
    asked = request.GET.urlencode()
    return reverse("org:import_pairs", args=[ref]) + (f"?{asked}" if asked else "") + (f"#pair-{pair}" if pair else "")
