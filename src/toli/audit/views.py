"""The records page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from toli.audit import queries
from toli.kit.errors import NotFound
from toli.ui.pages import ActedRequest, signed_in


@require_safe
@signed_in
def records(request: ActedRequest) -> HttpResponse:
    """The newest records of what the actor looks after, and the chain's head for the auditor."""
    ranges = [(g.path_lo, g.path_hi) for g in request.actor.grants() if "audit.view" in g.rights]
    if not ranges:
        raise NotFound()
    position, head = queries.head()
    found = queries.recent_records(ranges=ranges, limit=100)
    return render(request, "audit/records.html", {"records": found, "position": position, "head": head})
