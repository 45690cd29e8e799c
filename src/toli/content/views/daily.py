"""The daily line: every constituency on one page, and each with its next act."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.accounts.sessions import read_ref
from toli.content import daily, queries, services
from toli.content.views.items import require_right
from toli.content.views.series import asked_day
from toli.kit.dates import local_day
from toli.kit.errors import BadInput
from toli.org import access
from toli.ui.pages import ActedRequest, signed_in

FACTS_SHOWN = 12


def _day(request: ActedRequest) -> date:
    return asked_day(request.GET.get("on", "") or request.POST.get("on", "")) or local_day(timezone.now())


@require_GET
@signed_in
def lines(request: ActedRequest) -> HttpResponse:
    """All constituencies of the charge; with `missing`, those with a step that is late."""
    actor = require_right(request, "content.view")
    day, now = _day(request), timezone.now()
    rows = queries.daily_lines(actor, day, now=now)
    late = [row for row in rows if any(stand.state == daily.LATE for stand in row.stands)]
    only = "missing" in request.GET
    context = {
        "rows": late if only else rows, "only": only, "total": len(rows), "late": len(late),
        "whole": sum(row.missing is None for row in rows), "day": day, "today": local_day(now),
        "steps": daily.stands(day, (), now),
    }  # fmt: skip
    return render(request, "content/daily_lines.html", context)


@require_GET
@signed_in
def line(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One constituency's day, with the next act as one button."""
    unit = queries.get_constituency(actor=request.actor, ref=ref)
    day, now = _day(request), timezone.now()
    row = queries.daily_line(unit, day, now=now)
    may_write = access.may(request.actor, "content.write", unit) and day >= local_day(now)
    context: dict[str, Any] = {"row": row, "day": day, "today": local_day(now), "may_write": may_write}
    if row.missing and row.missing.step.key == daily.FACT and may_write:
        context["facts"] = queries.facts_for(unit)[:FACTS_SHOWN]
    return render(request, "content/daily_line.html", context)


@require_POST
@signed_in
def choose(request: ActedRequest, ref: UUID) -> HttpResponse:
    queries.get_constituency(actor=request.actor, ref=ref, right="content.write")
    fact, day = read_ref(request.POST.get("fact")), _day(request)
    if fact is None:
        raise BadInput(_("Please choose a fact of this constituency that was not withdrawn."))
    services.choose_fact(actor=request.actor, unit_ref=ref, fact_ref=fact, day=day, now=timezone.now())
    return _back(request, ref, day)


@require_POST
@signed_in
def card(request: ActedRequest, ref: UUID) -> HttpResponse:
    day = _day(request)
    services.make_line_card(actor=request.actor, unit_ref=ref, day=day, now=timezone.now())
    messages.success(request, _("The card is drawn and sent. Two other persons have to approve it."))
    return _back(request, ref, day)


def _back(request: ActedRequest, ref: UUID, day: date) -> HttpResponse:
    answer = redirect("content:daily_line", ref)
    if day != local_day(timezone.now()):
        answer["Location"] += f"?on={day.isoformat()}"
    return answer
