"""A volunteer's tasks on the phone. Every act is a plain form: it works without JavaScript."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit.errors import BadInput
from toli.tasks import photos, queries, services
from toli.tasks.forms import HandInForm
from toli.tasks.queries import MyShare
from toli.ui.forms import add_refusal
from toli.ui.offline import keep_until, kept_on_phone
from toli.ui.pages import ActedRequest, signed_in


@never_cache
@signed_in
@require_safe
@kept_on_phone
def tasks(request: ActedRequest) -> HttpResponse:
    now = timezone.now()
    work, muted = queries.my_work(request.actor, now=now), queries.has_muted(request.actor)
    return render(request, "tasks/my_list.html", {"work": work, "muted": muted, "now": now})


@signed_in
@require_POST
def reminders(request: ActedRequest) -> HttpResponse:
    """Turn reminders by SMS off or on again for oneself."""
    if request.POST.get("on") == "1":
        services.unmute_reminders(actor=request.actor)
        messages.success(request, _("You are reminded by SMS again."))
    else:
        services.mute_reminders(actor=request.actor, now=timezone.now())
        messages.success(request, _("No more reminders by SMS. Here you still see them."))
    return redirect("tasks:mine")


@never_cache
@signed_in
@require_safe
@kept_on_phone
def task(request: ActedRequest, ref: UUID) -> HttpResponse:
    shown = queries.my_share(request.actor, ref, now=timezone.now())
    response = _page(request, shown)
    return keep_until(response, shown.law_turns_at)


def _page(request: ActedRequest, shown: MyShare, form: HandInForm | None = None) -> HttpResponse:
    assignment = shown.assignment
    is_mine = assignment.accepted_by_id == request.actor.person_id
    if form is None and is_mine and assignment.state in (assignment.State.ACCEPTED, assignment.State.RETURNED):
        form = HandInForm(task=assignment.task)
    context = {
        "shown": shown, "assignment": assignment, "task": assignment.task, "is_mine": is_mine, "form": form,
        "now": timezone.now(), "joined": queries.joined_shares(assignment),
    }  # fmt: skip
    return render(request, "tasks/my_task.html", context, status=422 if form and form.errors else 200)


@signed_in
@require_POST
def accept(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.accept_assignment(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("Thank you. The task is yours now."))
    return redirect("tasks:my_task", ref)


@signed_in
@require_POST
@limited("upload")
def hand_in(request: ActedRequest, ref: UUID) -> HttpResponse:
    now = timezone.now()
    shown = queries.my_share(request.actor, ref, now=now)
    form = HandInForm(request.POST, request.FILES, task=shown.assignment.task)
    if form.is_valid():
        try:
            services.hand_in(
                actor=request.actor, ref=ref, hand_in_ref=form.cleaned_data["ref"], now=now, **form.proofs()
            )
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Handed in. Your coordinator will look at it."))
            return redirect("tasks:my_task", ref)
    return _page(request, shown, form)


@signed_in
@require_safe
def photo(request: ActedRequest, ref: UUID) -> HttpResponseBase:
    """The photo of a hand-in, for its owner and for whoever may see the share. Kept by no cache on the way."""
    kept = queries.photo_for(actor=request.actor, ref=ref, now=timezone.now())
    response = FileResponse(photos.open_file(kept.digest), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Disposition"] = "inline"
    return response
