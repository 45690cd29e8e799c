"""How one drive goes, on the desk: its funnel in any unit, what is short, where it will stand on its last day."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from toli.accounts.sessions import read_ref
from toli.kit.dates import local_day
from toli.org import access
from toli.org import queries as org
from toli.recruitment import queries, rules
from toli.recruitment.views.asking import desk_actor
from toli.ui.pages import ActedRequest, signed_in


@require_safe
@signed_in
def board(request: ActedRequest, key: str) -> HttpResponse:
    """A drive as far as it reaches into my charge; `?unit=` goes down to the booth."""
    actor, now = desk_actor(request), timezone.now()
    drive = queries.get_drive_seen(actor=actor, key=key)
    unit = queries.funnel_unit(actor=actor, drive=drive, ref=read_ref(request.GET.get("unit")))
    whole, below = queries.funnel(drive, unit, now=now), queries.funnels_below(drive, unit, now=now)
    reading = queries.reading_of(drive)
    at_top = unit.pk == drive.scope_id
    ahead = queries.forecast_of(drive, whole.row, reading, now=now) if at_top else None
    shown = {
        "drive": drive, "is_open": rules.is_open(drive, now=now), "now": now, "unit": unit, "whole": whole,
        "below": below, "shares": queries.false_shares(drive, [unit, *(one.unit for one in below)]),
        "crumbs": [one for one in org.ancestors_of(unit) if access.may(actor, "recruitment.view", one)],
        "reading": reading, "short": queries.short_units(drive, unit, now=now), "forecast": ahead, "at_top": at_top,
        "reaches": ahead.reaches(drive.target) if ahead and drive.target else "",
        "days_left": (local_day(drive.closes_at) - local_day(now)).days if drive.closes_at else None,
        "runs_it": access.may(actor, "recruitment.manage", drive.scope),
    }  # fmt: skip
    return render(request, "recruitment/drive_board.html", shown)
