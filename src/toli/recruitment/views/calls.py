"""The caller's page: one person at a time, on the caller's own phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit.dates import day_bounds, local_day
from toli.kit.errors import NotFound, WrongState
from toli.org import access
from toli.recruitment import calling, queries, services
from toli.recruitment.forms.truth import OutcomeForm
from toli.recruitment.services import Opened
from toli.ui.pages import ActedRequest, signed_in


@never_cache
@require_safe
@signed_in
def calls(request: ActedRequest) -> HttpResponse:
    """How many wait, and the call I hold."""
    if not access.may_anywhere(request.actor, queries.CALL_RIGHT):
        raise NotFound
    return _page(request)


def _page(
    request: ActedRequest, opened: Opened | None = None, form: OutcomeForm | None = None, status: int = 200
) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    held = queries.held_call(actor, now=now)
    shown: dict[str, Any] = {
        "held": held, "opened": opened, "form": form or OutcomeForm(), "may_call": calling.may_call(now),
        "attempt": queries.attempt_of(held) if held else None,
        "due": queries.calls_due(actor, now=now).count(), "later": queries.calls_waiting_later(actor, now=now),
        "today": queries.my_calls_today(actor, since=day_bounds(local_day(now))[0]), "tries": calling.TRIES,
    }  # fmt: skip
    return render(request, "recruitment/calls.html", shown, status=status)


@never_cache
@require_POST
@signed_in
@limited("call")
def call_next(request: ActedRequest) -> HttpResponse:
    """Open the next number, for this attempt only; the answer is the page with it, kept by no browser."""
    if not access.may_anywhere(request.actor, queries.CALL_RIGHT):
        raise NotFound
    try:
        opened = services.open_next_call(actor=request.actor, now=timezone.now())
    except (NotFound, WrongState) as refusal:
        messages.error(request, str(refusal))
        return redirect("recruitment:calls")
    return _page(request, opened)


@require_POST
@signed_in
def call_said(request: ActedRequest, ref: UUID) -> HttpResponse:
    """What came of my attempt."""
    if not access.may_anywhere(request.actor, queries.CALL_RIGHT):
        raise NotFound
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        queries.get_held_attempt(actor=request.actor, ref=ref, now=timezone.now())
        return _page(request, form=form, status=422)
    services.say_outcome(actor=request.actor, ref=ref, outcome=form.cleaned_data["outcome"], now=timezone.now())
    messages.success(request, _("Written down. Thank you."))
    return redirect("recruitment:calls")
