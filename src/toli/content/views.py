"""The editor's and the approver's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toli.accounts.sessions import limited
from toli.content import forms, pictures, queries, rules, services
from toli.content.models import Item, State
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, LimitReached, NotFound
from toli.org import access
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

get_or_post = require_http_methods(["GET", "POST"])
ON_A_PAGE = 50


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _require(request: ActedRequest, right: str) -> Actor:
    actor = request.actor
    if not access.may_anywhere(actor, right):
        raise NotFound()
    return actor


@require_GET
@signed_in
def items(request: ActedRequest) -> HttpResponse:
    actor = _require(request, "content.view")
    form = forms.FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.items(
        actor, state=chosen.get("state", ""), matter=chosen.get("matter", ""), words=chosen.get("q", "")
    )
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    waiting = queries.waiting_for(actor)[:20] if access.may_anywhere(actor, "content.approve") else []
    context = {"page": page, "filter_form": form, "sheets": queries.sheets(actor)[:10], "waiting": waiting}
    return render(request, "content/items.html", context)


@require_GET
@signed_in
def item(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_item(actor=actor, ref=ref)
    return render(request, "content/item.html", {"item": found, **_acts(actor, found)})


def _acts(actor: Actor, found: Item) -> dict[str, Any]:
    """Which buttons make sense; the services decide."""
    said = {yes.person_id for yes in found.live_approvals if yes.hash == found.hash}  # type: ignore[attr-defined]
    authors = queries.authors_of([found.pk])[found.pk]
    return {
        "said": len(said),
        "needed": rules.APPROVALS_NEEDED,
        "own": actor.person_id in authors,
        "may_approve": access.may(actor, "content.approve", found.unit)
        and found.state == State.SUBMITTED
        and found.sheet_id is None
        and actor.person_id not in authors | said,
        "may_write": access.may(actor, "content.write", found.unit) and found.state != State.WITHDRAWN,
    }


def _item_form(actor: Actor, *args: Any, **kwargs: Any) -> forms.ItemForm:
    return forms.ItemForm(
        *args, desks=queries.desks_of(actor), constituencies=queries.constituencies_for(actor), **kwargs
    )


@get_or_post
@signed_in
@limited("upload")
def write(request: ActedRequest) -> HttpResponse:
    actor = _require(request, "content.write")
    form = _item_form(actor, _posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = _write(actor, form)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved as a draft. Read it once more, then send it for approval."))
            return redirect("content:item", found.ref)
    return render(request, "content/item_form.html", {"form": form}, status=_status(form))


def _write(actor: Actor, form: forms.ItemForm) -> Item:
    name, digest = _store(form)
    unit = form.cleaned_data["unit"]
    return services.write_item(actor=actor, unit=unit, wording=form.wording(digest), file=name, now=timezone.now())


def _store(form: forms.ItemForm) -> tuple[str, str]:
    if form.upload is None or form.upload.file is None:
        return "", ""
    form.upload.seek(0)
    return pictures.store(form.upload.file, settings.MEDIA_ROOT / "content")


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


@get_or_post
@signed_in
@limited("upload")
def edit(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_item(actor=actor, ref=ref, right="content.write")
    rules.check_editable(found)
    form = _item_form(actor, _posted(request), request.FILES or None, initial=forms.initial_of(found))
    del form.fields["unit"]  # an item stays with its desk, also when somebody from above edits it
    if request.method == "POST" and form.is_valid():
        try:
            _edit(actor, found, form)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved. Earlier approvals were for the old words and are gone."))
            return redirect("content:item", ref)
    return render(request, "content/item_form.html", {"form": form, "item": found}, status=_status(form))


def _edit(actor: Actor, found: Item, form: forms.ItemForm) -> None:
    name, digest = _store(form)
    wording = form.wording(digest or found.file_hash)
    services.edit_item(actor=actor, ref=found.ref, wording=wording, file=name or None, now=timezone.now())


@require_POST
@signed_in
def submit(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.submit_item(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Sent. Two other persons have to approve it."))
    return redirect("content:item", ref)


@require_POST
@signed_in
def approve(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = services.approve_item(
        actor=request.actor, ref=ref, seen_hash=request.POST.get("seen", ""), now=timezone.now()
    )
    done = found.state in (State.APPROVED, State.OUT)
    messages.success(
        request, _("Approved by two persons.") if done else _("Your yes is noted. One more person is needed.")
    )
    return redirect("content:item", ref)


@require_POST
@signed_in
def withdraw(request: ActedRequest, ref: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")[:500]
    services.withdraw_item(actor=request.actor, ref=ref, reason=reason, now=timezone.now())
    messages.success(request, _("Withdrawn. It leaves every phone at its next question."))
    return redirect("content:item", ref)


# Sheets


@get_or_post
@signed_in
def sheet_new(request: ActedRequest) -> HttpResponse:
    actor = _require(request, "content.write")
    form = forms.SheetForm(_posted(request), desks=queries.desks_of(actor))
    if request.method == "POST" and form.is_valid():
        try:
            found = _make_sheet(actor, form)
        except (BadInput, LimitReached) as error:
            form.add_error(None, _sheet_fault(error))
        else:
            return redirect("content:sheet", found.ref)
    return render(request, "content/sheet_form.html", {"form": form}, status=_status(form))


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
    actor = request.actor
    found = queries.get_sheet(actor=actor, ref=ref)
    rows = [one for one in queries.items_of_sheet(found) if one.state != State.WITHDRAWN]
    authors = queries.authors_of([one.pk for one in rows])
    own = any(actor.person_id in them for them in authors.values())
    said = all(_has_said(actor, one) for one in rows)
    context = {
        "sheet": found,
        "items": rows,
        "seen": rules.sheet_hash(rows),
        "own": own,
        "said": said,
        "needed": rules.APPROVALS_NEEDED,
        "may_write": access.may(actor, "content.write", found.unit),
        "may_approve": access.may(actor, "content.approve", found.unit)
        and found.state == State.SUBMITTED
        and not own
        and not said,
    }
    return render(request, "content/sheet.html", context)


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
    seen = request.POST.get("seen", "")
    found = services.approve_sheet(actor=request.actor, ref=ref, seen_hash=seen, now=timezone.now())
    done = found.state == State.APPROVED
    messages.success(
        request, _("Approved by two persons.") if done else _("Your yes is noted. One more person is needed.")
    )
    return redirect("content:sheet", ref)


@require_GET
@signed_in
def picture(request: ActedRequest, name: str) -> FileResponse:
    """A picture of an item that is out, or of one in the actor's charge."""
    found = queries.get_picture(actor=request.actor, name=name)
    path = settings.MEDIA_ROOT / "content" / found.file
    if not path.is_file():
        raise NotFound()
    return FileResponse(path.open("rb"), content_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})
