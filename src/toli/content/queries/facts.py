"""Reads of facts, runs of cards and their progress."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from toli.content.models import Card, CardRun, Fact, Sheet
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access, paths
from toli.org.models import Unit


def facts(actor: Actor, *, kind: str = "", words: str = "", unit_path: str = "") -> QuerySet[Fact]:
    """Facts of the actor's charge, the newest first."""
    rows = Fact.objects.select_related("unit__level", "source_media").filter(
        access.visible(actor, "content.view").q(), withdrawn_at=None
    )
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(Q(title__hi__icontains=words) | Q(title__en__icontains=words))
    if unit_path:
        lo, hi = paths.subtree(unit_path)
        rows = rows.filter(unit__path__gte=lo, unit__path__lt=hi)
    return rows.annotate(drawn=Count("cards", filter=Q(cards__item__isnull=False))).order_by("-on_date", "-id")


def get_fact(*, actor: Actor, ref: UUID, right: str = "content.view", lock: bool = False) -> Fact:
    """The fact, when the actor has `right` on its place. Raises NotFound."""
    rows = Fact.objects.select_related("unit", "source_media").filter(access.visible(actor, right).q(), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


# A fact of a constituency or of a place inside it belongs to that one; a fact of a larger place to all inside it. What
# was ordered before is not ordered again.
PAIRS = """
SELECT f.id, c.id FROM content_fact f
JOIN org_unit u ON u.id = f.unit_id
JOIN org_unit c ON c.level_id = (SELECT id FROM org_level WHERE key = 'constituency') AND c.active AND c.path <> ''
     AND (c.id = ANY(string_to_array(rtrim(u.path, '/'), '/')::bigint[])
          OR (c.path >= u.path AND c.path < left(u.path, -1) || '0'))
WHERE f.id = ANY(%(facts)s) AND f.withdrawn_at IS NULL AND u.path <> ''
  AND EXISTS (SELECT 1 FROM unnest(%(los)s::text[], %(his)s::text[]) AS a(lo, hi)
              WHERE c.path >= a.lo COLLATE "C" AND c.path < a.hi COLLATE "C")
  AND NOT EXISTS (SELECT 1 FROM content_card k JOIN content_cardrun r ON r.id = k.run_id
                  WHERE k.fact_id = f.id AND k.constituency_id = c.id
                    AND (r.state <> 'cancelled' OR k.item_id IS NOT NULL))
ORDER BY f.on_date DESC, f.id, c.path
"""


def constituencies_of_facts(actor: Actor, fact_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(fact, constituency) of which no card was ordered yet, inside the actor's charge."""
    scope = access.visible(actor, "content.write")
    ranges = [("", "~")] if scope.everywhere else scope.ranges
    los, his = [lo for lo, _hi in ranges], [hi for _lo, hi in ranges]
    asked: dict[str, list[Any]] = {"facts": list(fact_ids), "los": los, "his": his}
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, asked)
        return [(int(fact), int(unit)) for fact, unit in cursor.fetchall()]


def card_runs(actor: Actor) -> QuerySet[CardRun]:
    """Orders of cards of the actor's charge, newest first, with how many are drawn."""
    rows = CardRun.objects.select_related("unit").filter(access.visible(actor, "content.view").q())
    return rows.annotate(drawn=Count("rows", filter=Q(rows__item__isnull=False))).order_by("-ordered_at")


def get_run(*, actor: Actor, ref: UUID, right: str = "content.view", lock: bool = False) -> CardRun:
    """Raises NotFound."""
    rows = CardRun.objects.select_related("unit").filter(access.visible(actor, right).q(), ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def districts_of(seat: Unit) -> dict[str, str]:
    """What the district above a constituency is called, {tag: text}; empty where the tree has none."""
    above = [int(part) for part in seat.path.rstrip("/").split("/")]
    return Unit.objects.filter(pk__in=above, level__key="district").values_list("names", flat=True).first() or {}


def progress_of(run: CardRun) -> tuple[int, int]:
    """(drawn, ordered)."""
    return Card.objects.filter(run=run, item__isnull=False).count(), run.cards


def sheets_of_run(run: CardRun) -> QuerySet[Sheet]:
    """The sheets its cards are approved on, in order, with how many pictures each has by now."""
    ids = Card.objects.filter(run=run).values("sheet_id")
    return Sheet.objects.filter(id__in=ids).annotate(drawn=Count("items")).order_by("id")


def runs_to_draw() -> QuerySet[CardRun]:
    return CardRun.objects.filter(state=CardRun.State.DRAWING).order_by("ordered_at", "id")


def to_draw(run: CardRun, at_once: int) -> list[Card]:
    """The next cards of a run, under lock; what another worker draws now is passed over."""
    rows = Card.objects.select_for_update(of=("self",), skip_locked=True).filter(run=run, item=None)
    return list(rows.select_related("fact__unit", "constituency", "sheet").order_by("id")[:at_once])
