"""The desk's pages of tasks: the list, one task with its tree of shares, one share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.tasks import queries, services
from toli.tasks.forms import HandInForForm, ReasonForm, TaskFilter
from toli.tasks.models import Assignment
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, page_or_fragment, signed_in

PAGE = 50


def need(request: ActedRequest, right: str) -> None:
    """A list of nothing is a page that does not exist for this person."""
    if not access.may_anywhere(request.actor, right):
        raise NotFound()


@signed_in
@require_safe
def tasks(request: ActedRequest) -> HttpResponse:
    """The tasks that reach my charge, each by my own part of it."""
    need(request, "tasks.view")
    form = TaskFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    now = timezone.now()
    page = Paginator(queries.tasks_found(request.actor, **wanted), PAGE).get_page(request.GET.get("page"))
    troubles = queries.exception_counts(queries.exceptions(request.actor, now=now))
    context = {"page": page, "filter_form": form, "troubles": troubles, "now": now}
    return render(request, "tasks/task_list.html", context)


@signed_in
@require_safe
def task(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One task: how far it is, and the shares below where the tree branches; `?at=` goes down."""
    found = queries.get_task(actor=request.actor, ref=ref)
    top = queries.top_in_charge(actor=request.actor, task=found)
    at = _share_at(request, found.pk) or queries.first_branching(top)
    if at.unit_id == top.unit_id:
        top = at  # units that became one may have two shares of a task
    parts = Paginator(queries.parts_of(at), PAGE).get_page(request.GET.get("page"))
    context = {
        "task": found, "top": top, "at": at, "page": parts, "path": queries.path_to(at, below=top),
        "reason_form": ReasonForm(), "now": timezone.now(), "held": queries.is_held_at(found, at.unit, timezone.now()),
        "may_withdraw": access.may(request.actor, "tasks.give", found.unit, found.wing_id),
    }  # fmt: skip
    return render(request, "tasks/task_tree.html", context)


def _share_at(request: ActedRequest, task_id: int) -> Assignment | None:
    try:
        ref = UUID(request.GET.get("at", ""))
    except ValueError:
        return None
    at = queries.get_assignment(actor=request.actor, ref=ref)
    if at.task_id != task_id:
        raise NotFound()
    return at


@signed_in
@require_POST
def withdraw_task(request: ActedRequest, ref: UUID) -> HttpResponse:
    found = services.withdraw_task(actor=request.actor, ref=ref, reason=_reason(request), now=timezone.now())
    messages.success(request, _("The task was taken back from every team that had not finished it."))
    return redirect("tasks:task", found.ref)


@signed_in
@require_safe
def share(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One team's share: what was handed in, and what can be done about it."""
    return _share_page(request, queries.get_assignment(actor=request.actor, ref=ref))


def _share_page(request: ActedRequest, found: Assignment, form: HandInForForm | None = None) -> HttpResponse:
    now = timezone.now()
    if form is None and access.may(request.actor, "tasks.hand_in_for", found.unit, found.wing_id):
        form = HandInForForm(task=found.task, team=queries.team_choices(request.actor, found, now=now))
    context: dict[str, Any] = {
        "assignment": found, "task": found.task, "hand_ins": queries.hand_ins_for(request.actor, found, now=now),
        "form": form, "now": now, "held": queries.is_held_at(found.task, found.unit, now), "reason_form": ReasonForm(),
        "matches": queries.matches_of(request.actor, found, now=now), "joined": queries.joined_shares(found),
    }  # fmt: skip
    return render(request, "tasks/share_page.html", context, status=422 if form and form.errors else 200)


@signed_in
@require_POST
def verify(request: ActedRequest, ref: UUID) -> HttpResponse:
    assignment = services.verify_assignment(actor=request.actor, ref=ref, now=timezone.now())
    return _changed(request, assignment)


@signed_in
@require_POST
def give_back(request: ActedRequest, ref: UUID) -> HttpResponse:
    assignment = services.return_assignment(actor=request.actor, ref=ref, reason=_reason(request), now=timezone.now())
    return _changed(request, assignment)


@signed_in
@require_POST
def judge_photos(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Say whether two photos are one; what is done about the work stays with who verifies it."""
    answer = request.POST.get("answer", "")
    match = services.judge_photos(actor=request.actor, ref=ref, answer=answer, now=timezone.now())
    messages.success(request, _("Noted. Verify the work or return it as you see fit."))
    return redirect("tasks:share", match.hand_in.assignment.ref)


@signed_in
@require_POST
def remind(request: ActedRequest, ref: UUID) -> HttpResponse:
    reminder = services.remind(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The reminder goes out now."))
    return _changed(request, reminder.assignment)


@signed_in
@require_POST
def withdraw_share(request: ActedRequest, ref: UUID) -> HttpResponse:
    assignment = services.withdraw_share(actor=request.actor, ref=ref, reason=_reason(request), now=timezone.now())
    return _changed(request, assignment)


@signed_in
@require_POST
@limited("upload")
def hand_in_for(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Hand in what a named person of the team did."""
    found = queries.get_assignment(actor=request.actor, ref=ref, right="tasks.hand_in_for")
    now = timezone.now()
    team = queries.team_choices(request.actor, found, now=now)
    form = HandInForForm(request.POST, request.FILES, task=found.task, team=team)
    if form.is_valid():
        try:
            services.hand_in_for(
                actor=request.actor, ref=ref, person_ref=UUID(form.cleaned_data["person"]), now=now,
                hand_in_ref=form.cleaned_data["ref"], **form.proofs(),
            )  # fmt: skip
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The work is handed in and waits to be verified by somebody else."))
            return redirect("tasks:share", ref)
    return _share_page(request, found, form)


def _reason(request: ActedRequest) -> str:
    form = ReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""


def _changed(request: ActedRequest, assignment: Assignment) -> HttpResponse:
    """The share's line as it is now; without JavaScript the page the press came from."""
    context = {"assignment": assignment, "now": timezone.now(), "shows_task": request.POST.get("list") == "exceptions"}
    return page_or_fragment(
        request, "tasks/_assignment_row.html", context, page=reverse("tasks:share", args=[assignment.ref])
    )
