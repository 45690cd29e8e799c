"""Giving a task: place and template, words and target, a look at the split, then out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from toli.kit.errors import BadInput, NotFound, WrongState
from toli.kit.numbers import group
from toli.org import access
from toli.org import queries as org
from toli.org.models import Level, Unit
from toli.tasks import queries, services
from toli.tasks.forms import GiveForm, PlaceForm, first_values
from toli.tasks.models import TaskTemplate
from toli.tasks.queries import Preview
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: ActedRequest) -> HttpResponse:
    units = queries.units_to_give(request.actor)
    if not units:
        raise NotFound()
    unit = _chosen_unit(request, units)
    levels = queries.levels_below(unit)
    fitting = {level.pk for level in levels}
    templates = [t for t in queries.templates_for(unit) if t.level_id in fitting]
    template = next((t for t in templates if str(t.ref) == request.GET.get("template")), None)
    if request.method == "POST" and "retire" in request.POST and template is not None:
        return _retire(request, template)
    form = _form(request, unit, levels, template, now=timezone.now())
    preview: Preview | None = None
    if request.method == "POST" and form.is_valid():
        preview = queries.preview_split(unit=unit, **_split_of(form))
        if "give" in request.POST and (response := _give(request, form, unit, template)):
            return response
    place = PlaceForm(
        initial={"unit": unit.ref, "template": template.ref if template else ""}, units=units, templates=templates
    )
    context = {
        "place_form": place, "form": form, "unit": unit, "preview": preview, "template": template,
        "silent": _silent(form, unit),
        "may_retire": template is not None and access.may(request.actor, "tasks.give", template.unit, template.wing_id),
    }  # fmt: skip
    return render(request, "tasks/task_give.html", context, status=422 if form.errors else 200)


def _retire(request: ActedRequest, template: TaskTemplate) -> HttpResponse:
    services.retire_template(actor=request.actor, ref=template.ref)
    messages.success(request, _("This template is offered no longer. Tasks given from it stay."))
    return redirect("tasks:give")


def _chosen_unit(request: ActedRequest, units: list[Unit]) -> Unit:
    wanted = request.GET.get("unit")
    if not wanted:
        return units[0]
    found = next((unit for unit in units if str(unit.ref) == wanted), None)
    if found is None:
        raise NotFound()
    return found


def _form(
    request: ActedRequest, unit: Unit, levels: list[Level], template: TaskTemplate | None, *, now: datetime
) -> GiveForm:
    lists: dict[str, Any] = {"levels": levels, "wings": list(org.wings()), "parts": list(org.children_of(unit))}
    if request.method == "POST":
        return GiveForm(request.POST, **lists)
    level = template.level if template else levels[-1]
    teams = queries.teams_under(unit, level)
    first = {"level": str(level.pk), **first_values(template, teams=teams, now=now)}
    return GiveForm(initial=first, **lists)


def _split_of(form: GiveForm) -> dict[str, Any]:
    asked = form.asked()
    return {name: asked[name] for name in ("level", "wing", "target", "only")}


def _silent(form: GiveForm, unit: Unit) -> list[Unit]:
    """Constituencies in which an appeal would be held back now."""
    is_appeal = form.is_bound and form.is_valid() and form.cleaned_data["kind"] == "appeal"
    return queries.silent_under(unit, timezone.now()) if is_appeal else []


def _give(request: ActedRequest, form: GiveForm, unit: Unit, template: TaskTemplate | None) -> HttpResponse | None:
    """The way to the new task, or None with the reasons on the form."""
    now, asked = timezone.now(), form.asked()
    try:
        task = services.give_task(actor=request.actor, unit=unit, template=template, now=now, **asked)
        if form.cleaned_data["keep"] and template is None:
            services.keep_as_template(actor=request.actor, task=task, now=now)
    except BadInput as error:
        add_refusal(form, error)
        return None
    except WrongState as error:
        form.add_error(None, str(error))
        return None
    teams = queries.top_in_charge(actor=request.actor, task=task).teams
    said = ngettext("The task is given to %(n)s team.", "The task is given to %(n)s teams.", teams)
    messages.success(request, said % {"n": group(teams)})
    return redirect("tasks:task", task.ref)
