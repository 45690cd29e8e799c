"""Pages of the media library, the register of what AI made, and pages for the printer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.accounts.sessions import limited
from toli.content import forms, moving, queries, rules, services
from toli.content.models import Media
from toli.content.views.files import served
from toli.content.views.items import ON_A_PAGE, get_or_post, posted, require_right, status_of
from toli.kit import csvfile, dates
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@require_GET
@signed_in
def library(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.view")
    form = forms.MediaFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.media(actor, kind=chosen.get("kind", ""), state=chosen.get("state", ""), words=chosen.get("q", ""))
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "filter_form": form, "can_prepare": moving.is_there()}
    return render(request, "content/media.html", context)


@get_or_post
@signed_in
@limited("media")
def add(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.write")
    form = forms.MediaForm(posted(request), request.FILES or None, desks=queries.desks_of(actor))
    if request.method == "POST" and form.is_valid():
        try:
            found, fresh = _add(actor, form)
        except BadInput as error:
            add_refusal(form, error)
        else:
            if fresh:
                messages.success(request, _("Kept in the library."))
            else:
                messages.info(request, _("This very file is already in the library; nothing was added."))
            return redirect("content:media_one", found.ref)
    return render(request, "content/media_form.html", {"form": form}, status=status_of(form))


def _add(actor: Actor, form: forms.MediaForm) -> tuple[Media, bool]:
    return services.add_media(
        actor=actor, unit=form.cleaned_data["unit"], upload=form.cleaned_data["file"].file, rights=form.rights,
        made=form.declared, says_label=form.cleaned_data["says_label"], now=timezone.now(),
    )  # fmt: skip


@require_GET
@signed_in
def one(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = queries.get_media(actor=request.actor, ref=ref)
    return _page(request, found)


def _page(request: ActedRequest, found: Media, **filled: Any) -> HttpResponse:
    actor = request.actor
    may_write = access.may(actor, "content.write", found.unit) and found.state != Media.State.STOPPED
    today = dates.local_day(timezone.now())
    persons = list(found.persons.all())
    context = {
        "media": found, "persons": persons, "today": today, "may_write": may_write,
        "missing": found.shows_people and rules.missing_consent(persons, today),
        "refusal": rules.MEDIA_REFUSALS.get(found.refusal, ""), "items": queries.items_using(found)[:20],
        "can_prepare": moving.is_there(), "labelled": found.labelled.first(),
        "needs_recording": found.kind == Media.Kind.AUDIO and found.ai == Media.Ai.UNLABELLED
        and queries.recording_of_label(found.unit.path) is None,
        "person_form": filled.get("person_form") or forms.PersonForm(),
        "ai_form": filled.get("ai_form") or forms.AiForm(),
    }  # fmt: skip
    bound = [form for form in filled.values() if form.errors]
    return render(request, "content/media_one.html", context, status=422 if bound else 200)


@require_GET
@signed_in
def file(request: ActedRequest, ref: UUID) -> FileResponse:
    """The kept file. Raises NotFound while there is none."""
    found = queries.get_media(actor=request.actor, ref=ref)
    if not found.name:
        raise NotFound()
    return served(found.name)


@require_POST
@signed_in
def declare_ai(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = queries.get_media(actor=request.actor, ref=ref, right="content.write")
    form = forms.AiForm(request.POST)
    if form.is_valid():
        try:
            labelled = services.declare_ai(actor=request.actor, ref=ref, made=form.made(), now=timezone.now())
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Declared. This is the file with its label; the plain one is shown no more."))
            return redirect("content:media_one", labelled.ref)
    return _page(request, found, ai_form=form)


@require_POST
@signed_in
def note_person(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = queries.get_media(actor=request.actor, ref=ref, right="content.write")
    form = forms.PersonForm(request.POST)
    if form.is_valid():
        try:
            services.note_person(actor=request.actor, ref=ref, **form.cleaned_data, now=timezone.now())
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The consent is noted."))
            return redirect("content:media_one", ref)
    return _page(request, found, person_form=form)


@require_POST
@signed_in
def take_person_back(request: ActedRequest, ref: UUID, person: UUID) -> HttpResponse:
    services.take_person_back(actor=request.actor, ref=ref, person=person, now=timezone.now())
    messages.success(request, _("Taken back. What shows this person leaves every phone at its next question."))
    return redirect("content:media_one", ref)


@require_POST
@signed_in
def stop(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.stop_media(actor=request.actor, ref=ref, reason=request.POST.get("reason", "")[:500], now=timezone.now())
    messages.success(request, _("Taken out of use. What shows it became a draft."))
    return redirect("content:media_one", ref)


@require_GET
@signed_in
def register(request: ActedRequest) -> HttpResponse:
    """Everything made or changed with AI: who, with what, when, and where its label is."""
    actor = require_right(request, "content.view")
    page = Paginator(queries.ai_register(actor), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "content/media_register.html", {"page": page})


@require_GET
@signed_in
@limited("export")
def register_file(request: ActedRequest) -> StreamingHttpResponse:
    actor = require_right(request, "content.view")
    header = ("ref", "kind", "label", "tool", "made_by", "responsible", "declared_at", "labelled_at", "sha256", "state")
    rows = (
        (one.ref, one.kind, one.ai_label, one.ai_tool, one.ai_maker, one.responsible, _time(one.ai_declared_at),
         _time(one.labelled_at), one.digest, one.state)
        for one in queries.ai_register(actor).iterator(chunk_size=500)
    )  # fmt: skip
    name = 'attachment; filename="ai-register.csv"'
    return StreamingHttpResponse(
        csvfile.write(header, rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


def _time(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


@get_or_post
@signed_in
def print_item(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_item(actor=actor, ref=ref, right="content.write")
    form = forms.PrintForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            run = services.export_print(actor=actor, ref=ref, imprint=form.imprint, now=timezone.now())
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, _("The page is ready. The declaration is due in three days; it stands among the tasks.")
            )
            return redirect("content:print_run", run.ref)
    return render(request, "content/print_form.html", {"form": form, "item": found}, status=status_of(form))


@require_GET
@signed_in
def print_run(request: ActedRequest, ref: UUID) -> HttpResponse:
    run = queries.get_print_run(actor=request.actor, ref=ref)
    return render(request, "content/print_run.html", {"run": run})


@require_GET
@signed_in
def print_file(request: ActedRequest, ref: UUID) -> FileResponse:
    run = queries.get_print_run(actor=request.actor, ref=ref)
    return served(f"{run.digest}.pdf", download="print.pdf")
