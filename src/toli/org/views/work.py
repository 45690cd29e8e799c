"""Where a person wants to work besides their home: chosen by themselves, on their phone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.kit.errors import BadInput
from toli.org import queries, services
from toli.org.shape_forms import WorkForm
from toli.ui.pages import ActedRequest, signed_in

LEVELS = ("district", "constituency", "block", "booth")


@require_safe
@signed_in
def places(request: ActedRequest) -> HttpResponse:
    """The places chosen, and a search for one more."""
    words = (request.GET.get("q") or "")[:80]
    found = [unit for unit in queries.search_units(words, levels=LEVELS) if unit.path] if words else None
    context = {"wishes": queries.wishes_of(request.actor.person_id), "form": WorkForm(initial={"q": words})}
    return render(request, "org/work_places.html", {**context, "found": found})


@require_POST
@signed_in
def wish(request: ActedRequest) -> HttpResponse:
    services.wish_to_work(actor=request.actor, unit_ref=_unit(request), now=timezone.now())
    messages.success(request, _("Its team can find you now and offer you a seat."))
    return redirect("org:work_places")


@require_POST
@signed_in
def take_back(request: ActedRequest) -> HttpResponse:
    services.end_wish(actor=request.actor, unit_ref=_unit(request), now=timezone.now())
    messages.success(request, _("Taken back. That team no longer sees you."))
    return redirect("org:work_places")


def _unit(request: ActedRequest) -> UUID:
    try:
        return UUID(request.POST.get("unit", ""))
    except ValueError:
        raise BadInput(_("Please choose a place.")) from None
