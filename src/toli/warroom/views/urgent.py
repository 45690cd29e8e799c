"""Urgent texts: any two on duty may clear one within five minutes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from toli.content import queries as content
from toli.content import reading
from toli.content.models import Item
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.ui.pages import ActedRequest, signed_in
from toli.warroom import queries, services


@signed_in
@require_GET
def urgent(request: ActedRequest) -> HttpResponse:
    """What waits now, of every desk, the oldest first."""
    actor, now = request.actor, timezone.now()
    if not access.may_anywhere(actor, "content.approve"):
        raise NotFound()
    rows = content.urgent_items(actor, now=now)
    shown = [(item, reading.of_item(item, typed=request.POST, error=None, now=now)) for item in rows]
    context = {"rows": shown, "on_duty": queries.is_on_duty(actor.person_id or 0, now=now)}
    return render(request, "warroom/urgent.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def urgent_item(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One of them, to read and to approve."""
    actor, now = request.actor, timezone.now()
    if request.method == "GET":
        return _page(request, content.get_urgent_item(actor=actor, ref=ref, now=now))
    try:
        found = services.approve_urgent(
            actor=actor, ref=ref, seen_hash=request.POST.get("seen", ""), now=now,
            reasons=reading.reasons(request.POST), points=request.POST.getlist("point"),
        )  # fmt: skip
    except BadInput as error:
        return _page(request, content.get_urgent_item(actor=actor, ref=ref, now=now), error)
    done = found.state == Item.State.APPROVED
    messages.success(
        request,
        _("Approved by two persons.") if done else _("Your yes is noted. One more person on duty is needed."),
    )
    return redirect("warroom:urgent")


def _page(request: ActedRequest, item: Item, error: BadInput | None = None) -> HttpResponse:
    now = timezone.now()
    context = {
        "item": item,
        **reading.of_item(item, typed=request.POST, error=error, now=now),
        "on_duty": queries.is_on_duty(request.actor.person_id or 0, now=now),
    }
    return render(request, "warroom/urgent_item.html", context, status=422 if error else 200)
