"""The pages of the war room: one query or one service, then render."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from toli.content import queries as content
from toli.kit import dates, language
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.org import access
from toli.org import queries as org
from toli.org.models import Unit, Wing
from toli.people import queries as people
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in
from toli.warroom import charts, forms, queries, rules, services
from toli.warroom.models import Shift
from toli.warroom.queries.board import Board, wings

ROWS_ON_A_PAGE, MOST_FLAGS = 60, 200
VIEWS = ("table", "bars", "tiles")
VERIFIED_FOR = timedelta(days=180)


def unit_or_top(actor: Actor, ref: UUID | None) -> Unit:
    """The unit asked for, or the highest the actor looks after. Raises NotFound."""
    if ref is not None:
        return org.get_unit(actor=actor, ref=ref, right="board.view")
    tops = org.roots(actor)
    if not tops:
        raise NotFound(_("The board opens with a seat that may see it. Ask your coordinator."))
    return tops[0]


def crumbs(actor: Actor, unit: Unit) -> list[Unit]:
    """The way down to the unit, from where the actor's view begins."""
    return [above for above in org.ancestors_of(unit) if access.may(actor, "board.view", above)]


@signed_in
@require_GET
def board(request: ActedRequest, ref: UUID | None = None) -> HttpResponse:
    """Any unit with what lies below it; filters, order and view stand in the address."""
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    levels = queries.children_levels(unit)
    known = wings()
    filters = forms.BoardFilter(request.GET, levels=levels, wings=known)
    shown = _read(actor, unit, filters, known, now)
    show = request.GET.get("show") if request.GET.get("show") in VIEWS else "table"
    values = {
        "board": shown, "unit": unit, "filters": filters, "show": show, "views": VIEWS, "now": now,
        "is_constituencies": any(row.level == "constituency" for row in shown.rows),
        "query": request.GET.urlencode(),
        "chart": charts.data(shown.rows, language.current()) if show == "bars" else None,
        "shown": Paginator(shown.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    if request.headers.get("HX-Target") == "board":
        return render(request, "warroom/_board.html", values)
    tops, flags = org.roots(actor), list(queries.open_flags(within=[unit.path])[:MOST_FLAGS])
    return render(request, "warroom/board.html", {
        **values, "above": crumbs(actor, unit), "tops": tops if len(tops) > 1 else [],
        "text": _text(shown), "flags": flags[:3], "flag_count": len(flags),
        "seats": queries.seats_of(unit) if not shown.rows else [],
        "sees_records": access.may(actor, "audit.view", unit),
        "may_flag": access.may(actor, "warroom.own_shift", unit), "flag_form": forms.FlagForm(),
        "may_close": access.may(actor, "warroom.shifts", unit),
    })  # fmt: skip


def _read(actor: Actor, unit: Unit, filters: forms.BoardFilter, known: list[Wing], now: datetime) -> Board:
    wing = filters.value("wing")
    wing_id = next((w.pk for w in known if w.key == wing), 0)
    found = queries.board(actor=actor, unit=unit, now=now, level=filters.value("level"), wing_id=wing_id)
    rows = rules.chosen(found.rows, only=filters.value("only"), words=filters.value("q"))
    if any(row.level == "constituency" for row in rows):
        states = content.todays_items([row.id for row in rows], dates.local_day(now))
        for row in rows:
            row.item = states[row.id]
    found.rows = rules.arrange(rows, filters.value("sort") or "-missing", language.current())
    return found


def _text(shown: Board) -> str:
    """Always Hindi: it goes into message groups."""
    with override("hi"):
        name = shown.whole.names.get("hi") or next(iter(shown.whole.names.values()), "")
        moment = dates.datetime_text(shown.as_of, "hi")
        return rules.board_text(name, shown.whole, shown.rows, moment=moment, language="hi")


@signed_in
@require_GET
def board_text(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The board as a message for a group, as plain text."""
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    known = wings()
    filters = forms.BoardFilter(request.GET, levels=queries.children_levels(unit), wings=known)
    return HttpResponse(_text(_read(actor, unit, filters, known, now)), content_type="text/plain; charset=utf-8")


@signed_in
@require_GET
def ticker(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    unit = unit_or_top(actor, ref)
    return render(request, "warroom/_ticker.html", {"records": queries.ticker(actor=actor, unit=unit), "unit": unit})


@signed_in
@require_GET
def polls(request: ActedRequest) -> HttpResponse:
    """The seats with a poll ahead, one row each."""
    actor, now = request.actor, timezone.now()
    unit_or_top(actor, None)
    rows = queries.poll_rows(actor=actor, now=now, verified_since=now - VERIFIED_FOR)
    states = content.todays_items([row.id for row in rows], dates.local_day(now))
    for row in rows:
        row.item_state = states[row.id]
        row.grade = rules.grade({"accepted": row.accepted, "verified": row.verified}, age=timedelta(0))
    page = "warroom/_polls.html" if request.headers.get("HX-Target") == "polls" else "warroom/polls.html"
    with override("hi"):
        text = rules.polls_text(rows, now=now)
    phases = [(row, row.phase(now)) for row in rows]
    return render(request, page, {"rows": phases, "now": now, "text": text})


@signed_in
@require_GET
def short(request: ActedRequest, ref: UUID | None = None) -> HttpResponse:
    """Who is short, and the next act for each."""
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    below = queries.board(actor=actor, unit=unit, now=now).rows
    return render(request, "warroom/short.html", {
        "unit": unit, "above": crumbs(actor, unit), "now": now,
        "teams": queries.short_teams(unit, levels=queries.children_levels(unit)),
        "missing": queries.most(below, "missing"), "silent": queries.most(below, "silent"),
        "uncovered": queries.uncovered_units(unit, now=now),
    })  # fmt: skip


@signed_in
@require_GET
def shifts(request: ActedRequest, ref: UUID | None = None) -> HttpResponse:
    """A unit's next 24 hours: who, when, and where nobody is."""
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    return _shifts_page(request, actor, unit, now)


def _name(shift: Shift, names: dict[int, str]) -> str:
    """The given name with the seat's number: two people called Sunita are told apart without a surname."""
    number = getattr(shift, "seat_number", None)
    return f"{names.get(shift.person_id, '–')}{f' ({number})' if number else ''}"


def _shifts_page(
    request: ActedRequest, actor: Actor, unit: Unit, now: datetime, status: int = 200, **open_forms: object
) -> HttpResponse:
    rows = list(queries.roster(unit=unit, start=now, end=now + timedelta(hours=24)))
    names = people.given_names(shift.person_id for shift in rows)
    teams = queries.teams_of(unit)
    own = [team for team in teams if actor.person_id in queries.members_of_team(unit=unit, team_kind=team)]
    values = {
        "unit": unit, "above": crumbs(actor, unit), "now": now, "teams": teams,
        "watches": rules.watches_of([(shift, _name(shift, names)) for shift in rows], now=now),
        "on_duty": [_name(shift, names) for shift in rows if shift.starts_at <= now],
        "gaps": rules.gaps([(s.starts_at, s.ends_at) for s in rows], start=now, end=now + timedelta(hours=24)),
        "notes": queries.hand_overs([unit])[unit.pk], "flags": queries.open_flags(within=[unit.path])[:20],
        "places": queries.units_with_shifts(actor, now=now), "other_places": queries.units_with_teams(actor),
        "may_make": access.may(actor, "warroom.shifts", unit), "may_close": access.may(actor, "warroom.shifts", unit),
        "may_own": access.may(actor, "warroom.own_shift", unit),
        "own_person": actor.person_id,
        "roster_form": forms.RosterForm(teams=teams, initial={"day": dates.local_day(now)}),
        "shift_form": forms.ShiftForm(teams=own) if own else None,
        "note_form": forms.HandOverForm(), "flag_form": forms.FlagForm(),
        **open_forms,
    }  # fmt: skip
    return render(request, "warroom/shifts.html", values, status=status)


@signed_in
@require_POST
def make_roster(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    form = forms.RosterForm(request.POST, teams=queries.teams_of(unit))
    if form.is_valid():
        try:
            made = services.make_roster(
                actor=actor, unit_ref=ref, team_kind_key=form.cleaned_data["team_kind"], start=form.start(),
                watches=form.cleaned_data["watches"], now=now,
            )  # fmt: skip
            messages.success(request, _("%(count)s shifts set. Who had one already keeps it.") % {"count": len(made)})
            return redirect("warroom:shifts_of", ref)
        except BadInput as error:
            add_refusal(form, error)
    return _shifts_page(request, actor, unit, now, 422, roster_form=form)


@signed_in
@require_POST
def take_shift(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    form = forms.ShiftForm(request.POST, teams=queries.teams_of(unit))
    if form.is_valid():
        starts_at, ends_at = form.span(now)
        services.take_shift(
            actor=actor, unit_ref=ref, team_kind_key=form.cleaned_data["team_kind"], starts_at=starts_at,
            ends_at=ends_at, now=now,
        )  # fmt: skip
        messages.success(request, _("You are on the roster."))
        return redirect("warroom:shifts_of", ref)
    return _shifts_page(request, actor, unit, now, 422, shift_form=form)


@signed_in
@require_POST
def drop_shift(request: ActedRequest, ref: UUID) -> HttpResponse:
    shift = services.drop_shift(actor=request.actor, ref=ref, now=timezone.now())
    messages.success(request, _("The shift was given back. The gap is shown until somebody takes it."))
    return redirect("warroom:shifts_of", shift.unit.ref)


@signed_in
@require_POST
def hand_over(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    form = forms.HandOverForm(request.POST)
    if form.is_valid():
        services.hand_over(actor=actor, unit_ref=ref, text=form.cleaned_data["text"], now=now)
        messages.success(request, _("The note stands for the next shift."))
        return redirect("warroom:shifts_of", ref)
    return _shifts_page(request, actor, unit, now, 422, note_form=form)


@signed_in
@require_POST
def raise_flag(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    unit = unit_or_top(actor, ref)
    form = forms.FlagForm(request.POST)
    if form.is_valid():
        services.raise_flag(actor=actor, unit_ref=ref, now=now, **form.cleaned_data)
        messages.success(request, _("Raised. It stays on every board above until somebody closes it."))
        return redirect("warroom:shifts_of", ref)
    return _shifts_page(request, actor, unit, now, 422, flag_form=form)


@signed_in
@require_POST
def close_flag(request: ActedRequest, ref: UUID) -> HttpResponse:
    flag = services.close_flag(actor=request.actor, ref=ref, outcome=request.POST.get("text", ""), now=timezone.now())
    messages.success(request, _("Closed."))
    return redirect(reverse("warroom:shifts_of", args=[flag.unit.ref]))
