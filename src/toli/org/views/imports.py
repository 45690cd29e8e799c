"""Bringing in files on the desk: upload, columns, check, load, stop, undo, refused rows; each step also without
JavaScript.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org.import_forms import ColumnsForm, SheetForm, UploadForm
from toli.org.importing import asking, choosing, fields, files, undoing
from toli.org.importing.reasons import sentence_of
from toli.org.importing.rows import Reason
from toli.org.queries import imports as queries
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

PAGE, SHOWN_REASONS = 30, 60


@require_safe
@signed_in
def imports(request: ActedRequest) -> HttpResponse:
    """Every file brought in so far, and the door to the next one."""
    _need(request)
    page = Paginator(queries.imports(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "org/imports/list.html", {"page": page, "saved": files.saved_mappings()})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("import")
def new(request: ActedRequest) -> HttpResponse:
    """Take a file. Its columns are chosen on the next page."""
    _need(request)
    if request.method == "POST":
        access.require_second_factor(request.actor, "org.import")
    form = UploadForm(request.POST or None, request.FILES or None, saved=files.saved_mappings())
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "org/imports/new.html", {"form": form}, status=status)
    said = form.cleaned_data
    try:
        job = asking.accept_file(
            actor=request.actor, raw=said["file"], name=form.file_name, layout=_layout(said["layout"]),
            kind="stations" if said["layout"] == "renew" else "units", state_code=said["state_code"],
            list_date=said["list_date"], create_missing=said["create_missing"], saved=said["saved"],
            now=timezone.now(),
        )  # fmt: skip
    except BadInput as refusal:
        add_refusal(form, refusal)
        return render(request, "org/imports/new.html", {"form": form}, status=422)
    return redirect("org:import_columns", job.ref)


def _layout(chosen: str) -> str:
    return "stations" if chosen == "renew" else chosen


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def columns(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The first rows of the file, and for each column what it holds."""
    job = queries.get_import(actor=request.actor, ref=ref)
    if request.method != "POST":
        return _columns_page(request, job)
    try:
        if request.POST.get("act") == "again":
            return _again(request, ref)
        form = ColumnsForm(request.POST)
        if not form.is_valid():
            raise BadInput(_("Please correct the name or the level."))
        asking.choose_columns(
            actor=request.actor, ref=ref, chosen=_chosen(request), level=form.cleaned_data["level"],
            save_as=form.cleaned_data["save_as"], now=timezone.now(),
        )  # fmt: skip
    except BadInput as refusal:
        said = [str(refusal.sentence), *map(str, refusal.fields.values())] if refusal.fields else [str(refusal)]
        return _columns_page(request, job, refused=said[-1])
    return redirect("org:import", ref)


def _again(request: ActedRequest, ref: UUID) -> HttpResponse:
    form = SheetForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("The line of the headings is a whole number."))
    said = form.cleaned_data
    asking.show_again(
        actor=request.actor, ref=ref, page=said["page"], heading_line=said["heading_line"], now=timezone.now()
    )
    return redirect("org:import_columns", ref)


def _chosen(request: ActedRequest) -> dict[str, str]:
    """heading -> field: the columns come back with their headings, so that nothing rests on their order."""
    count = min(choosing.MOST_COLUMNS, len(request.POST))
    rows = ((request.POST.get(f"heading_{n}"), request.POST.get(f"field_{n}", "")) for n in range(count))
    return {heading[:200]: name[:60] for heading, name in rows if heading}


def _columns_page(request: ActedRequest, job: Any, refused: str = "") -> HttpResponse:
    sheet = asking.read(job, most=choosing.SEARCHED)
    mapped, saved = str(job.options.get("mapping", "")), job.options.get("mapping_name", "")
    warning = ""
    if not mapped and saved:
        mapped = files.saved_mapping(saved).read_text(encoding="utf-8")
    try:
        found = choosing.preview(sheet, job.layout, heading_line=job.options.get("heading_line"), saved=mapped)
    except BadInput as error:
        warning = str(error)
        found = choosing.preview(sheet, job.layout)
    chosen = _chosen(request) if refused else {}
    lines = [(column, chosen.get(column.heading, column.field)) for column in found.columns]
    context = {
        "job": job, "found": found, "lines": lines, "refused": refused, "warning": warning,
        "holdable": fields.choices(job.layout, [name for _column, name in lines if name]), "levels": queries.levels(),
        "needed": fields.needed_words(job.layout), "level": request.POST.get("level") or job.options.get("level", ""),
        "save_as": request.POST.get("save_as", saved), "unread": [c for c, name in lines if not name],
    }  # fmt: skip
    return render(request, "org/imports/columns.html", context, status=422 if refused else 200)


