"""The board of any unit: now or as on a kept snapshot, as a table, bars, tiles or a map, and as a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_GET

from toli.content import queries as content
from toli.kit import dates, language
from toli.kit.actor import Actor
from toli.org import access
from toli.org import queries as org
from toli.org.models import SnapshotSlot, Unit
from toli.ui.pages import ActedRequest, signed_in
from toli.warroom import charts, forms, queries, rules
from toli.warroom.queries.board import Board, wings
from toli.warroom.views.place import crumbs, other_tops, unit_or_top

ROWS_ON_A_PAGE, MOST_FLAGS = 60, 200
VIEWS = ("table", "bars", "tiles")


@dataclass
class Asked:
    """What the address asks for, and the board that answers it."""

    unit: Unit
    filters: forms.BoardFilter
    board: Board
    nothing_kept: bool = False
    """A day was asked for of which no figures are kept; the board shows now."""


def asked_for(request: ActedRequest, ref: UUID | None, now: datetime) -> Asked:
    """The unit with its filtered and ordered rows. Raises NotFound."""
    actor = request.actor
    unit = unit_or_top(actor, ref)
    known = wings()
    filters = forms.BoardFilter(request.GET, levels=queries.children_levels(unit), wings=known)
    wing_id = next((w.pk for w in known if w.key == filters.value("wing")), 0)
    span = rules.moment_asked(filters.value("as_on"))
    slot = org.snapshot_slot(span[1], after=span[0]) if span else None
    board = _read(actor, unit, slot, filters.value("level"), wing_id, now)
    board.rows = _arranged(board, filters, now)
    return Asked(unit, filters, board, nothing_kept=bool(span) and slot is None)


def _read(actor: Actor, unit: Unit, slot: SnapshotSlot | None, level: str, wing_id: int, now: datetime) -> Board:
    if slot is None:
        return queries.board(actor=actor, unit=unit, now=now, level=level, wing_id=wing_id)
    return queries.board_on(actor=actor, unit=unit, slot=slot, level=level, wing_id=wing_id)


def _arranged(board: Board, filters: forms.BoardFilter, now: datetime) -> list[rules.Row]:
    rows = rules.chosen(board.rows, only=filters.value("only"), words=filters.value("q"))
    if board.kept is None and any(row.level == "constituency" for row in rows):
        states = content.todays_items([row.id for row in rows], dates.local_day(now))
        for row in rows:
            row.item = states[row.id]
    return rules.arrange(rows, filters.value("sort") or "-missing", language.current())


@signed_in
@require_GET
def board(request: ActedRequest, ref: UUID | None = None) -> HttpResponse:
    """Any unit with what lies below it; filters, order, view and moment stand in the address."""
    actor, now = request.actor, timezone.now()
    asked = asked_for(request, ref, now)
    found, unit = asked.board, asked.unit
    show = request.GET.get("show") if request.GET.get("show") in VIEWS else "table"
    values = {
        "board": found, "unit": unit, "filters": asked.filters, "show": show, "now": now,
        "is_constituencies": found.kept is None and any(row.level == "constituency" for row in found.rows),
        "query": request.GET.urlencode(),
        "chart": charts.data(found.rows, language.current()) if show == "bars" else None,
        "shown": Paginator(found.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    if request.headers.get("HX-Target") == "board":
        return render(request, "warroom/_board.html", values)
    flags = [] if found.kept else list(queries.open_flags(within=[unit.path])[:MOST_FLAGS])
    return render(request, "warroom/board.html", {
        **values, "above": crumbs(actor, unit), "tops": other_tops(actor), "text": _text(found),
        "flags": flags[:3], "flag_count": len(flags),
        "seats": queries.seats_of(unit) if not found.rows and not found.kept else [],
        "sees_records": access.may(actor, "audit.view", unit) and not found.kept,
        "may_close": access.may(actor, "warroom.shifts", unit),
        **_moments(asked, now),
    })  # fmt: skip


def _moments(asked: Asked, now: datetime) -> dict[str, object]:
    """The kept moments that one step leads to."""
    kept = asked.board.kept
    return {
        "earlier": org.snapshot_slot(kept.at if kept else now),
        "later": org.snapshot_slot_after(kept.at) if kept else None,
        "nothing_kept": asked.nothing_kept,
        "day_asked": dates.local_day(kept.at) if kept else None,
        "today": dates.local_day(now),
    }


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
    asked = asked_for(request, ref, timezone.now())
    return HttpResponse(_text(asked.board), content_type="text/plain; charset=utf-8")


@signed_in
@require_GET
def ticker(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    unit = unit_or_top(actor, ref)
    return render(request, "warroom/_ticker.html", {"records": queries.ticker(actor=actor, unit=unit), "unit": unit})
