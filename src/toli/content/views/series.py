"""Pages of campaigns, series, episodes and the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from toli.content import forms, queries, services
from toli.content.models import Episode
from toli.content.views.items import get_or_post, posted, require_right, status_of
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotAllowed
from toli.org import access
from toli.ui.forms import add_refusal
from toli.ui.pages import ActedRequest, signed_in

ITEMS_TO_CHOOSE = 200
SHOWN_ON_A_DAY = 40


@require_GET
@signed_in
def campaigns(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.view")
    found = list(queries.series(actor))
    shown = {one.campaign_id: one.campaign for one in found} | {c.pk: c for c in queries.campaigns(actor)}
    groups = [
        {"campaign": campaign, "series": [one for one in found if one.campaign_id == campaign.pk],
         "may_write": access.may(actor, "content.write", campaign.unit)}
        for campaign in sorted(shown.values(), key=lambda one: (one.starts_on, one.pk), reverse=True)
    ]  # fmt: skip
    return render(request, "content/campaigns.html", {"campaigns": groups})


def _answer(
    request: ActedRequest, form: Any, template: str, act: Callable[[], HttpResponse], **more: Any
) -> HttpResponse:
    """The form; or, when it was sent and is right, what the act answers."""
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except BadInput as error:
            add_refusal(form, error)
    return render(request, template, {"form": form, **more}, status=status_of(form))


@get_or_post
@signed_in
def campaign_new(request: ActedRequest) -> HttpResponse:
    actor = require_right(request, "content.write")
    form = forms.CampaignForm(posted(request), desks=queries.desks_of(actor))

    def act() -> HttpResponse:
        found = form.cleaned_data
        services.open_campaign(
            actor=actor, unit=found["unit"], title=form.titles, starts_on=found["starts_on"], ends_on=found["ends_on"],
            now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The campaign is open. Now give it a series."))
        return redirect("content:campaigns")

    return _answer(request, form, "content/campaign_form.html", act)


@get_or_post
@signed_in
def series_new(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    campaign = queries.get_campaign(actor=actor, ref=ref, right="content.write")
    inside = queries.constituencies_for(actor).filter(path__startswith=campaign.unit.path)
    first = {"from_on": campaign.starts_on, "until_on": campaign.ends_on}
    form = forms.SeriesForm(posted(request), constituencies=inside, initial=first)

    def act() -> HttpResponse:
        made = services.open_series(actor=actor, campaign_ref=ref, plan=form.plan, now=timezone.now())
        return redirect("content:series", made.ref)

    return _answer(request, form, "content/series_form.html", act, campaign=campaign)


@require_GET
@signed_in
def series(request: ActedRequest, ref: UUID) -> HttpResponse:
    """Every day of a series with what it lacks; with `gaps`, only those that lack something."""
    found = queries.get_series(actor=request.actor, ref=ref)
    rows = queries.days_of_series(found)
    units = queries.units_of(found.seats)
    only = "gaps" in request.GET
    shown = [
        {"day": day, "episode": episode, "seats": [units[seat] for seat in day.seats if seat in units],
         "languages": [name for tag, name in forms.LANGUAGE_NAMES if tag in day.languages]}
        for day, episode in rows if not (only and day.whole)
    ]  # fmt: skip
    context = {
        "series": found, "rows": shown, "only": only, "today": local_day(timezone.now()),
        "lacking": sum(not day.whole for day, _episode in rows), "total": len(rows),
        "may_write": access.may(request.actor, "content.write", found.campaign.unit),
    }  # fmt: skip
    return render(request, "content/series.html", context)


@get_or_post
@signed_in
def episode_new(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    found = queries.get_series(actor=actor, ref=ref)
    if not access.may(actor, "content.write", found.campaign.unit):
        raise NotAllowed()
    first = {"on_date": request.GET.get("on"), **{f"title_{tag}": text for tag, text in found.title.items()}}
    form = forms.EpisodeForm(posted(request), initial=first)

    def act() -> HttpResponse:
        made = services.plan_episode(
            actor=actor, series_ref=ref, on_date=form.cleaned_data["on_date"], title=form.titles, now=timezone.now()
        )
        return redirect("content:episode", made.ref)

    return _answer(request, form, "content/episode_form.html", act, series=found)


@get_or_post
@signed_in
def episode(request: ActedRequest, ref: UUID) -> HttpResponse:
    """What fills an episode; a form puts one more item there."""
    actor = request.actor
    found = queries.get_episode(actor=actor, ref=ref)
    form = _fill_form(request, found)
    may_write = access.may_anywhere(actor, "content.write")

    def act() -> HttpResponse:
        given = form.cleaned_data
        services.fill_episode(
            actor=actor, ref=ref, item_ref=given["item"].ref, language=given["language"],
            constituency=given.get("constituency"), now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("It stands in the episode. It goes out only when it is approved and published."))
        return redirect("content:episode", ref)

    return _answer(request, form, "content/episode.html", act, episode=found, may_write=may_write)


def _fill_form(request: ActedRequest, found: Episode) -> forms.FillForm:
    actor = request.actor
    recent = list(queries.items_to_fill(actor, found).values_list("pk", flat=True)[:ITEMS_TO_CHOOSE])
    return forms.FillForm(
        posted(request), items=queries.items_to_fill(actor, found).filter(pk__in=recent),
        languages=found.series.languages,
        seats=queries.constituencies_for(actor).filter(pk__in=found.series.seats),
    )  # fmt: skip


@require_POST
@signed_in
def empty(request: ActedRequest, ref: UUID, fill_ref: UUID) -> HttpResponse:
    services.empty_episode(actor=request.actor, ref=ref, fill_ref=fill_ref, now=timezone.now())
    messages.success(request, _("Taken out of the episode. The item itself stays as it is."))
    return redirect("content:episode", ref)


@require_GET
@signed_in
def calendar(request: ActedRequest) -> HttpResponse:
    """A week with everything on it, or a month with how many of each day are where."""
    actor = require_right(request, "content.view")
    today = local_day(timezone.now())
    on = asked_day(request.GET.get("on", "")) or today
    month = request.GET.get("view") == "month"
    weeks = _weeks_of_month(on) if month else [_week(on)]
    context = {
        "on": on, "month": month, "today": today, "weeks": _cells(actor, weeks, on, month=month),
        "before": (on.replace(day=1) - timedelta(days=1)).replace(day=1) if month else on - timedelta(days=7),
        "after": (on.replace(day=1) + timedelta(days=32)).replace(day=1) if month else on + timedelta(days=7),
    }  # fmt: skip
    return render(request, "content/calendar.html", context)


def asked_day(text: str) -> date | None:
    """A day as addresses and forms carry it; None for anything else."""
    try:
        asked = parse_date(text)
    except ValueError:
        return None
    return asked if asked and 2000 <= asked.year <= 2100 else None


def _week(on: date) -> list[date]:
    monday = on - timedelta(days=on.weekday())
    return [monday + timedelta(days=n) for n in range(7)]


def _weeks_of_month(on: date) -> list[list[date]]:
    weeks = [_week(on.replace(day=1))]
    while (following := weeks[-1][-1] + timedelta(days=1)).month == on.month:
        weeks.append(_week(following))
    return weeks


def _cells(actor: Actor, weeks: list[list[date]], on: date, *, month: bool) -> list[list[dict[str, Any]]]:
    first, last = weeks[0][0], weeks[-1][-1]
    counts = queries.calendar_counts(actor, first, last) if month else {}
    entries = {} if month else queries.calendar(actor, first, last)
    return [
        [
            {"day": day, "outside": month and day.month != on.month, "counts": dict(counts.get(day, {})),
             "entries": entries.get(day, [])[:SHOWN_ON_A_DAY],
             "more": max(0, len(entries.get(day, [])) - SHOWN_ON_A_DAY)}
            for day in week
        ]
        for week in weeks
    ]  # fmt: skip
