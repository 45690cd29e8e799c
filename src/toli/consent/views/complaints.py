"""Complaints: from one's own phone in two taps, and the state's desk with its clocks."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts.sessions import limited
from toli.consent import forms, services
from toli.consent import queries as consent
from toli.consent.models import Grievance
from toli.consent.queries import grievances
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@signed_in
def mine(request: ActedRequest) -> HttpResponse:
    """My complaints: who looks at them, until when, and the answer."""
    person = consent.get_self(actor=request.actor)
    context = {"cases": grievances.mine(person, now=timezone.now()), "notice": consent.current_notice()}
    return render(request, "consent/complaints.html", context)


@never_cache
@get_or_post
@signed_in
@limited("report")
def new(request: ActedRequest) -> HttpResponse:
    """Two taps from my day: write, send. `?kind=` chooses what is ticked."""
    person = consent.get_self(actor=request.actor)
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in Grievance.Kind.values else Grievance.Kind.HARASSMENT}
    form = forms.ComplaintForm(
        request.POST if request.method == "POST" else None, around=grievances.around(person), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            found = services.file_grievance(
                actor=request.actor, kind=sent["kind"], words=sent["words"],
                about_ref=UUID(sent["about"]) if sent["about"] else None, now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("It has arrived. Your receipt is %(receipt)s.") % {"receipt": found.receipt})
            return redirect("consent:complaints")
        except BadInput as error:
            add_refusal(form, error)
    return render(request, "consent/complaint_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@signed_in
@limited("report")
def reopen(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.reopen(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Somebody else looks at it again."))
    return redirect("consent:complaints")


@require_POST
@signed_in
def settle(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.settle(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Closed. Thank you."))
    return redirect("consent:complaints")


@never_cache
@require_safe
@signed_in
def desk(request: ActedRequest) -> HttpResponse:
    """Complaints this officer may see, with their clocks; no words and no name on the list."""
    if not access.visible(request.actor, grievances.RIGHT):
        raise NotFound()
    form = forms.ComplaintFilter(request.GET)
    everything = form.is_valid() and form.cleaned_data["show"] == "all"
    page = Paginator(grievances.listed(request.actor, closed=everything), PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    cases = [grievances.case_of(g, now=now, words=False) for g in page.object_list]
    page.object_list = cases  # type: ignore[assignment]
    return render(request, "consent/complaints_desk.html", {"page": page, "filter_form": form})


@never_cache
@require_safe
@signed_in
def case(request: ActedRequest, ref: UUID) -> HttpResponse:
    return _case_page(request, ref, forms.AnswerForm())


def _case_page(request: ActedRequest, ref: UUID, form: forms.AnswerForm) -> HttpResponse:
    found = grievances.read_case(actor=request.actor, ref=ref, now=timezone.now())
    context = {"case": found, "grievance": found.grievance, "form": form}
    return render(request, "consent/complaint.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def acknowledge(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.acknowledge(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The person sees now that somebody looks at it."))
    return redirect("consent:complaint", ref)


@require_POST
@signed_in
def answer(request: ActedRequest, ref: UUID) -> HttpResponse:
    form = forms.AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer(actor=request.actor, ref=ref, words=form.cleaned_data["answer"], now=timezone.now())
            messages.success(request, _("Answered. The person can say that it does not satisfy them."))
            return redirect("consent:complaint", ref)
        except BadInput as error:
            add_refusal(form, error)
    return _case_page(request, ref, form)
