"""The interviewer's own pages: the day sheet, which the phone keeps, and one interview with its scorecard."""

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
from toli.recruitment import files, interviewing, queries, services
from toli.recruitment.forms import ScoreForm
from toli.recruitment.models import Interview, Round
from toli.recruitment.views.asking import get_or_post
from toli.ui.forms import add_refusal
from toli.ui.offline import kept_on_phone
from toli.ui.pages import ActedRequest, signed_in


@never_cache
@require_safe
@signed_in
@kept_on_phone
def day(request: ActedRequest) -> HttpResponse:
    """Whom my panels see today and in the coming week."""
    now = timezone.now()
    shown = {
        "panels": queries.panels_of_member(request.actor), "rows": queries.day_sheet(request.actor, now=now),
        "samples": queries.samples_to_score(request.actor), "now": now,
    }  # fmt: skip
    return render(request, "recruitment/interview_day.html", shown)


@never_cache
@get_or_post
@signed_in
@kept_on_phone
def score(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One interview: who, when, and my own scorecard. The number of a call is on no page that a phone keeps."""
    found = queries.get_interview_of_member(actor=request.actor, ref=ref)
    form = ScoreForm(request.POST or None, criteria=found.round.criteria)
    if request.method == "POST" and form.is_valid():
        try:
            _score(request, found, form)
            messages.success(request, _("Your score is kept. Thank you."))
            return redirect("recruitment:interview_day")
        except BadInput as error:
            add_refusal(form, error)
    return _page(request, found, form, status=422 if form.errors else 200)


def _score(request: ActedRequest, found: Interview, form: ScoreForm) -> None:
    note = form.cleaned_data["note"]
    services.score(actor=request.actor, ref=found.ref, marks=form.marks(), note=note, now=timezone.now())


def _page(
    request: ActedRequest, found: Interview, form: ScoreForm, *, number: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    begun = found.slot is None or found.slot.starts_at - interviewing.EARLY <= now
    shown = {
        "shown": queries.shown_to(request.actor, [found])[0], "interview": found, "form": form, "number": number,
        "cards": queries.cards_seen_by(request.actor, found), "begun": begun, "live": found.state in Interview.LIVE,
        "may_miss": begun and found.slot is not None and found.state in ("proposed", "confirmed"),
        "me": request.actor.person_id,
        "may_call": found.round.kind == Round.Kind.PHONE and found.slot is not None
        and interviewing.call_window(found.slot.starts_at).holds(now),
    }  # fmt: skip
    return render(request, "recruitment/score.html", shown, status=status)


@never_cache
@require_safe
@signed_in
def sample_file(request: ActedRequest, ref: UUID) -> HttpResponseBase:
    """The file of a work sample, for its panel. It is downloaded under a name that says nothing of whose it is."""
    found = queries.get_interview_of_member(actor=request.actor, ref=ref)
    sample = queries.sample_to_score(request.actor, found)
    body = files.open_file(sample.sha256, sample.kind)
    name = f"sample-{found.application.receipt[-4:]}.{files.ENDINGS[sample.kind]}"
    return FileResponse(body, as_attachment=True, filename=name, content_type=sample.kind)


@require_POST
@signed_in
@limited("reveal")
def call(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The number of this call, shown once."""
    number = services.open_number(actor=request.actor, ref=ref, now=timezone.now())
    found = queries.get_interview_of_member(actor=request.actor, ref=ref)
    return _page(request, found, ScoreForm(criteria=found.round.criteria), number=number)


@require_POST
@signed_in
def missed(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.mark_missed(actor=request.actor, ref=ref, now=timezone.now())
    messages.info(request, _("Noted. The next free time goes to the first who waits."))
    return redirect("recruitment:interview_day")


@require_POST
@signed_in
def conflict(request: ActedRequest, ref: UUID) -> HttpResponse:
    services.declare_conflict(actor=request.actor, ref=ref, now=timezone.now())
    messages.info(request, _("Noted. You will not be asked to score this person."))
    return redirect("recruitment:interview_day")
