"""Why I was placed or not, and my appeal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from toli.kit.errors import BadInput
from toli.recruitment import appealing, queries, services
from toli.recruitment.forms.placement import AppealForm
from toli.recruitment.views.asking import get_or_post, holder_of
from toli.ui.forms import add_refusal


@never_cache
@get_or_post
def why(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What a signed placement says to me, wish by wish; a POST appeals against it."""
    if holder_of(request) is None:
        return redirect("recruitment:status")
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    found = queries.explained(actor=actor, ref=ref)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.make_appeal(actor=actor, ref=ref, words=form.cleaned_data["words"], now=now)
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Your appeal has arrived. You read the answer here."))
            return redirect("recruitment:why", ref)
    shown = {"found": found, "form": form, "votes": _answers(found), "now": now} | _until(found)
    shown["cards"] = queries.marks_of(found.application) if found else []
    return render(request, "recruitment/why.html", shown, status=422 if form.errors else 200)


def _until(found: queries.Explained | None) -> dict[str, object]:
    if found is None or found.run.signed_b_at is None:
        return {"may_appeal": False}
    until = appealing.deadline(found.run.signed_b_at, found.run.drive.appeal_days)
    return {"until": until, "may_appeal": found.appeal is None and timezone.now() < until}


def _answers(found: queries.Explained | None) -> list[str]:
    """The reasons of those who decided, once it is decided."""
    if found is None or found.appeal is None or found.appeal.state == "open":
        return []
    upheld = found.appeal.state == "upheld"
    return [vote.reason for vote in found.appeal.votes.order_by("at") if vote.upholds is upheld]
