"""Invitations: a file with its declaration, what it would do, then written, sent or taken back; and the link itself."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import limited
from toli.delivery.templates import templates
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.org.importing import files
from toli.org.importing.reasons import sentence_of
from toli.org.importing.rows import Reason
from toli.recruitment import queries, services
from toli.recruitment.forms.invitations import BatchForm, SendForm
from toli.recruitment.models import InvitationBatch
from toli.recruitment.services.batches import TEMPLATE, message_values
from toli.recruitment.views.asking import desk_actor, get_or_post
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

PAGE, SHOWN_LINES = 30, 50


@require_safe
@signed_in
def batches(request: ActedRequest, key: str) -> HttpResponse:
    """Every file of numbers of a drive, what was declared of it, and where it stands."""
    drive = queries.get_drive_in_charge(actor=desk_actor(request), key=key)
    page = Paginator(queries.batches(request.actor, drive), PAGE).get_page(request.GET.get("page"))
    return render(request, "recruitment/batches.html", {"drive": drive, "page": page})


@get_or_post
@signed_in
@limited("import")
def batch_new(request: ActedRequest, key: str) -> HttpResponse:
    """Take a file with its declaration; it is checked at once and written only when somebody says so."""
    actor = desk_actor(request)
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    units = queries.batch_units(actor, drive)
    form = BatchForm(request.POST or None, request.FILES or None, units=units, initial={"unit": drive.scope.ref})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.declare_batch(
                actor=actor, key=key, declared=form.declared(), raw=form.cleaned_data["file"], name=form.file_name,
                now=timezone.now(),
            )  # fmt: skip
        except BadInput as error:
            add_refusal(form, error)
        else:
            return redirect("recruitment:batch", made.ref)
    shown = {"drive": drive, "form": form}
    return render(request, "recruitment/batch_new.html", shown, status=422 if form.errors else 200)


@require_safe
@signed_in
def batch(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Where a batch stands; while it works, the middle of the page asks again by itself."""
    found = queries.get_batch(actor=desk_actor(request), ref=ref)
    if request.headers.get("HX-Request") == "true":
        return render(request, "recruitment/_batch_standing.html", _standing(found))
    return render(request, "recruitment/batch.html", _standing(found))


def _standing(found: InvitationBatch, form: SendForm | None = None) -> dict[str, Any]:
    said = files.reasons_of(found)
    kinds = Counter((one.code, one.refused) for one in said)
    noticed = [
        (sentence_of(Reason(0, code)), refused, number, [one for one in said if one.code == code][:5])
        for (code, refused), number in kinds.most_common()
    ]
    link = {"link": "…/join/i/…"}
    return {
        "batch": found, "drive": found.drive, "standing": queries.standing(found), "noticed": noticed,
        "has_rejects": any(one.refused for one in said), "form": form or SendForm(),
        "message": templates()[TEMPLATE].fill("hi", {**message_values(found.drive), **link}),
        "may_undo": not found.is_running and found.state != "undone",
    }  # fmt: skip


@require_POST
@signed_in
def batch_load(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.load_batch(actor=desk_actor(request), ref=ref, now=timezone.now())
    messages.success(request, _("The import has begun. You may leave this page; it goes on."))
    return redirect("recruitment:batch", ref)


@require_POST
@signed_in
def batch_send(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Let the one message of each go out."""
    actor = desk_actor(request)
    found = queries.get_batch(actor=actor, ref=ref)
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            services.send_batch(actor=actor, ref=ref, now=timezone.now(), **form.values())
        except BadInput as error:
            add_refusal(form, BadInput(fields={_FIELDS.get(k, k): v for k, v in error.fields.items()}))
        else:
            messages.success(request, _("The messages go out one by one, never at night and never in silence."))
            return redirect("recruitment:batch", ref)
    return render(request, "recruitment/batch.html", _standing(found, form), status=422)


_FIELDS = {"valid_until": "valid_on"}


@get_or_post
@signed_in
def batch_undo(request: ActedRequest, ref: UUID) -> HttpResponse:
    """What would be taken back, and what was sent and stays; then all of it, or the rest."""
    actor = desk_actor(request)
    found = queries.get_batch(actor=actor, ref=ref)
    refused = ""
    if request.method == "POST":
        try:
            done = services.undo_batch(
                actor=actor, ref=ref, partly=request.POST.get("partly") == "1", now=timezone.now()
            )
        except WrongState as refusal:
            refused = str(refusal)
        else:
            said = _("%(removed)d invitations are taken back, %(kept)d stay.")
            messages.success(request, said % {"removed": done.removed, "kept": done.kept})
            return redirect("recruitment:batch", ref)
    shown = {
        "batch": found, "drive": found.drive, "standing": queries.standing(found), "refused": refused,
        "lines": queries.sent_lines(found, SHOWN_LINES), "may_undo": not found.is_running and found.state != "undone",
    }  # fmt: skip
    return render(request, "recruitment/batch_undo.html", shown, status=409 if refused else 200)


@require_safe
@signed_in
def batch_rejects(request: ActedRequest, ref: UUID) -> FileResponse:
    """The refused rows with their reasons, as a file that no sheet program runs."""
    found = queries.get_batch(actor=desk_actor(request), ref=ref)
    return FileResponse(
        files.rejects_of(found).open("rb"), as_attachment=True, filename="refused-rows.csv",
        content_type="text/csv; charset=utf-8",
    )  # fmt: skip


@never_cache
@require_safe
@limited("search", when=lambda request: True)
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: on to the form of its place. Looking at it keeps nothing."""
    found = queries.get_invitation(token=token)
    drive = found.batch.drive
    try:
        queries.get_place(drive, found.unit.ref)
    except NotFound:
        return redirect("recruitment:join", drive.key)
    asked = urlencode({"unit": str(found.unit.ref), "invitation": token})
    return redirect(f"{reverse('recruitment:form', args=[drive.key])}?{asked}")
