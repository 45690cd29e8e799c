"""After a placement: what the unplaced choose, who would still come, and what was filled past a drive."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.kit import language
from toli.org import access
from toli.org import queries as org
from toli.people import queries as people
from toli.recruitment import queries, services
from toli.recruitment.views.asking import desk_actor
from toli.ui.keyset import page_of
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50


@require_POST
def stay(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep me for other seats, let me help, or no, thank you: one tap."""
    found = services.choose_to_stay(
        actor=request.actor,  # type: ignore[attr-defined]
        ref=ref,
        choice=request.POST.get("choice", ""),
        language=language.current(),
        session_key=request.session.session_key or "",
        now=timezone.now(),
    )
    said = {
        "other_seats": _("Thank you. Coordinators near you see that you would come."),
        "supporter": _("Thank you for helping. Slogans and news stand on your day."),
        "no": _("Thank you for telling us. Your application is closed."),
    }
    messages.success(request, said[found.keeps])
    return redirect("recruitment:status")


@require_POST
def stay_on_lists(request: HttpRequest, ref: UUID) -> HttpResponse:
    """I have a place, and go on waiting for those I wished more; or no longer."""
    stays = request.POST.get("stays") == "yes"
    services.stay_on_lists(actor=request.actor, ref=ref, stays=stays, now=timezone.now())  # type: ignore[attr-defined]
    messages.success(
        request, _("You stay on these lists. Your place is yours until you say yes to another.") if stays
        else _("You are on no list any more. Your place stays yours."),
    )  # fmt: skip
    return redirect("recruitment:status")


@require_safe
@signed_in
def willing(request: ActedRequest) -> HttpResponse:
    """Who was not placed and would still come, with the seats that are vacant near them."""
    actor, keeps = desk_actor(request), request.GET.get("keeps", "")
    page = page_of(queries.willing(actor, keeps=keeps), request.GET, size=PAGE)
    shown = people.names_and_masks(actor, [row.person_id for row in page], reason="applicants")
    rows = [(one, *shown.get(one.application.person_id, ("", ""))) for one in queries.with_vacancies(actor, page.rows)]
    return render(request, "recruitment/willing.html", {"rows": rows, "page": page, "keeps": keeps})


@require_safe
@signed_in
def past(request: ActedRequest, key: str) -> HttpResponse:
    """Seats that this drive promised and somebody filled by hand, with the reasons."""
    actor = desk_actor(request)
    drive = queries.get_drive_seen(actor=actor, key=key)
    page = page_of(queries.past_drive(actor, drive), request.GET, size=PAGE, ref="appointment__ref")
    reasons = queries.past_reasons(page.rows)
    shown = {
        "drive": drive, "rows": [(row, reasons.get(row.appointment_id, "")) for row in page], "page": page,
        "reading": queries.reading_of(drive), "may_say": access.may_anywhere(actor, "org.offer"),
    }  # fmt: skip
    return render(request, "recruitment/past.html", shown)


@require_safe
@signed_in
def past_here(request: ActedRequest, ref: UUID) -> HttpResponse:
    """A line for the board of a unit, fetched after the board: what was filled past running drives under it."""
    actor = desk_actor(request)
    unit = org.get_unit(actor=actor, ref=ref, right="recruitment.view")
    found = queries.past_drives_under(actor, unit, now=timezone.now())
    return render(request, "recruitment/_past_here.html", {"past": found})


@require_POST
@signed_in
def past_reason(request: ActedRequest, key: str, ref: UUID) -> HttpResponse:
    services.give_reason(
        actor=desk_actor(request), key=key, ref=ref, reason=request.POST.get("reason", ""), now=timezone.now()
    )
    messages.success(request, _("The reason stands on the board now."))
    return redirect("recruitment:past", key)
