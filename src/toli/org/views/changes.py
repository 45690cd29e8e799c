"""Changes of the tree: draw one up on a unit's page or from a sheet, look at it, decide, undo."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit.errors import BadInput, NotFound, ToliError
from toli.org import access, queries, services
from toli.org.importing.reading import sheet_of
from toli.org.importing.reorganisation import read_reorganisation
from toli.org.models import Unit
from toli.org.services import Line
from toli.org.shape_forms import MoveForm, PlaceForm, ReorganisationFile, SplitForm
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("import")
def changes(request: ActedRequest) -> HttpResponse:
    """Changes of the tree, newest first, and a sheet for a whole reorganisation."""
    if not access.may_anywhere(request.actor, "org.shape"):
        raise NotFound()
    if request.method == "POST":
        access.require_second_factor(request.actor, "org.shape")
    form = ReorganisationFile(_sent(request), request.FILES or None, initial={"on": timezone.localdate()})
    wishes = None
    if request.method == "POST" and form.is_valid():
        wishes = read_reorganisation(sheet_of(form.cleaned_data["file"].read()))
        if not wishes.refused:
            return _draft(request, form, form.cleaned_data["title"], wishes.lines) or _list(request, form, wishes)
    return _list(request, form, wishes)


def _list(request: ActedRequest, form: Form, wishes: object) -> HttpResponse:
    page = Paginator(queries.reorganisations(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "wishes": wishes}
    return render(request, "org/changes.html", context, status=422 if request.method == "POST" else 200)


def _draft(request: ActedRequest, form: Form, title: str, lines: list[Line]) -> HttpResponse | None:
    """The page of the drafted change; None when the service refused and the form says why."""
    try:
        made = services.draft_reorganisation(
            actor=request.actor, title=title, on=form.cleaned_data["on"], lines=lines, now=timezone.now()
        )
    except BadInput as refusal:
        add_refusal(form, refusal)
        return None
    return redirect("org:change", made.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reshape(request: ActedRequest, ref: UUID, act: str) -> HttpResponse:
    """Draw up a move, a split or a merger of one unit."""
    unit = queries.get_unit(actor=request.actor, ref=ref, right="org.shape")
    return ACTS[act](request, unit)


def _move(request: ActedRequest, unit: Unit) -> HttpResponse:
    return _to_another(request, unit, "move", queries.parents_for(request.actor, unit, _words(request)))


def _merge(request: ActedRequest, unit: Unit) -> HttpResponse:
    return _to_another(request, unit, "merge", queries.twins_for(request.actor, unit, _words(request)))


def _to_another(request: ActedRequest, unit: Unit, kind: str, targets: list[Unit]) -> HttpResponse:
    form = MoveForm(_sent(request), targets=targets)
    if form.is_bound and form.is_valid():
        to = next(u for u in targets if str(u.ref) == form.cleaned_data["to"])
        said = _("%(unit)s to %(to)s") if kind == "move" else _("%(unit)s into %(to)s")
        answer = _draft(request, form, said % {"unit": unit, "to": to}, [Line(kind, to, unit)])
        if answer is not None:
            return answer
    place = PlaceForm(initial={"q": _words(request)})
    context = {"unit": unit, "act": kind, "form": form, "place": place, "targets": targets}
    return render(request, "org/reshape.html", context, status=422 if form.is_bound else 200)


def _split(request: ActedRequest, unit: Unit) -> HttpResponse:
    children = list(queries.children_of(unit).order_by("level__rank", "id"))
    form = SplitForm(_sent(request), children=children)
    parent = queries.hierarchy_parent(unit, "org")
    if form.is_bound and form.is_valid() and parent is not None:
        refs = set(form.refs())
        code = queries.code_key(form.cleaned_data["code"])
        lines = [Line("create", parent, code=code, level=unit.level, names=form.names())]
        lines += [Line("move", code, child) for child in children if child.ref in refs]
        answer = _draft(request, form, _("%(new)s out of %(unit)s") % {"new": form.names()["en"], "unit": unit}, lines)
        if answer is not None:
            return answer
    context = {"unit": unit, "act": "split", "form": form, "children": children, "parent": parent}
    return render(request, "org/reshape.html", context, status=422 if form.is_bound else 200)


ACTS: dict[str, Callable[[ActedRequest, Unit], HttpResponse]] = {"move": _move, "split": _split, "merge": _merge}


def _words(request: ActedRequest) -> str:
    return (request.GET.get("q") or "")[:80]


@require_safe
@signed_in
def change(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One change: what it would move and whose sight it changes, or what it did."""
    found = queries.get_reorganisation(actor=request.actor, ref=ref)
    waits = found.state in (found.State.DRAFT, found.State.PLANNED)
    lines = Paginator(queries.lines_of(found), 100).get_page(request.GET.get("page"))
    return render(
        request,
        "org/change.html",
        {
            "change": found,
            "lines": lines,
            "page": lines,
            "preview": queries.preview_of(found) if waits else None,
            "waits": waits,
            "to_come": found.on > timezone.localdate(),
            "may_shape": access.may_anywhere(request.actor, "org.shape"),
        },
    )


@require_POST
@signed_in
def decide(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Do it, or plan it for its day; a refusal stands on the page of the change."""
    try:
        done = services.decide_reorganisation(actor=request.actor, ref=ref, now=timezone.now())
    except BadInput as refusal:
        return _refused(request, ref, refusal)
    said = _("It is planned and will be done by itself on that day.") if done.state == "planned" else _("Done.")
    messages.success(request, said)
    return redirect("org:change", ref)


def _refused(request: ActedRequest, ref: UUID, refusal: ToliError) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect("org:change", ref)


@require_POST
@signed_in
def call_off(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.cancel_reorganisation(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Called off. Nothing was changed."))
    return redirect("org:change", ref)


@require_POST
@signed_in
def undo(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.undo_reorganisation(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Everything stands where it stood before."))
    return redirect("org:change", ref)


def _sent(request: ActedRequest) -> QueryDict | None:
    """What was sent, an empty form too; None when the page is only opened."""
    return request.POST if request.method == "POST" else None
