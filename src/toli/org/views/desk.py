"""The desk's pages about people, seats and units. What may be seen and done is decided in queries and services."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts.sessions import is_asking, limited
from toli.kit import language
from toli.kit.errors import BadInput, NotFound
from toli.org import access, queries, services
from toli.org.forms import HandOverForm, PeopleFilter, ReasonForm, SeatFilter
from toli.people import queries as people_queries
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50


@require_safe
@signed_in
@limited("search", when=is_asking("q"))
def people(request: ActedRequest) -> HttpResponse:
    """People of my area, found in any spelling."""
    _need(request, "people.view")
    form = PeopleFilter(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(queries.search_people(request.actor, words), PAGE).get_page(request.GET.get("page"))
    cards = queries.cards(request.actor, list(page.object_list), reason="list")
    page.object_list = cards  # type: ignore[assignment]
    return render(request, "org/people.html", {"page": page, "filter_form": form})


@require_safe
@signed_in
def person(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = queries.get_person(actor=request.actor, ref=ref)
    [card] = queries.cards(request.actor, [found], reason="person page")
    return render(
        request,
        "org/person.html",
        {
            "person": found,
            "card": card,
            "verified": people_queries.is_verified(found, now=timezone.now()),
            "wishes": queries.wishes_of(found.pk),
            "appointments": queries.appointments_in_charge(request.actor, found),
            "reason_form": ReasonForm(),
            "may_help": queries.may_help(request.actor, found),
            "helps": queries.waiting_help(request.actor, now=timezone.now(), person=found),
        },
    )


@require_safe
@signed_in
def seats(request: ActedRequest) -> HttpResponse:
    """Vacant seats of my area: narrowed by place and wing, each one tap from being offered."""
    _need(request, "org.view")
    wings = [(w.key, language.text_of(w.names) or w.key) for w in queries.wings()]
    form = SeatFilter(request.GET, wings=wings)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "wing": ""}
    within = (
        queries.get_unit(actor=request.actor, ref=UUID(ref)).path if (ref := _uuid(request.GET.get("unit"))) else ""
    )
    rows = queries.vacant_seats(request.actor, within=within, right="org.offer")
    if wanted["wing"]:
        rows = rows.filter(wing__key=wanted["wing"])
    if wanted["q"]:
        rows = queries.seats_named(rows, wanted["q"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "org/seats.html", {"page": page, "filter_form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def offer(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Choose who is offered a seat, or who takes it over; the choice itself is the third tap."""
    seat = queries.get_seat_to_offer(actor=request.actor, ref=ref)
    hand_over = _uuid(request.POST.get("hand_over") or request.GET.get("hand_over"))
    form = PeopleFilter(request.GET)
    if request.method == "POST":
        chosen = _uuid(request.POST.get("person"))
        if chosen is None:
            raise BadInput(_("Please choose a person."))
        _offer(request, seat.ref, UUID(chosen), hand_over)
        messages.success(request, _("The offer is on its way. The seat is filled when the person says yes."))
        return redirect("org:unit", seat.unit.ref)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = list(queries.candidates_for(request.actor, seat, words)[:PAGE])
    context = {
        "seat": seat,
        "cards": queries.cards(request.actor, found, reason="offer"),
        "filter_form": _with_hidden(form, hand_over),
        "hand_over": hand_over,
        "hand_over_form": HandOverForm(),
    }
    return render(request, "org/offer.html", context)


def _with_hidden(form: PeopleFilter, hand_over: str | None) -> PeopleFilter:
    """A search inside a hand-over stays one."""
    if hand_over:
        form.fields["hand_over"] = forms.CharField(widget=forms.HiddenInput, initial=hand_over, required=False)
    return form


def _offer(request: ActedRequest, seat_ref: UUID, person_ref: UUID, hand_over: str | None) -> None:
    now = timezone.now()
    if not hand_over:
        services.offer_seat(actor=request.actor, seat_ref=seat_ref, person_ref=person_ref, now=now)
        return
    form = HandOverForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("The overlap may last 30 days at most."))
    overlap = timedelta(days=form.cleaned_data["days"])
    services.hand_over(actor=request.actor, ref=UUID(hand_over), to_person_ref=person_ref, overlap=overlap, now=now)


@require_POST
@signed_in
def withdraw(request: ActedRequest, ref: UUID) -> HttpResponse:
    done = services.withdraw_offer(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The offer was taken back."))
    return redirect("org:unit", done.seat.unit.ref)


@require_POST
@signed_in
def end(request: ActedRequest, ref: UUID) -> HttpResponse:
    done = services.end_appointment(actor=request.actor, ref=ref, reason=_reason(request), now=timezone.now())
    messages.success(request, _("The term has ended. The seat is vacant."))
    return redirect("org:unit", done.seat.unit.ref)


@require_POST
@signed_in
def suspend(request: ActedRequest, ref: UUID) -> HttpResponse:
    done = services.suspend_now(actor=request.actor, ref=ref, reason=_reason(request), now=timezone.now())
    messages.success(request, _("Suspended. Their sessions have ended and their open work goes to the team."))
    return redirect("org:unit", done.seat.unit.ref)


@require_POST
@signed_in
def restore(request: ActedRequest, ref: UUID) -> HttpResponse:
    done = services.restore(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("This person can work again."))
    return redirect("org:unit", done.seat.unit.ref)


@require_safe
@signed_in
def units(request: ActedRequest) -> HttpResponse:
    """The top of what I look after."""
    tops = queries.roots(request.actor, "org.view")
    if not tops:
        raise NotFound()
    return redirect("org:unit", tops[0].ref)


@require_safe
@signed_in
def unit(request: ActedRequest, ref: UUID) -> HttpResponse:
    """A unit: its teams and who sits in them, what lies below, and what it is part of elsewhere."""
    found = queries.get_unit(actor=request.actor, ref=ref)
    form = PeopleFilter(request.GET)
    form.fields["q"].label = _("Place, in any spelling")
    words = form.cleaned_data["q"] if form.is_valid() else ""
    hits = queries.search_units(words, within=found.path) if words else None
    return render(
        request,
        "org/unit.html",
        {
            "unit": found,
            "ancestors": [u for u in queries.ancestors_of(found) if access.is_visible(request.actor, u)],
            "teams": queries.teams_of(request.actor, found),
            "children": queries.children_of(found).order_by("path"),
            "beside": queries.beside(found),
            "filter_form": form,
            "found": hits,
            "planned": queries.planned_for(found),
            "may_shape": found.active
            and access.may(request.actor, "org.shape", found)
            and queries.hierarchy_parent(found, "org") is not None,
        },
    )


def _need(request: ActedRequest, right: str) -> None:
    """A list of nothing is a page that does not exist for this person."""
    if not access.visible(request.actor, right):
        raise NotFound()


def _reason(request: ActedRequest) -> str:
    """What was typed; nothing where it does not fit, and the service, which knows who asks, refuses that."""
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


def _uuid(text: str | None) -> str | None:
    """The text when it is a ref; garbage counts as nothing."""
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None
