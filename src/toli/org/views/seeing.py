"""Seeing the pages as another seat does."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from toli.org import services
from toli.org.middleware import SEEING
from toli.ui.pages import ActedRequest, signed_in


@require_POST
@signed_in
def begin(request: ActedRequest, ref: UUID) -> HttpResponse:
    """From now on this session sees what that seat sees; the top of its units comes first."""
    seat, until = services.begin_seeing(actor=request.actor, seat_ref=ref, now=timezone.now())
    request.session[SEEING] = [seat.pk, until.timestamp()]
    return redirect("org:unit", seat.unit.ref)


@require_POST
@signed_in
def end(request: ActedRequest) -> HttpResponse:
    """Back to one's own pages; without anything to end it answers the same."""
    seen = request.session.pop(SEEING, None)
    if seen is not None:
        actor = getattr(request, "real_actor", request.actor)
        services.end_seeing(actor=actor, seat_id=seen[0], how="button")
        messages.success(request, _("You see your own pages again."))
    return redirect("org:units")
