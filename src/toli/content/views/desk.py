"""Around an item: holds, certificates, comments, what changed from version to version."""

from __future__ import annotations

from collections.abc import Sequence
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
    try:
        services.hold_item(
            actor=request.actor, ref=ref, reason=request.POST.get("reason", "")[:500], now=timezone.now()
        )
    except BadInput as error:
        return item_page(request, queries.get_item(actor=request.actor, ref=ref), error)
    messages.success(request, _("Stopped. It goes on when the question is settled."))
    return redirect("content:item", ref)


@require_POST
@signed_in
def lift(request: ActedRequest, ref: UUID) -> HttpResponse:
    try:
        services.lift_hold(
            actor=request.actor, ref=ref, settled=request.POST.get("reason", "")[:500], now=timezone.now()
        )
    except BadInput as error:
        return item_page(request, queries.get_item(actor=request.actor, ref=ref), error)
    messages.success(request, _("It goes on."))
    return redirect("content:item", ref)


@require_POST
@signed_in
def certify(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = queries.get_item(actor=request.actor, ref=ref, right="content.write")
    form = forms.CertificateForm(request.POST)
    try:
        if not form.is_valid():
            raise BadInput(fields={name: errors[0] for name, errors in form.errors.items()})
        services.record_certificate(actor=request.actor, ref=ref, now=timezone.now(), **form.cleaned_data)
    except BadInput as error:
        return item_page(request, found, error)
    messages.success(request, _("The certificate is noted for exactly these words and this file."))
    return redirect("content:item", ref)


@require_POST
@signed_in
def comment(request: ActedRequest, ref: UUID) -> HttpResponse:
    try:
        services.comment(
            actor=request.actor, ref=ref, text=request.POST.get("text", ""),
            under=read_ref(request.POST.get("under")), now=timezone.now(),
        )  # fmt: skip
    except BadInput as error:
        return item_page(request, queries.get_item(actor=request.actor, ref=ref), error)
    return redirect("content:item", ref)


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
