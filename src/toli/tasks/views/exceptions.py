"""Only what needs a hand, and acts on many lines at once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from toli.kit.errors import BadInput
from toli.kit.ids import uuid7
from toli.kit.language import text_of
from toli.kit.numbers import group
from toli.org import queries as org
from toli.org.models import Unit
from toli.tasks import queries, services
from toli.tasks.forms import BulkForm, ReasonForm, TroubleFilter
from toli.tasks.models import Assignment
from toli.tasks.services import BulkOutcome
from toli.tasks.views.desk import PAGE, need
from toli.ui.pages import ActedRequest, signed_in
from toli.ui.views import safe_next

NAMED_AT_MOST = 10


@signed_in
@require_safe
def exceptions(request: ActedRequest) -> HttpResponse:
    """Late, returned, not accepted, waiting: by the units below, then line by line."""
    need(request, "tasks.view")
    form = TroubleFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    now, actor = timezone.now(), request.actor
    tops = org.roots(actor, "tasks.view")
    unit = org.get_unit(actor=actor, ref=wanted["unit"], right="tasks.view") if wanted.get("unit") else None
    if unit is None and len(tops) == 1:
        unit = tops[0]
    task = queries.get_task(actor=actor, ref=wanted["task"]) if wanted.get("task") else None
    everything = queries.exceptions(actor, now=now, within=unit, task=task)
    rows = queries.exceptions(actor, now=now, within=unit, task=task, trouble=wanted.get("trouble", ""))
    counts, parts = queries.troubles_by_part(everything, unit) if unit else (queries.exception_counts(everything), [])
    trouble = wanted.get("trouble", "")
    context = {
        "page": _page(request, rows, counts[trouble] if trouble else sum(counts.values())), "filter_form": form,
        "unit": unit, "task": task, "counts": counts, "parts": parts, "bulk_ref": uuid7(), "now": now,
        "crumbs": _crumbs(tops, unit), "acts": queries.recent_bulk_acts(actor, now=now), "reason_form": ReasonForm(),
    }  # fmt: skip
    return render(request, "tasks/exception_list.html", context)


def _page(request: ActedRequest, rows: QuerySet[Assignment], how_many: int) -> Page[Assignment]:
    paginator = Paginator(rows, PAGE)
    paginator.count = how_many  # known from the counts: no need to count again
    page = paginator.get_page(request.GET.get("page"))
    page.object_list = queries.in_full(rows[page.start_index() - 1 : page.end_index()], rows) if how_many else []
    return page


def _crumbs(tops: list[Unit], unit: Unit | None) -> list[Unit]:
    """The way up, as far as the actor's own charge."""
    if unit is None:
        return []
    return [u for u in org.ancestors_of(unit) if any(u.path.startswith(top.path) for top in tops)]


@signed_in
@require_POST
def bulk(request: ActedRequest) -> HttpResponse:
    """Verify, return or remind every chosen line."""
    need(request, "tasks.verify")
    form = BulkForm(request.POST)
    back = safe_next(request, reverse("tasks:exceptions"))
    try:
        outcome = _do(request, form)
    except BadInput as error:
        messages.error(request, str(next(iter(error.fields.values()), error.sentence)))
        return redirect(back)
    said = ngettext("Done for %(n)s line.", "Done for %(n)s lines.", len(outcome.done))
    _say(request, said, outcome)
    return redirect(back)


def _do(request: ActedRequest, form: BulkForm) -> BulkOutcome:
    if not form.is_valid():
        raise BadInput(_("Please choose at least one line."))
    data = form.cleaned_data
    common = {"actor": request.actor, "refs": data["refs"], "ref": data["ref"], "now": timezone.now()}
    if data["act"] == "return":
        return services.bulk_return(reason=data["reason"], **common)
    return services.bulk_verify(**common) if data["act"] == "verify" else services.bulk_remind(**common)


@signed_in
@require_POST
def undo(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Put back how it was before one's own bulk act."""
    outcome = services.undo(actor=request.actor, ref=ref, now=timezone.now())
    _say(request, ngettext("Undone for %(n)s line.", "Undone for %(n)s lines.", len(outcome.done)), outcome)
    return redirect(safe_next(request, reverse("tasks:exceptions")))


def _say(request: ActedRequest, said: str, outcome: BulkOutcome) -> None:
    """How many, and by name what was left alone, with the reason."""
    messages.success(request, said % {"n": group(len(outcome.done))})
    for assignment, sentence in outcome.left[:NAMED_AT_MOST]:
        messages.warning(request, f"{text_of(assignment.unit.names)}: {sentence}")
    if len(outcome.left) > NAMED_AT_MOST:
        more = group(len(outcome.left) - NAMED_AT_MOST)
        messages.warning(request, _("%(n)s more were left as they are.") % {"n": more})