@require_safe
@signed_in
def import_(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Where an import stands; while it works, the middle of the page asks again by itself."""
    job = queries.get_import(actor=request.actor, ref=ref)
    context = _standing(job)
    if request.headers.get("HX-Request") == "true":
        return render(request, "org/imports/_standing.html", context)
    return render(request, "org/imports/import.html", context)


def _standing(job: Any) -> dict[str, Any]:
    said = files.reasons_of(job)
    kinds = Counter((one.code, one.refused) for one in said)
    groups = [
        (sentence_of(Reason(0, code)), refused, number, [one for one in said if one.code == code][:5])
        for (code, refused), number in kinds.most_common(SHOWN_REASONS)
    ]
    return {
        "job": job, "noticed": groups, "has_rejects": any(one.refused for one in said),
        "may_go_on": job.state in ("failed", "cancelled") and bool(job.options.get("mapping")) and job.kind == "units",
        "may_undo": job.parts and job.state in ("loaded", "failed", "cancelled"),
        "by_level": fields.level_counts(job.by_level), "step": fields.step_words(job.step),
    }  # fmt: skip


@require_POST
@signed_in
def load(request: ActedRequest, ref: UUID) -> HttpResponse:
    asking.load(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The import has begun. You may leave this page; it goes on."))
    return redirect("org:import", ref)


@require_POST
@signed_in
def stop(request: ActedRequest, ref: UUID) -> HttpResponse:
    job = asking.stop(actor=request.actor, ref=ref, now=timezone.now())
    said = _("It stops before its next part.") if job.stop_asked else _("The import is stopped.")
    messages.success(request, said)
    return redirect("org:import", ref)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def undo(request: ActedRequest, ref: UUID) -> HttpResponse:
    """What would be taken back and what stands in the way; then all of it, or the rest."""
    job = queries.get_import(actor=request.actor, ref=ref)
    if request.method == "POST":
        try:
            done = asking.undo(
                actor=request.actor, ref=ref, partly=request.POST.get("partly") == "1", now=timezone.now()
            )
        except undoing.Refused as refusal:
            return _undo_page(request, job, refusal.obstacles, str(refusal))
        said = _("%(removed)d units removed, %(restored)d as they were before, %(kept)d kept.")
        messages.success(request, said % {"removed": done.removed, "restored": done.restored, "kept": done.kept})
        return redirect("org:import", ref)
    return _undo_page(request, job, undoing.obstacles_of(job))


def _undo_page(request: ActedRequest, job: Any, obstacles: list[undoing.Obstacle], refused: str = "") -> HttpResponse:
    says: dict[int, list[str]] = {}
    for one in obstacles:
        says.setdefault(one.unit_id, []).append(str(one.says))
    shown = list(says)[: undoing.SHOWN]
    units = queries.units_by_id(shown)
    context = {
        "job": job, "in_the_way": [(units[pk], says[pk]) for pk in shown if pk in units], "number": len(says),
        "refused": refused, "may_undo": job.parts and job.state in ("loaded", "failed", "cancelled"),
    }  # fmt: skip
    return render(request, "org/imports/undo.html", context, status=409 if refused else 200)


@require_safe
@signed_in
def rejects(request: ActedRequest, ref: UUID) -> FileResponse:
    """The refused rows with their reasons, as a file that no sheet program runs."""
    job = queries.get_import(actor=request.actor, ref=ref)
    return FileResponse(
        files.rejects_of(job).open("rb"), as_attachment=True, filename="refused-rows.csv",
        content_type="text/csv; charset=utf-8",
    )  # fmt: skip


@require_safe
@signed_in
def mapping(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The mapping file of an import, as the command takes it."""
    job = queries.get_import(actor=request.actor, ref=ref)
    text = job.options.get("mapping")
    if not text:
        raise NotFound()
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="mapping.toml"'
    return answer


def _need(request: ActedRequest) -> None:
    if not access.may_anywhere(request.actor, "org.import"):
        raise NotFound()
