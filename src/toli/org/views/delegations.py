"""Rights given for a time: shown to both, ended by either."""

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.kit.dates import local_at
from toli.kit.errors import BadInput
from toli.org import queries, services
from toli.org.models import Appointment
from toli.org.shape_forms import DelegationForm
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@require_safe
@signed_in
def delegations(request: ActedRequest) -> HttpResponse:
    """What I gave, what was given to me, and the seats whose rights I could give."""
    now, me = timezone.now(), request.actor.person_id
    given, received = list(queries.delegations_given(me)[:50]), list(queries.delegations_received(me)[:50])
    people = [row.person for row in given] + [row.appointment.person for row in received]
    cards = {p.pk: card for p, card in zip(people, queries.cards(request.actor, people, reason="list"), strict=True)}
    for row in (*given, *received):
        row.state = queries.state_of(row, now)  # type: ignore[attr-defined]
        row.says = queries.right_names(row.rights)  # type: ignore[attr-defined]
    for row in given:
        row.card = cards[row.person_id]  # type: ignore[attr-defined]
    for row in received:
        row.card = cards[row.appointment.person_id]  # type: ignore[attr-defined]
    own = queries.live_appointments_of(me, now) if me and not request.actor.seen_as_id else []
    context = {"given": given, "received": received, "own": own}
    return render(request, "org/delegations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def give(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Choose a person, then rights, a unit and the days."""
    giver = queries.get_appointment(actor=request.actor, ref=ref)
    words = (request.GET.get("q") or "")[:80]
    found = list(queries.search_people(request.actor, words).exclude(pk=request.actor.person_id)[:30]) if words else []
    cards = queries.cards(request.actor, found, reason="offer")
    form = DelegationForm(
        _sent(request), cards=cards, areas=queries.areas_to_give(giver.seat), rights=queries.rights_to_give(giver)
    )
    if form.is_bound and form.is_valid() and _given(request, giver, form):
        messages.success(request, _("Given. Both of you see it here, and either of you can end it at once."))
        return redirect("org:delegations")
    context = {"giver": giver, "form": form, "words": words, "cards": cards}
    return render(request, "org/delegation_new.html", context, status=422 if form.is_bound else 200)


def _given(request: ActedRequest, giver: Appointment, form: DelegationForm) -> bool:
    clean = form.cleaned_data
    try:
        services.give_delegation(
            actor=request.actor, appointment_ref=giver.ref, person_ref=UUID(clean["person"]),
            unit_ref=UUID(clean["unit"]), rights=clean["rights"], starts_at=_start(clean["starts_on"]),
            ends_at=local_at(clean["ends_on"], time(23, 59)), now=timezone.now(),
        )  # fmt: skip
    except BadInput as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _start(day: object) -> datetime:
    now = timezone.now()
    return max(now, local_at(day, time(0))) if day else now  # type: ignore[arg-type]


@require_POST
@signed_in
def end(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.end_delegation(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Ended. The rights are gone from this moment."))
    return redirect("org:delegations")


def _sent(request: ActedRequest) -> QueryDict | None:
    """What was sent, an empty form too; None when the page is only opened."""
    return request.POST if request.method == "POST" else None
