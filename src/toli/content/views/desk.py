"""Around an item: holds, certificates, comments, what changed from version to version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.accounts.sessions import read_ref
from toli.content import diff, forms, queries, services
from toli.content.models import Version
from toli.content.views.items import item_page
from toli.kit.errors import BadInput
from toli.ui.pages import ActedRequest, signed_in


@require_POST
@signed_in
def hold(request: ActedRequest, ref: UUID) -> HttpResponse:
    def act() -> object:
        return services.hold_item(actor=request.actor, ref=ref, reason=_reason(request), now=timezone.now())

    return _done(request, ref, act, _("Stopped. It goes on when the question is settled."))


@require_POST
@signed_in
def lift(request: ActedRequest, ref: UUID) -> HttpResponse:
    def act() -> object:
        return services.lift_hold(actor=request.actor, ref=ref, settled=_reason(request), now=timezone.now())

    return _done(request, ref, act, _("It goes on."))


def _reason(request: ActedRequest) -> str:
    return request.POST.get("reason", "")[:500]


def _done(request: ActedRequest, ref: UUID, act: Callable[[], object], said: str = "") -> HttpResponse:
    """Back to the item; or the item with what is wrong, and what was typed."""
    try:
        act()
    except BadInput as error:
        return item_page(request, queries.get_item(actor=request.actor, ref=ref), error)
    if said:
        messages.success(request, said)
    return redirect("content:item", ref)


@require_POST
@signed_in
def certify(request: ActedRequest, ref: UUID) -> HttpResponse:
    queries.get_item(actor=request.actor, ref=ref, right="content.write")
    form = forms.CertificateForm(request.POST)

    def act() -> object:
        if not form.is_valid():
            raise BadInput(fields={name: errors[0] for name, errors in form.errors.items()})
        return services.record_certificate(actor=request.actor, ref=ref, now=timezone.now(), **form.cleaned_data)

    return _done(request, ref, act, _("The certificate is noted for exactly these words and this file."))


@require_POST
@signed_in
def comment(request: ActedRequest, ref: UUID) -> HttpResponse:
    text, under = request.POST.get("text", ""), read_ref(request.POST.get("under"))

    def act() -> object:
        return services.comment(actor=request.actor, ref=ref, text=text, under=under, now=timezone.now())

    return _done(request, ref, act)


@require_POST
@signed_in
def close_comment(request: ActedRequest, ref: UUID, comment_ref: UUID) -> HttpResponse:
    services.close_comment(actor=request.actor, ref=ref, comment_ref=comment_ref, now=timezone.now())
    return redirect("content:item", ref)


@require_GET
@signed_in
def versions(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Every version, the newest first, word by word beside the one before."""
    found = queries.get_item(actor=request.actor, ref=ref)
    rows = list(queries.versions_of(found))
    return render(request, "content/versions.html", {"item": found, "steps": _steps(rows)})


def _steps(rows: Sequence[Version]) -> list[dict[str, Any]]:
    return [
        {"version": after, "texts": _changes(before.wording["texts"], after.wording["texts"])}
        for after, before in pairwise([*rows, Version(wording={"texts": {}})])
    ]


def _changes(before: dict[str, str], after: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"language": tag, "changes": diff.words_changed(before.get(tag, ""), after[tag])}
        for tag in sorted(after, reverse=True)
    ]
