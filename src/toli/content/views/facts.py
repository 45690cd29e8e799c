"""Pages of the registry of facts and of the cards drawn from them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.accounts.sessions import limited
from toli.content import facts as reading
from toli.content import forms, queries, services
from toli.content.models import CardRun, Fact
from toli.content.views.items import ON_A_PAGE, get_or_post, posted, require_right, status_of
from toli.kit import dates
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, LimitReached
from toli.org import access
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

REASONS_SHOWN = 200
FACTS_TO_CHOOSE = 200


@require_GET
@signed_in
def facts(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.view")
    form = forms.FactFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.facts(actor, kind=chosen.get("kind", ""), words=chosen.get("q", ""))
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "content/facts.html", {"page": page, "filter_form": form, "runs": queries.card_runs(actor)[:10]}
    )


@get_or_post
@signed_in
def add(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.write")
    form = forms.FactForm(posted(request), documents=queries.usable_media(actor).filter(kind="pdf"))
    if request.method == "POST" and form.is_valid():
        try:
            found, fresh = _add(actor, form)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The fact is kept.") if fresh else _("This fact was already there."))
            return redirect("content:fact", found.ref)
    return render(request, "content/fact_form.html", {"form": form}, status=status_of(form))


def _add(actor: Actor, form: forms.FactForm) -> tuple[Fact, bool]:
    now = timezone.now()
    row = form.row(dates.local_day(now))
    try:
        unit = services.find_place(actor, row.place)
    except BadInput as error:
        raise BadInput(fields={"place": error.sentence}) from None
    return services.add_fact(actor=actor, unit=unit, row=row, source_media=form.cleaned_data["document"], now=now)


@get_or_post
@signed_in
@limited("import")
def bring_in(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.write")
    form = forms.FactImportForm(posted(request), request.FILES or None)
    told: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read()
            added, known, refused = services.import_facts(actor=actor, data=data, now=timezone.now())
        except BadInput as error:
            add_refusal(form, error)
        else:
            told = {"added": added, "known": known, "refused": refused[:REASONS_SHOWN], "refusals": len(refused)}
    context = {"form": form, "columns": reading.COLUMNS, "needed": reading.NEEDED, "told": told}
    return render(request, "content/fact_import.html", context, status=status_of(form))


@require_GET
@signed_in
def fact(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_fact(actor=actor, ref=ref)
    may_write = access.may(actor, "content.write", found.unit) and found.withdrawn_at is None
    return render(request, "content/fact.html", {"fact": found, "may_write": may_write})


@require_POST
@signed_in
def withdraw(request: ActedRequest, ref: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")[:500]
    services.withdraw_fact(actor=request.actor, ref=ref, reason=reason, now=timezone.now())
    messages.success(request, _("Withdrawn, and every card drawn from it."))
    return redirect("content:fact", ref)


@get_or_post
@signed_in
def order(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.write")
    rows = queries.facts(actor)[:FACTS_TO_CHOOSE].values("pk")
    choice = queries.facts(actor).filter(pk__in=[row["pk"] for row in rows])
    form = forms.OrderForm(
        posted(request), desks=queries.desks_of(actor), facts=choice, initial={"facts": request.GET.getlist("fact")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            run = _order(actor, form)
        except BadInput as error:
            add_refusal(form, error)
        except LimitReached as error:
            form.add_error(None, str(error))
        else:
            return redirect("content:cards", run.ref)
    return render(request, "content/cards_form.html", {"form": form}, status=status_of(form))


def _order(actor: Actor, form: forms.OrderForm) -> CardRun:
    found = form.cleaned_data
    return services.order_cards(
        actor=actor, ref=found["ref"], unit=found["unit"], facts=list(found["facts"]), title=found["title"],
        matter=found["matter"], texts_source=form.texts_source, now=timezone.now(),
    )  # fmt: skip


@require_GET
@signed_in
def cards(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    run = queries.get_run(actor=actor, ref=ref)
    drawn, ordered = queries.progress_of(run)
    context = {
        "run": run, "drawn": drawn, "ordered": ordered, "share": drawn * 100 // ordered if ordered else 100,
        "sheets": queries.sheets_of_run(run), "may_write": access.may(actor, "content.write", run.unit),
    }  # fmt: skip
    name = "content/_cards_progress.html" if request.headers.get("HX-Request") else "content/cards.html"
    return render(request, name, context)


@require_POST
@signed_in
def cancel(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.cancel_run(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("No more are drawn. What is drawn waits for its approvers."))
    return redirect("content:cards", ref)
