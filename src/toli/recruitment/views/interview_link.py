"""The candidate's own page of one interview, opened by the link of an SMS.

Whoever holds the link may confirm, move or decline this one appointment and sees nothing about the person. Opening it
changes nothing: phones and messengers open links by themselves.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import limited
from toli.kit import language
from toli.kit.errors import BadInput, WrongState
from toli.recruitment import calendar_file, interviewing, queries, services
from toli.recruitment.forms import SampleForm
from toli.recruitment.models import Interview, Round
from toli.ui.forms import add_refusal


@never_cache
@require_safe
def interview(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, queries.get_interview_of_link(code=code))


def _page(
    request: HttpRequest, found: Interview, *, form: SampleForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    is_open = _is_open(found)
    is_sample = found.round.kind == Round.Kind.WORK_SAMPLE
    room = found.slot is not None and interviewing.call_window(found.slot.starts_at).holds(now)
    shown = {
        "interview": found, "refusal": refusal, "is_sample": is_sample, "is_open": is_open,
        "times": queries.other_times(found, now=now) if is_open and found.moves < found.round.moves else [],
        "room": found.slot.panel.link if room and found.slot else "", "until": interviewing.hand_in_until(found.round),
        "form": form or SampleForm(blind=found.round.blind), "has_sample": is_sample and queries.has_sample(found),
    }  # fmt: skip
    return render(request, "recruitment/interview.html", shown, status=status)


def _is_open(found: Interview) -> bool:
    try:
        interviewing.check_answerable(found, now=timezone.now())
    except WrongState:
        return False
    return True


@require_POST
@limited("status")
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    services.confirm(code=code, now=timezone.now())
    messages.success(request, _("Confirmed. Thank you."))
    return redirect("recruitment:interview", code)


@require_POST
@limited("status")
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Another time; when it was taken a moment ago, the page comes again with the times that are left."""
    sent = request.POST.get("slot", "")
    slot = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else 0
    try:
        services.move(code=code, slot_id=slot, now=timezone.now())
    except WrongState as error:
        return _page(request, queries.get_interview_of_link(code=code), refusal=str(error), status=error.status)
    messages.success(request, _("Moved. The new time stands below."))
    return redirect("recruitment:interview", code)


@require_POST
@limited("status")
def decline(request: HttpRequest, code: str) -> HttpResponse:
    services.decline(code=code, now=timezone.now())
    messages.success(request, _("Your no is noted. Your application stays; nobody will ask you to this interview."))
    return redirect("recruitment:interview", code)


@require_POST
@limited("join")
def sample(request: HttpRequest, code: str) -> HttpResponse:
    """Hand in the work of a round without a meeting."""
    found = queries.get_interview_of_link(code=code)
    form = SampleForm(request.POST, request.FILES, blind=found.round.blind)
    if form.is_valid():
        try:
            services.hand_in_sample(code=code, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Your work has arrived. You can send it again until somebody looks at it."))
            return redirect("recruitment:interview", code)
        except BadInput as error:
            add_refusal(form, error)
    return _page(request, found, form=form, status=422)


@never_cache
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The appointment for the phone's own calendar."""
    found = queries.get_interview_of_link(code=code)
    text = calendar_file.of(found, language=language.current(), now=timezone.now())
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="toli-interview.ics"'
    return answer
