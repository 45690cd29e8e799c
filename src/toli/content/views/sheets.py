"""The pages of a sheet of slogans."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.content import forms, queries, reading, rules, services
from toli.content.models import APPROVALS_NEEDED, Item, State
from toli.content.views.items import get_or_post, posted, require_right, said_words, status_of
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, LimitReached
from toli.org import access
from toli.ui.pages import ActedRequest, signed_in


@get_or_post
@signed_in
def sheet_new(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.write")
    form = forms.SheetForm(posted(request), desks=queries.desks_of(actor))
    if request.method == "POST" and form.is_valid():
        try:
            found = _make_sheet(actor, form)
        except (BadInput, LimitReached) as error:
            form.add_error(None, _sheet_fault(error))
        else:
            return redirect("content:sheet", found.ref)
    return render(request, "content/sheet_form.html", {"form": form}, status=status_of(form))


def _sheet_fault(error: BadInput | LimitReached) -> str:
    fields = getattr(error, "fields", {})
    return str(next(iter(fields.values()), error.sentence))


def _make_sheet(actor: Actor, form: forms.SheetForm) -> Any:
    found = form.cleaned_data
    return services.make_sheet(
        actor=actor, unit=found["unit"], title=found["title"], slogans=found["slogans"], sources=form.sources,
        matter=found["matter"], now=timezone.now(),
    )  # fmt: skip


@require_GET
@signed_in
def sheet(request: ActedRequest, ref: UUID) -> HttpResponse:
    return _sheet_page(request, ref)


def _sheet_page(request: ActedRequest, ref: UUID, error: BadInput | None = None) -> HttpResponse:
    actor = request.actor
    found = queries.get_sheet(actor=actor, ref=ref)
    rows = [one for one in queries.items_of_sheet(found) if one.state != State.WITHDRAWN]
    authors = queries.authors_of([one.pk for one in rows])
    own = any(actor.person_id in them for them in authors.values())
    said = all(_has_said(actor, one) for one in rows)
    context = {
        "sheet": found,
        "rows": rows,
        **reading.of_sheet(rows, typed=request.POST, error=error, now=timezone.now()),
        "seen": rules.sheet_hash(rows),
        "own": own,
        "said": said,
        "needed": APPROVALS_NEEDED,
        "may_write": access.may(actor, "content.write", found.unit),
        "may_approve": access.may(actor, "content.approve", found.unit)
        and found.state == State.SUBMITTED
        and not own
        and not said,
    }
    return render(request, "content/sheet.html", context, status=422 if error else 200)


def _has_said(actor: Actor, one: Item) -> bool:
    yes = one.live_approvals  # type: ignore[attr-defined]
    return any(approval.person_id == actor.person_id and approval.hash == one.hash for approval in yes)


@require_POST
@signed_in
def sheet_submit(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.submit_sheet(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Sent. Two other persons have to approve it."))
    return redirect("content:sheet", ref)


@require_POST
@signed_in
def sheet_approve(request: ActedRequest, ref: UUID) -> HttpResponse:
    try:
        found = services.approve_sheet(
            actor=request.actor, ref=ref, seen_hash=request.POST.get("seen", ""), now=timezone.now(),
            reasons=reading.reasons(request.POST), points=request.POST.getlist("point"),
        )  # fmt: skip
    except BadInput as error:
        return _sheet_page(request, ref, error)
    messages.success(request, said_words(done=found.state == State.APPROVED))
    return redirect("content:sheet", ref)
