"""How one drive goes, on the desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from toli.recruitment import queries, rules
from toli.recruitment.views.asking import desk_actor
from toli.ui.pages import ActedRequest, signed_in


@require_safe
@signed_in
def board(request: ActedRequest, key: str) -> HttpResponse:
    """A drive as far as it reaches into my charge."""
    drive, now = queries.get_drive_seen(actor=desk_actor(request), key=key), timezone.now()
    shown = {"drive": drive, "is_open": rules.is_open(drive, now=now), "now": now}
    return render(request, "recruitment/drive_board.html", shown)
