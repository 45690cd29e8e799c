"""Cases of leaked data on the desk: the clocks of the law, whom it touched, the texts, and closing by two persons."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.consent import forms, reports, services
from toli.consent import queries as consent
from toli.consent.models import Breach
from toli.consent.queries import breaches
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

REF = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@require_safe
@signed_in
def cases(request: ActedRequest) -> HttpResponse:
    now = timezone.now()
    rows = [(case, breaches.terms_of(case, now=now)) for case in breaches.breaches(request.actor)[:100]]
    return render(request, "consent/breaches.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: ActedRequest) -> HttpResponse:
    access.require_second_factor(request.actor, breaches.RIGHT)
    breaches.breaches(request.actor)
    form = forms.BreachForm(
        request.POST if request.method == "POST" else None, initial={"noticed_at": timezone.localtime()}
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            found = services.open_breach(
                actor=request.actor, texts=form.texts, data_kinds=sent["data_kinds"], noticed_at=sent["noticed_at"],
                began_at=sent["began_at"], now=timezone.now(),
            )  # fmt: skip
            return redirect("consent:breach", found.ref)
        except BadInput as error:
            add_refusal(form, error)
    return render(request, "consent/breach_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
@signed_in
def case(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = breaches.get_breach(actor=request.actor, ref=ref)
    return _case_page(request, found, forms.BreachPersonsForm())


def _case_page(request: ActedRequest, found: Breach, form: forms.BreachPersonsForm) -> HttpResponse:
    now = timezone.now()
    context = {
        "breach": found, "terms": breaches.terms_of(found, now=now), "form": form, "kinds": reports.kinds_of(found),
        "person_texts": reports.person_texts(found, consent.current_notice()), "now": now,
        "board_texts": reports.board_texts(found, consent.current_notice()),
        "is_proposer": found.closing_by_id == request.actor.person_id,
    }  # fmt: skip
    return render(request, "consent/breach.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def persons(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = breaches.get_breach(actor=request.actor, ref=ref)
    form = forms.BreachPersonsForm(request.POST)
    if not form.is_valid():
        return _case_page(request, found, form)
    sent = form.cleaned_data
    named = REF.search(sent["address"])
    target = UUID(named[0]) if named else None
    try:
        added = services.add_persons(
            actor=request.actor, ref=ref, now=timezone.now(), everybody=sent["how"] == "everybody",
            unit_ref=target if sent["how"] == "unit" else None, reader_ref=target if sent["how"] == "reader" else None,
            since=sent["since"], until=sent["until"],
        )  # fmt: skip
    except BadInput as error:
        add_refusal(form, error)
        return _case_page(request, found, form)
    messages.success(request, ngettext("%(n)s person added.", "%(n)s persons added.", added) % {"n": added})
    return redirect("consent:breach", ref)


@require_POST
@signed_in
def tell(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.tell_persons(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("It stands on each person's page now, and the SMS are on their way."))
    return redirect("consent:breach", ref)


@require_POST
@signed_in
def board(request: ActedRequest, ref: UUID) -> HttpResponse:
    full = request.POST.get("full") == "1"
    services.note_board_told(actor=request.actor, ref=ref, full=full, now=timezone.now())
    messages.success(request, _("Noted with the time."))
    return redirect("consent:breach", ref)


@require_POST
@signed_in
def close(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.propose_closing(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Proposed. A second person confirms it."))
    return redirect("consent:breach", ref)


@require_POST
@signed_in
def confirm(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.confirm_closing(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The case is closed."))
    return redirect("consent:breach", ref)


@never_cache
@require_safe
@signed_in
def report(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The Board's report in Hindi and English as a plain text file."""
    found = breaches.get_breach(actor=request.actor, ref=ref)
    texts = reports.board_texts(found, consent.current_notice())
    if not texts:
        raise NotFound()
    response = HttpResponse("\n\n".join(texts.values()), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="report-{ref}.txt"'
    return response
