"""Reads of share links: what a visitor may see now, and how many came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Sum

from toli.broadcasts.links import Link
from toli.broadcasts.models import LinkReach
from toli.broadcasts.queries.releases import let_out
from toli.content import queries as content
from toli.content.models import Item
from toli.content.rules import subject_of
from toli.elections import gate
from toli.elections import queries as elections
from toli.elections.gate import Verdict
from toli.kit.errors import NotFound
from toli.org import paths
from toli.org.models import Unit


def _is_let_out(item: Item, unit: Unit, now: datetime) -> bool:
    """Whether an approved release has let the text out to this place; a link goes on after the release has ended."""
    of_it = Q(item=item) | (Q(sheet=item.sheet_id) if item.sheet_id else Q(pk=None))
    return let_out(now).filter(of_it, scope__overlap=paths.ancestors(unit.path)).exists()


@dataclass(frozen=True, slots=True)
class Landing:
    """A shared text as whoever was sent it may see it in this place now."""

    item: Item
    unit: Unit
    verdict: Verdict


def landing(link: Link, *, now: datetime) -> Landing | None:
    """The text of a link with the law's word for its place; None for what was edited, withdrawn or never went out.

    Raises NotFound when the link names nothing.
    """
    unit = Unit.objects.select_related("level").filter(pk=link.unit_id).first()
    item = Item.objects.filter(pk=link.item_id).exclude(matter=gate.Kind.INTERNAL).first()
    if unit is None or item is None:
        raise NotFound()
    cleared = content.cleared_items(item_ids=[item.pk], sheet_ids=[])
    if not cleared or not _is_let_out(item, unit, now):
        return None
    place = elections.places_of([unit])[unit.pk]
    verdict = gate.may_publish(
        subject_of(cleared[0]), place.constituency_id, place.channel(gate.SHARE.key), now,
        windows=elections.load_windows(now=now),
    )  # fmt: skip
    return Landing(cleared[0], unit, verdict)


def visits_of(item_ids: Collection[int], *, since: date) -> int:
    """Visits by links, each phone once for each day and place; never added to phones of other ways."""
    rows = LinkReach.objects.filter(item_id__in=item_ids, day__gte=since)
    return int(rows.aggregate(n=Sum("n"))["n"] or 0)


def visits_in(unit: Unit, *, day: date) -> int:
    """Visits of one day by the links of one place."""
    return int(LinkReach.objects.filter(unit_id=unit.pk, day=day).aggregate(n=Sum("n"))["n"] or 0)
