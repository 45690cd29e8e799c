"""The pages of one item, for those who write and those who approve."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from toli.accounts.sessions import limited
from toli.content import forms, queries, reading, rules, services
from toli.content.models import APPROVALS_NEEDED, Item, Media, State
from toli.content.views.files import served
from toli.kit import language
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org.models import Unit
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

get_or_post = require_http_methods(["GET", "POST"])
ON_A_PAGE = 50


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to."""
    return request.POST if request.method == "POST" else None


def require_right(request: ActedRequest, right: str) -> Actor:
    """The actor, when they have the right anywhere. Raises NotFound."""
    actor = request.actor
    if not access.may_anywhere(actor, right):
        raise NotFound()
    return actor


@require_GET
@signed_in
def items(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.view")
    form = forms.FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.items(
        actor, state=chosen.get("state", ""), matter=chosen.get("matter", ""), words=chosen.get("q", "")
    )
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    for one in page.object_list:
        hold = queries.hold_of(one)
        one.turn = rules.turn_of(one, held_at=hold.at if hold else None)
    waiting = queries.waiting_for(actor)[:20] if access.may_anywhere(actor, "content.approve") else []
    context = {"page": page, "filter_form": form, "sheets": queries.sheets(actor)[:10], "waiting": waiting}
    return render(request, "content/items.html", context)


@require_GET
@signed_in
def item(request: ActedRequest, ref: UUID) -> HttpResponse:
    return item_page(request, queries.get_item(actor=request.actor, ref=ref))


def item_page(request: ActedRequest, found: Item, error: BadInput | None = None) -> HttpResponse:
    """The item with everything that may be done to it; with `error`, what was typed and what is wrong with it."""
    context = {
        **_acts(request.actor, found),
        **reading.of_item(found, typed=request.POST, error=error, now=timezone.now()),
        "comments": queries.comments_on(found),
        "versions": queries.versions_of(found).count(),
    }
    return render(request, "content/item.html", {"item": found, **context}, status=422 if error else 200)


def _acts(actor: Actor, found: Item) -> dict[str, Any]:
    """Which buttons make sense; the services decide."""
    said = {yes.person_id for yes in found.live_approvals if yes.hash == found.hash}  # type: ignore[attr-defined]
    authors = queries.authors_of([found.pk])[found.pk]
    may_write = access.may(actor, "content.write", found.unit)
    may_approve = access.may(actor, "content.approve", found.unit)
    return {
        "said": len(said),
        "needed": APPROVALS_NEEDED,
        "own": actor.person_id in authors,
        "may_approve": may_approve
        and found.state == State.SUBMITTED
        and found.sheet_id is None
        and actor.person_id not in authors | said,
        "may_write": may_write and found.state != State.WITHDRAWN,
        "may_speak": may_write or may_approve,
        "may_clear_careful": access.may(actor, "content.approve_careful", found.unit),
    }


def _item_form(actor: Actor, *args: Any, **kwargs: Any) -> forms.ItemForm:
    return forms.ItemForm(
        *args, desks=queries.desks_of(actor), constituencies=queries.constituencies_for(actor),
        library=queries.usable_media(actor), **kwargs,
    )  # fmt: skip


@get_or_post
@signed_in
@limited("upload")
def write(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.write")
    form = _item_form(actor, posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = _write(actor, form)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved as a draft. Read it once more, then send it for approval."))
            return redirect("content:item", found.ref)
    return render(request, "content/item_form.html", {"form": form}, status=status_of(form))


def _write(actor: Actor, form: forms.ItemForm) -> Item:
    unit = form.cleaned_data["unit"]
    media = _media(actor, unit, form)
    return services.write_item(actor=actor, unit=unit, wording=form.wording(media), media=media, now=timezone.now())


def _media(actor: Actor, unit: Unit, form: forms.ItemForm) -> Media | None:
    """The file chosen from the library; a new picture goes into the library first. Raises BadInput."""
    if form.upload is None or form.upload.file is None:
        chosen: Media | None = form.cleaned_data["library"]
        return chosen
    owner = language.text_of(unit.names)
    rights = services.Rights(form.cleaned_data["text_hi"][:80], owner, Media.Licence.OWN)
    found, _fresh = services.add_media(
        actor=actor, unit=unit, upload=form.upload.file, rights=rights, made=None, now=timezone.now()
    )
    return found


def status_of(form: Any) -> int:
    """422 for a form that was refused."""
    return 422 if form.is_bound and form.errors else 200


@get_or_post
@signed_in
@limited("upload")
def edit(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_item(actor=actor, ref=ref, right="content.write")
    rules.check_editable(found)
    form = _item_form(actor, posted(request), request.FILES or None, initial=forms.initial_of(found))
    del form.fields["unit"]  # an item stays with its desk, also when somebody from above edits it
    if request.method == "POST" and form.is_valid():
        try:
            _edit(actor, found, form)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved. Earlier approvals were for the old words and are gone."))
            return redirect("content:item", ref)
    return render(request, "content/item_form.html", {"form": form, "item": found}, status=status_of(form))


def _edit(actor: Actor, found: Item, form: forms.ItemForm) -> None:
    media = _media(actor, found.unit, form)
    kept = replace(form.wording(media), channels=queries.channels_of(found), names_units=found.names_units)
    services.edit_item(actor=actor, ref=found.ref, wording=kept, media=media, now=timezone.now())


@require_POST
@signed_in
def submit(request: ActedRequest, ref: UUID) -> HttpResponse:
    urgent = request.POST.get("urgent") == "1"
    services.submit_item(actor=request.actor, ref=ref, urgent=urgent, now=timezone.now())
    messages.success(
        request,
        _("Sent. Any two on duty may approve it within five minutes.")
        if urgent
        else _("Sent. Two other persons have to approve it."),
    )
    return redirect("content:item", ref)


@require_POST
@signed_in
def approve(request: ActedRequest, ref: UUID) -> HttpResponse:
    try:
        found = services.approve_item(
            actor=request.actor, ref=ref, seen_hash=request.POST.get("seen", ""), now=timezone.now(),
            reasons=reading.reasons(request.POST), points=request.POST.getlist("point"),
        )  # fmt: skip
    except BadInput as error:
        return item_page(request, queries.get_item(actor=request.actor, ref=ref), error)
    messages.success(request, said_words(done=found.state in (State.APPROVED, State.OUT)))
    return redirect("content:item", ref)


def said_words(*, done: bool) -> str:
    """What somebody who just approved is told."""
    return _("Approved by two persons.") if done else _("Your yes is noted. One more person is needed.")


@require_POST
@signed_in
def withdraw(request: ActedRequest, ref: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")[:500]
    services.withdraw_item(actor=request.actor, ref=ref, reason=reason, now=timezone.now())
    messages.success(request, _("Withdrawn. It leaves every phone at its next question."))
    return redirect("content:item", ref)


@require_GET
@signed_in
def picture(request: ActedRequest, name: str) -> FileResponse:
    """The file of an item that is out, or of one in the actor's charge."""
    return served(queries.get_picture(actor=request.actor, name=name).file)
