"""The desk's pages about one person's data: the number, correcting, copying, sealing, holding, and the proof."""

from __future__ import annotations

import json
from typing import Any
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
from toli.consent.queries import data
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org import queries as org
from toli.people import queries as people
from toli.people.models import Person
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@get_or_post
@signed_in
@limited("reveal")
def reveal(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Open a number: a reason from the list and a few words first; the person sees both."""
    person = org.get_person(actor=request.actor, ref=ref, right="people.reveal")
    form = forms.RevealForm(request.POST if request.method == "POST" else None)
    number = ""
    if request.method == "POST" and form.is_valid():
        try:
            number = services.reveal_number(
                actor=request.actor, person_ref=ref, now=timezone.now(), **form.cleaned_data
            )
        except BadInput as error:
            add_refusal(form, error)
    [card] = org.cards(request.actor, [person], reason="person page")
    context = {
        "person": person, "card": card, "number": number, "form": form,
        "left": people.reveals_left(request.actor, now=timezone.now()),
    }  # fmt: skip
    return render(request, "consent/number.html", context, status=422 if form.errors else 200)


RIGHTS = ("people.correct", "people.export", "people.seal", "people.hold")


def _in_charge(request: ActedRequest, ref: UUID) -> Person:
    """The person, for whoever may do any of these things about them."""
    for right in RIGHTS:
        found = org.people_in_charge(request.actor, right).filter(ref=ref).first()
        if found is not None:
            return found
    raise NotFound()


def _may(request: ActedRequest, person: Person) -> set[str]:
    return {r for r in RIGHTS if org.people_in_charge(request.actor, r).filter(pk=person.pk).exists()}


@never_cache
@require_safe
@signed_in
def privacy(request: ActedRequest, ref: UUID) -> HttpResponse:
    """What the desk can do about one person's data at their request."""
    return _privacy_page(request, _in_charge(request, ref), {})


def _privacy_page(request: ActedRequest, person: Person, filled: dict[str, Any]) -> HttpResponse:
    may = _may(request, person)
    [card] = org.cards(request.actor, [person], reason="person page")
    context: dict[str, Any] = {"person": person, "card": card, "allowed": may, "holds": data.holds_of(person)}
    if "people.correct" in may:
        initial = people.values_for_correction(actor=request.actor, person=person)
        context["correct_form"] = forms.CorrectForm(initial=initial, prefix="")
    context |= {"copy_form": forms.WordsForm(auto_id="copy_%s"), "seal_form": forms.WordsForm(auto_id="seal_%s")}
    context["hold_form"] = forms.HoldForm(auto_id="hold_%s")
    status = 422 if filled else 200
    return render(request, "consent/privacy.html", context | filled, status=status)


@require_POST
@signed_in
def correct(request: ActedRequest, ref: UUID) -> HttpResponse:
    person = org.get_person(actor=request.actor, ref=ref, right="people.correct")
    form = forms.CorrectForm(request.POST)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            services.correct_for(
                actor=request.actor, ref=ref, words=values.pop("words"), changes=values, now=timezone.now()
            )
            messages.success(request, _("Corrected. The person sees on their page that you did."))
            return redirect("org:person", ref)
        except BadInput as error:
            add_refusal(form, error)
    return _privacy_page(request, person, {"correct_form": form})


@require_POST
@signed_in
@limited("export")
def copy(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The person's data as a file to hand to them."""
    person = org.get_person(actor=request.actor, ref=ref, right="people.export")
    form = forms.WordsForm(request.POST, auto_id="copy_%s")
    if form.is_valid():
        try:
            found = services.export_for(actor=request.actor, ref=ref, now=timezone.now(), **form.cleaned_data)
            text = json.dumps(found, ensure_ascii=False, indent=1, default=str)
            response = HttpResponse(text, content_type="application/json; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="toli-data-{ref}.json"'
            return response
        except BadInput as error:
            add_refusal(form, error)
    return _privacy_page(request, person, {"copy_form": form})


@require_POST
@signed_in
def seal(request: ActedRequest, ref: UUID) -> HttpResponse:
    person = org.get_person(actor=request.actor, ref=ref, right="people.seal")
    form = forms.WordsForm(request.POST, auto_id="seal_%s")
    if form.is_valid():
        try:
            services.seal_for(actor=request.actor, ref=ref, now=timezone.now(), **form.cleaned_data)
            messages.success(
                request, _("Sealed: nobody sees or uses it any more. Give the person this page's address.")
            )
            return redirect("consent:erasure", ref)
        except BadInput as error:
            add_refusal(form, error)
    return _privacy_page(request, person, {"seal_form": form})


@require_POST
@signed_in
def hold(request: ActedRequest, ref: UUID) -> HttpResponse:
    person = data.get_anybody(actor=request.actor, ref=ref, right="people.hold")
    form = forms.HoldForm(request.POST, auto_id="hold_%s")
    if form.is_valid():
        try:
            services.set_hold(actor=request.actor, ref=ref, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("This data is kept until then, whatever the calendar says."))
            return _back(person)
        except BadInput as error:
            add_refusal(form, error)
    if person.state == Person.State.ACTIVE:
        return _privacy_page(request, person, {"hold_form": form})
    return _proof_page(request, person, {"hold_form": form})


def _back(person: Person) -> HttpResponse:
    return redirect("consent:privacy" if person.state == Person.State.ACTIVE else "consent:erasure", person.ref)


@require_POST
@signed_in
def lift_hold(request: ActedRequest, ref: UUID) -> HttpResponse:
    lifted = services.lift_hold(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The hold has ended."))
    return _back(lifted.person)


@require_safe
@signed_in
def erasures(request: ActedRequest) -> HttpResponse:
    """Sealed data with its day, and what was erased, each with its proof. No name: there is none to show."""
    if not access.visible(request.actor, "people.seal"):
        raise NotFound()
    form = forms.ErasureFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    page = Paginator(data.erasures(request.actor, state=state), PAGE).get_page(request.GET.get("page"))
    return render(request, "consent/erasures.html", {"page": page, "filter_form": form, "now": timezone.now()})


@never_cache
@require_safe
@signed_in
def erasure(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The proof: what was erased, when, by which rule, and whether the chain of records still verifies."""
    person = data.get_anybody(actor=request.actor, ref=ref, right="people.seal")
    if person.state not in (Person.State.SEALED, Person.State.PURGED):
        raise NotFound()
    return _proof_page(request, person, {})


def _proof_page(request: ActedRequest, person: Person, filled: dict[str, Any]) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "person": person, "proof": data.proof_of(person, now=now), "holds": data.holds_of(person), "now": now,
        "hold_form": forms.HoldForm(auto_id="hold_%s"), "chain": None,
    }  # fmt: skip
    if request.GET.get("check") == "1":
        context["chain"] = data.checked_chain()
    return render(request, "consent/erasure.html", context | filled, status=422 if filled else 200)


@require_POST
@signed_in
def erase(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.erase_now(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Erased. The proof stands on this page."))
    return redirect("consent:erasure", ref)


@never_cache
@require_safe
def public_proof(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The same for the person, who knows the reference from the day they asked."""
    return render(request, "consent/public_proof.html", {"proof": data.public_proof(ref, now=timezone.now())})
