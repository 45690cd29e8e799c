"""The by-election view and the page of gaps."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_GET

from toli.content import queries as content
from toli.elections import queries as elections
from toli.kit import dates
from toli.ui.pages import ActedRequest, signed_in
from toli.warroom import queries, rules
from toli.warroom.views.place import crumbs, unit_or_top

VERIFIED_FOR = timedelta(days=180)


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
def schedule(request: ActedRequest, ref: UUID) -> HttpResponse:
    """What a proposed row of a poll holds back and sets free, before a second person puts it in force."""
    actor, now = request.actor, timezone.now()
    proposed = elections.get_proposal(actor=actor, ref=ref)
    live = elections.live_version(proposed.poll)
    old, new = queries.quiet_of(live), queries.quiet_of(proposed)
    effect = queries.effect_of(proposed.poll.constituency, old, new, now=now)
    return render(request, "warroom/schedule.html", {
        "proposed": proposed, "live": live, "effect": effect, "now": now,
        "held": effect.count("held"), "freed": effect.count("freed"), "moved": effect.count("moved"),
        "is_mine": proposed.proposed_by_id == actor.person_id,
    })  # fmt: skip


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
