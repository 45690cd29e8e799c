"""Running a drive: what it is, its questions, its places, the order of its units."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from toli.accounts.sessions import read_ref
from toli.consent import queries as consent
from toli.kit.errors import BadInput
from toli.org import queries as org
from toli.org.models import Unit
from toli.recruitment import queries, questions, services
from toli.recruitment.forms import running as forms
from toli.recruitment.views.asking import desk_actor, get_or_post
from toli.ui.forms import add_refusal
from toli.ui.keyset import page_of
from toli.ui.pages import ActedRequest, signed_in

PAGE = 100


@get_or_post
@signed_in
def drive_change(request: ActedRequest, key: str) -> HttpResponse:
    """What the drive is: dates, target, wings, levels, wishes, days, seed; and which notice people read."""
    actor = desk_actor(request)
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    form = forms.DriveChangeForm(
        request.POST or None, drive=drive, levels=queries.team_levels(), wings=queries.all_wings()
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_drive(actor=actor, key=key, changes=form.changes())
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved. The page to join shows it from now on."))
            return redirect("recruitment:board", key)
    shown = {"drive": drive, "form": form, "notice": consent.current_notice(drive.notice_key)}
    return render(request, "recruitment/drive_change.html", shown, status=422 if form.errors else 200)


@get_or_post
@signed_in
def drive_questions(request: ActedRequest, key: str) -> HttpResponse:
    """What the drive asks beside name and number. Saving makes a new version."""
    actor = desk_actor(request)
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    current = queries.current_form(drive)
    asked = questions.read(current.questions) if current else []
    rows = forms.question_rows(asked, request.POST if request.method == "POST" else None)
    if request.method == "POST" and all([row.is_valid() for row in rows]):  # noqa: C419  every row shows its faults
        filled = forms.asked_in(rows)
        try:
            made = services.save_questions(
                actor=actor, key=key, asked=[one for _row, one in filled], now=timezone.now()
            )
        except BadInput as error:
            _mark(filled, error)
        else:
            messages.success(request, _("Saved as version %(n)s. Who has answered keeps theirs.") % {"n": made.number})
            return redirect("recruitment:questions", key)
    wrong = any(row.errors for row in rows)
    shown = {"drive": drive, "rows": rows, "versions": queries.form_versions(drive), "wrong": wrong}
    return render(request, "recruitment/drive_questions.html", shown, status=422 if wrong else 200)


def _mark(filled: list[tuple[Any, Any]], error: BadInput) -> None:
    """Put each refusal on its row; "3-hi" is the fourth filled row's Hindi text."""
    for name, sentence in (error.fields or {"0-hi": error.sentence}).items():
        place, _dash, part = name.partition("-")
        row = filled[int(place)][0]
        row.add_error(part if part in row.fields else "hi", str(sentence))


@require_safe
@signed_in
def drive_places(request: ActedRequest, key: str) -> HttpResponse:
    """The places a drive offers, with what they ask and prefer."""
    return _places_page(request, key)


def _places_page(request: ActedRequest, key: str, **shown: Any) -> HttpResponse:
    drive = queries.get_drive_in_charge(actor=desk_actor(request), key=key)
    words = request.GET.get("words", "").strip()[:80]
    page = page_of(queries.places_of(drive, words), request.GET, size=PAGE)
    one = queries.place_of(drive, read_ref(request.GET.get("place")))
    context = {
        "drive": drive, "page": page, "words": words, "one": one, "total": queries.capacity_of(drive),
        "form": _place_form(queries.units_to_choose(drive, words)),
        "rules_form": forms.PlaceRulesForm(initial=forms.rules_initial(one)), **shown,
    }  # fmt: skip
    wrong = any(form.errors for form in shown.values())
    return render(request, "recruitment/drive_places.html", context, status=422 if wrong else 200)


def _place_form(units: QuerySet[Unit], data: Any = None) -> forms.PlaceForm:
    return forms.PlaceForm(data, units=units, teams=org.team_kinds(), roles=org.roles_of_teams())


@require_POST
@signed_in
def places_take(request: ActedRequest, key: str) -> HttpResponse:
    found = services.take_vacant_places(actor=desk_actor(request), key=key)
    messages.success(request, _("%(n)s places are offered, as many as seats are vacant now.") % {"n": found})
    return redirect("recruitment:places", key)


@require_POST
@signed_in
def place_set(request: ActedRequest, key: str) -> HttpResponse:
    actor = desk_actor(request)
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    form = _place_form(queries.units_to_offer_in(drive), request.POST)
    if form.is_valid():
        try:
            services.set_place(actor=actor, key=key, **form.values())
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Offered."))
            return redirect("recruitment:places", key)
    return _places_page(request, key, form=form)


@require_POST
@signed_in
def places_rules(request: ActedRequest, key: str) -> HttpResponse:
    """What one place, or every place of the drive, asks and prefers."""
    actor = desk_actor(request)
    queries.get_drive_in_charge(actor=actor, key=key)
    form = forms.PlaceRulesForm(request.POST)
    if form.is_valid():
        try:
            n = services.set_place_rules(actor=actor, key=key, ref=read_ref(request.POST.get("place")), **form.rules())
        except BadInput as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Set for %(n)s places.") % {"n": n})
            return redirect("recruitment:places", key)
    return _places_page(request, key, rules_form=form)


@require_POST
@signed_in
def place_withdraw(request: ActedRequest, key: str, ref: UUID) -> HttpResponse:
    services.withdraw_place(actor=desk_actor(request), key=key, ref=ref, now=timezone.now())
    messages.success(request, _("Not offered any more. Wishes for it are passed over."))
    return redirect("recruitment:places", key)


@get_or_post
@signed_in
def drive_order(request: ActedRequest, key: str) -> HttpResponse:
    """Which units are interviewed first; a place set by hand carries its reason."""
    actor, now = desk_actor(request), timezone.now()
    drive = queries.get_drive_in_charge(actor=actor, key=key)
    form = forms.RankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.set_rank(
                actor=actor, key=key, unit_ref=given["unit"], rank=given["rank"], reason=given["reason"], now=now
            )
        except BadInput as error:
            add_refusal(form, error)
        else:
            return redirect("recruitment:order", key)
    shown = {"drive": drive, "form": form, "rows": queries.ranked_units(drive, now=now)}
    return render(request, "recruitment/drive_order.html", shown, status=422 if form.errors else 200)
