"""The board of any unit: now or as on a kept snapshot, as a table, bars, tiles or a map, and as a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
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
from toli.recruitment import queries as recruitment
from toli.ui.figures import FIGURES
from toli.ui.pages import ActedRequest, signed_in
from toli.warroom import charts, forms, queries, rules, services
from toli.warroom.queries.board import Board, wings
from toli.warroom.sheet import Sheet, sheet_of, text_of
from toli.warroom.views.place import crumbs, other_tops, unit_or_top

ROWS_ON_A_PAGE, MOST_FLAGS = 60, 200
OFFERED_FOR = timedelta(hours=12)
"""The picture of 08:00 is offered until 20:00."""
VIEWS = ("table", "bars", "tiles", "map")


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
    level = filters.value("level")
    if request.GET.get("show") == "map" and not level:
        level = queries.level_with_a_map(unit)
    board = _read(actor, unit, slot, level, wing_id, now)
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
    show = request.GET.get("show", "")
    show = show if show in VIEWS else "table"
    values = {
        "board": found, "unit": unit, "filters": asked.filters, "show": show, "now": now,
        "is_constituencies": found.kept is None and any(row.level == "constituency" for row in found.rows),
        "query": request.GET.urlencode(),
        "moment_query": f"?as_on={rules.moment_key(found.kept.at)}" if found.kept else "",
        "chart": charts.data(found.rows, language.current()) if show == "bars" else None,
        **_map(asked, show),
        "shown": Paginator(found.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    if request.headers.get("HX-Target") == "board":
        return render(request, "warroom/_board.html", values)
    flags = [] if found.kept else list(queries.open_flags(within=[unit.path])[:MOST_FLAGS])
    return render(request, "warroom/board.html", {
        **values, "above": crumbs(actor, unit), "tops": other_tops(actor), "text": _text(asked),
        "flags": flags[:3], "flag_count": len(flags),
        "seats": queries.seats_of(unit) if not found.rows and not found.kept else [],
        "funnels": [] if found.kept else recruitment.funnels_of_unit(actor=actor, unit=unit, now=now),
        "sees_records": access.may(actor, "audit.view", unit) and not found.kept,
        "may_close": access.may(actor, "warroom.shifts", unit),
        **_moments(asked, now),
    })  # fmt: skip


def _map(asked: Asked, show: str) -> dict[str, object]:
    """What the map shows, where one is loaded for these units; else the template draws tiles."""
    figure = asked.filters.value("figure") if show in ("map", "tiles") else ""
    figure = figure or "accepted"
    values: dict[str, object] = {"figure": figure, "figure_label": FIGURES[figure].label}
    if show == "map" and queries.has_shapes(row.id for row in asked.board.rows):
        values["areas"] = charts.areas(asked.board.rows, figure, language.current())
    return values


@signed_in
@require_GET
def shapes(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The outlines of the board's units as GeoJSON; each is named by its unit's ref."""
    asked = asked_for(request, ref, timezone.now())
    found = [
        {"type": "Feature", "properties": {"name": str(unit)},
         "geometry": {"type": "MultiPolygon", "coordinates": polygons}}
        for unit, polygons in queries.shapes_of(row.id for row in asked.board.rows)
    ]  # fmt: skip
    return JsonResponse(
        {"type": "FeatureCollection", "features": found}, headers={"Cache-Control": "private, max-age=60"}
    )


def _moments(asked: Asked, now: datetime) -> dict[str, object]:
    """The kept moments that one step leads to."""
    kept = asked.board.kept
    earlier = org.snapshot_slot(kept.at if kept else now)
    return {
        "earlier": earlier,
        "offered": earlier if not kept and earlier and now - earlier.at < OFFERED_FOR else None,
        "later": org.snapshot_slot_after(kept.at) if kept else None,
        "nothing_kept": asked.nothing_kept,
    }


def _sheet(asked: Asked) -> Sheet:
    """Always Hindi: it goes into message groups."""
    found = asked.board
    moment = dates.datetime_text(found.as_of, "hi")
    level = asked.unit.level.names.get("hi") or asked.unit.level.key
    with override("hi"):
        return sheet_of(found.whole, found.rows, level=level, moment=moment, language="hi")


def _text(asked: Asked) -> str:
    with override("hi"):
        return text_of(_sheet(asked))


@signed_in
@require_GET
def board_picture(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The board as a picture for a group."""
    now = timezone.now()
    asked = asked_for(request, ref, now)
    with override("hi"):
        body = services.take_picture(actor=request.actor, unit=asked.unit, sheet=_sheet(asked))
    name = f"toli-{dates.local(asked.board.as_of):%Y-%m-%d-%H%M}.png"
    return HttpResponse(
        body, content_type="image/png",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )  # fmt: skip


@signed_in
@require_GET
def board_text(request: ActedRequest, ref: UUID) -> HttpResponse:
    """The board as a message for a group, as plain text."""
    asked = asked_for(request, ref, timezone.now())
    return HttpResponse(_text(asked), content_type="text/plain; charset=utf-8")


@signed_in
@require_GET
def ticker(request: ActedRequest, ref: UUID) -> HttpResponse:
    actor = request.actor
    unit = unit_or_top(actor, ref)
    return render(request, "warroom/_ticker.html", {"records": queries.ticker(actor=actor, unit=unit), "unit": unit})
