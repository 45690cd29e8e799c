"""The desk's applicants."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import is_asking, limited, read_ref
from toli.kit import language
from toli.kit.errors import BadInput
from toli.people import queries as people
from toli.recruitment import files, queries, rules, services
from toli.recruitment.forms import ApplicantFilter
from toli.recruitment.views.asking import desk_actor
from toli.ui.keyset import page_of
from toli.ui.pages import ActedRequest, signed_in

PAGE = 50


@require_safe
@limited("search", when=is_asking("words"))
@signed_in
def applicants(request: ActedRequest) -> HttpResponse:
    """Who waits for a seat in my charge, the longest waiting first."""
    actor = desk_actor(request)
    narrowed = ApplicantFilter(request.GET)
    filters = narrowed.filters()
    unit = queries.filter_unit(actor, filters)
    page = page_of(queries.applicants(actor, filters), request.GET, size=PAGE)
    people_shown = people.names_and_masks(actor, [row.person_id for row in page], reason="applicants")
    shown = {
        "page": page, "form": narrowed, "unit": unit,
        "counts": queries.state_counts(actor, unit=unit, drive=filters.drive),
        "rows": [(row, *people_shown.get(row.person_id, ("", ""))) for row in page], "now": timezone.now(),
    }  # fmt: skip
    return render(request, "recruitment/applicants.html", shown)


@require_safe
@signed_in
def applicant(request: ActedRequest, ref: UUID) -> HttpResponse:
    """One applicant, with the vacant seats near their place."""
    actor = desk_actor(request)
    found = queries.get_application(actor=actor, ref=ref)
    name, masked = people.names_and_masks(actor, [found.person_id], reason="applicant").get(found.person_id, ("", ""))
    seats = queries.seats_for(actor, found) if found.state == found.State.SUBMITTED else []
    shown = {
        "answers": queries.answers_of(actor, found, language.current()), "wishes": queries.wishes_of(found.pk),
        "clusters": queries.groups_of(actor, found), "scores": queries.scores_of(actor, found),
        "application": found, "name": name, "masked": masked, "above": queries.above([found.unit])[found.unit_id],
        "skills": [rules.SKILLS[key] for key in found.skills if key in rules.SKILLS],
        "seats": seats, "promised": queries.promised_seats(seats, now=timezone.now()),
    }  # fmt: skip
    return render(request, "recruitment/applicant.html", shown)


@require_safe
@signed_in
def answer_file(request: ActedRequest, ref: UUID, file: UUID) -> HttpResponseBase:
    """A file handed in with an answer. It is downloaded, never shown inside our pages."""
    actor = desk_actor(request)
    found = queries.get_answer_file(actor=actor, application=queries.get_application(actor=actor, ref=ref), ref=file)
    body = files.open_file(found.sha256, found.kind)
    name = f"{found.question}.{files.ENDINGS[found.kind]}"
    return FileResponse(body, as_attachment=True, filename=name, content_type=found.kind)


@require_POST
@signed_in
def offer(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = desk_actor(request)
    queries.get_application(actor=actor, ref=ref)
    seat = read_ref(request.POST.get("seat"))
    if seat is None:
        raise BadInput(_("Please choose a seat."))
    reason = request.POST.get("reason", "")
    services.offer_seat(actor=actor, ref=ref, seat_ref=seat, reason=reason, now=timezone.now())
    messages.success(request, _("The seat is offered. It counts as filled when the person accepts."))
    return redirect("recruitment:applicant", ref)
