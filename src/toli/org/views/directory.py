"""The directory of public offices and the register of official accounts."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit.errors import BadInput, NotAllowed, NotFound
from toli.org import access, queries, services
from toli.org.importing.directory import read_directory
from toli.org.importing.reading import sheet_of
from toli.org.importing.reasons import sentence_of
from toli.org.models import Unit
from toli.org.shape_forms import DirectoryFile, DirectoryForm, HandleForm, PlaceForm
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@require_safe
@signed_in
def directory(request: ActedRequest) -> HttpResponse:
    """Who holds public office, and who held it, each with its source."""
    if not access.may_anywhere(request.actor, "org.view"):
        raise NotFound()
    form = DirectoryForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    on = None if asked.get("former") else timezone.localdate()
    rows = queries.terms(words=asked.get("q") or "", kind=asked.get("kind") or "", on=on)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    may_import = access.may_anywhere(request.actor, "org.import")
    context = {"page": page, "filter_form": form, "may_import": may_import, "today": timezone.localdate()}
    return render(request, "org/directory.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("import")
def bring_in(request: ActedRequest) -> HttpResponse:
    """Show what a sheet of public offices means, and write it when asked to."""
    if not access.may_anywhere(request.actor, "org.import"):
        raise NotFound()
    sent = request.method == "POST"
    if sent:
        access.require_second_factor(request.actor, "org.import")
    form = DirectoryFile(request.POST if sent else None, request.FILES if sent else None)
    if not sent or not form.is_valid():
        return render(request, "org/directory_import.html", {"form": form}, status=422 if sent else 200)
    file = form.cleaned_data["file"]
    read = read_directory(sheet_of(file.read()))
    done = None
    if form.cleaned_data["write"] and read.rows:
        done = services.list_terms(actor=request.actor, rows=read.rows, source=file.name, now=timezone.now())
    refused = [(reason.line, sentence_of(reason)) for reason in read.refused]
    context = {"form": form, "read": read, "done": done, "refused": refused}
    return render(request, "org/directory_import.html", context)


@require_safe
def public_handles(request: ActedRequest) -> HttpResponse:
    """The accounts that speak for the organisation, for everybody. No operators."""
    return render(request, "org/handles_public.html", {"handles": queries.public_handles()})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def handles(request: ActedRequest) -> HttpResponse:
    """The register: declare an account, see what waits."""
    if not access.may_anywhere(request.actor, "org.view"):
        raise NotFound()
    tops = queries.roots(request.actor, "org.shape")
    scopes = [*tops, *(child for top in tops for child in queries.children_of(top).order_by("path")[:200])]
    sent = request.method == "POST"
    if sent:
        _require_shape(request, scopes)
    form = HandleForm(request.POST if sent else None, scopes=scopes)
    if sent and form.is_valid() and _declared(request, form):
        messages.success(request, _("Declared. It is shown to the public when a second person confirms it."))
        return redirect("org:handles")
    page = Paginator(queries.handles(request.actor), 50).get_page(request.GET.get("page"))
    context = {"page": page, "form": form if scopes else None}
    return render(request, "org/handles.html", context, status=422 if sent else 200)


def _require_shape(request: ActedRequest, scopes: list[Unit]) -> None:
    if not scopes:
        raise NotAllowed()
    access.require_second_factor(request.actor, "org.shape")


def _declared(request: ActedRequest, form: HandleForm) -> bool:
    clean = form.cleaned_data
    try:
        services.declare_handle(
            actor=request.actor, unit_ref=UUID(clean["unit"]), platform=clean["platform"], handle=clean["handle"],
            url=clean["url"], automation=clean["automation"], now=timezone.now(),
        )  # fmt: skip
    except BadInput as refusal:
        add_refusal(form, refusal)
        return False
    return True


@require_safe
@signed_in
def handle(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One account: who operates it, and whoever could."""
    found = queries.get_handle(actor=request.actor, ref=ref)
    operators = list(queries.operators_of(found))
    cards = queries.cards(request.actor, [row.person for row in operators], reason="list")
    words = (request.GET.get("q") or "")[:80]
    may = access.may(request.actor, "org.shape", found.unit)
    people = list(queries.search_people(request.actor, words)[:20]) if words and may else []
    context = {
        "handle": found, "operators": cards, "may_shape": may,
        "found": queries.cards(request.actor, people, reason="list"),
        "mine": found.declared_by_id == request.actor.person_id, "place": PlaceForm(initial={"q": words}),
    }  # fmt: skip
    context["place"].fields["q"].label = _("Name of the person, in any spelling")  # type: ignore[attr-defined]
    return render(request, "org/handle.html", context)


@require_POST
@signed_in
def confirm(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.confirm_handle(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Confirmed. The public sees it from now on."))
    return redirect("org:handle", ref)


@require_POST
@signed_in
def end(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.end_handle(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("It is off the public page."))
    return redirect("org:handles")


@require_POST
@signed_in
def name_operator(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.name_operator(actor=request.actor, ref=ref, person_ref=_person(request, ref), now=timezone.now())
    return redirect("org:handle", ref)


@require_POST
@signed_in
def end_operator(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.end_operator(actor=request.actor, ref=ref, person_ref=_person(request, ref), now=timezone.now())
    return redirect("org:handle", ref)


def _person(request: ActedRequest, ref: UUID) -> UUID:
    """Who was chosen, for whoever may name operators of this account."""
    queries.get_handle(actor=request.actor, ref=ref, right="org.shape")
    try:
        return UUID(request.POST.get("person", ""))
    except ValueError:
        raise BadInput(_("Please choose a person.")) from None
