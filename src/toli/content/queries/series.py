"""Reads of campaigns, series, episodes and the calendar."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from toli.content import rules
from toli.content import series as planning
from toli.content.models import Campaign, Episode, Fill, Item, Series, State
from toli.content.queries.items import HELD, hold_of
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access
from toli.org.models import Unit

CLEARED = (State.APPROVED, State.OUT)
LIVE_FILLS = Prefetch(
    "fills",
    Fill.objects.filter(emptied_at=None)
    .exclude(item__state=State.WITHDRAWN)
    .select_related("item__unit", "constituency")
    .prefetch_related("item__texts", Prefetch("item__holds", HELD.queryset, to_attr="live_holds"))
    .order_by("constituency_id", "language"),
    to_attr="live_fills",
)


def campaigns(actor: Actor, right: str = "content.view") -> QuerySet[Campaign]:
    """Campaigns of the actor's charge, the newest first."""
    rows = Campaign.objects.select_related("unit").filter(access.visible(actor, right).q())
    return rows.order_by("-starts_on", "-id")


def get_campaign(*, actor: Actor, ref: UUID, right: str = "content.view") -> Campaign:
    """Raises NotFound."""
    found = campaigns(actor, right).filter(ref=ref).first()
    if found is None:
        raise NotFound()
    return found


def series(actor: Actor) -> QuerySet[Series]:
    """Series of the actor's charge, and those that want a variant for one of their constituencies."""
    scope = access.visible(actor, "content.view")
    mine = scope.q("campaign__unit__path")
    if scope and not scope.everywhere:
        seats = Unit.objects.filter(scope.q("path"), level__key="constituency").values_list("pk", flat=True)
        mine |= Q(seats__overlap=list(seats))
    rows = Series.objects.select_related("campaign__unit").filter(mine)
    return rows.order_by("-campaign__starts_on", "campaign_id", "from_on", "id")


def get_series(*, actor: Actor, ref: UUID, lock: bool = False) -> Series:
    """Raises NotFound."""
    rows = series(actor).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def get_episode(*, actor: Actor, ref: UUID, lock: bool = False) -> Episode:
    """The episode with what fills it. Raises NotFound."""
    rows = Episode.objects.select_related("series__campaign__unit").prefetch_related(LIVE_FILLS)
    rows = rows.filter(ref=ref, series__in=series(actor).values("pk"))
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def get_fill(*, episode: Episode, ref: UUID) -> Fill:
    """Raises NotFound."""
    found = Fill.objects.select_related("constituency").filter(episode=episode, ref=ref).first()
    if found is None:
        raise NotFound()
    return found


def days_of_series(found: Series) -> list[tuple[planning.Day, Episode | None]]:
    """Every day of the series with what it lacks and its episode. Three statements."""
    episodes = {one.on_date: one for one in found.episodes.prefetch_related(LIVE_FILLS)}
    filled = {day: [_filled(fill) for fill in one.live_fills] for day, one in episodes.items()}  # type: ignore[attr-defined]
    days = planning.gaps(found, found.languages, found.seats, filled)
    return [(day, episodes.get(day.on)) for day in days]


def _filled(fill: Fill) -> planning.Filled:
    return planning.Filled(fill.language, fill.constituency_id, fill.item.state in CLEARED)


def items_to_fill(actor: Actor, episode: Episode) -> QuerySet[Item]:
    """Items of the actor's charge that may be this episode, the last changed first."""
    rows = Item.objects.filter(access.visible(actor, "content.write").q(), kind=episode.series.kind, sheet=None)
    rows = rows.filter(Q(on_date=None) | Q(on_date=episode.on_date)).exclude(state=State.WITHDRAWN)
    return rows.select_related("constituency", "unit").prefetch_related("texts").order_by("-changed_at", "-id")


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on a day of the calendar."""

    what: str
    """item or episode."""
    ref: UUID
    title: dict[str, str]
    place: dict[str, str]
    state: str
    """A state of an item, or empty: an episode nobody has filled."""
    turn: rules.Turn | None
    series: dict[str, str] | None = None
    number: int = 0


def calendar(actor: Actor, first: date, last: date) -> dict[date, list[Entry]]:
    """What is planned for each of these days, in whose hands it is, cleared, or out."""
    found: dict[date, list[Entry]] = defaultdict(list)
    rows = Episode.objects.filter(on_date__range=(first, last), series__in=series(actor).values("pk"))
    shown: set[int] = set()
    for one in rows.select_related("series__campaign__unit").prefetch_related(LIVE_FILLS).order_by("series_id"):
        found[one.on_date] += _entries(one)
        shown |= {fill.item_id for fill in one.live_fills}  # type: ignore[attr-defined]
    for item in _dated(actor, first, last).exclude(pk__in=shown):
        found[item.on_date].append(_entry(item, item.constituency or item.unit))  # type: ignore[index]
    return dict(found)


def _dated(actor: Actor, first: date, last: date) -> QuerySet[Item]:
    rows = Item.objects.filter(access.visible(actor, "content.view").q(), on_date__range=(first, last))
    rows = rows.exclude(state=State.WITHDRAWN).select_related("unit", "constituency")
    return rows.prefetch_related("texts", HELD).order_by("constituency__path", "id")


def _entries(one: Episode) -> Iterable[Entry]:
    named: dict[str, Any] = {"series": one.series.title, "number": one.number}
    fills = one.live_fills  # type: ignore[attr-defined]
    if not fills:
        yield Entry("episode", one.ref, one.title, one.series.campaign.unit.names, "empty", None, **named)
    for fill in fills:
        yield _entry(fill.item, fill.constituency or one.series.campaign.unit, **named)


def _entry(item: Item, place: Unit, **named: Any) -> Entry:
    hold = hold_of(item)
    turn = rules.turn_of(item, held_at=hold.at if hold else None)
    return Entry("item", item.ref, item.texts_by_language, place.names, item.state, turn, **named)


def calendar_counts(actor: Actor, first: date, last: date) -> dict[date, Counter[str]]:
    """By day: how many are empty, drafts, waiting, approved, out. Two statements however many there are."""
    found: dict[date, Counter[str]] = defaultdict(Counter)
    mine = series(actor).values("pk")
    live = Q(fills__emptied_at=None) & ~Q(fills__item__state=State.WITHDRAWN)
    episodes = Episode.objects.filter(on_date__range=(first, last), series__in=mine)
    rows = episodes.annotate(live=Count("fills", filter=live & Q(fills__isnull=False)))
    for day, n in rows.filter(live=0).values_list("on_date").annotate(n=Count("id")):
        found[day]["empty"] += n
    for day, state, n in (
        Fill.objects.filter(emptied_at=None, episode__in=episodes)
        .exclude(item__state=State.WITHDRAWN)
        .values_list("episode__on_date", "item__state")
        .annotate(n=Count("item", distinct=True))
    ):
        found[day][state] += n
    in_episodes = Fill.objects.filter(emptied_at=None, episode__in=episodes).values("item")
    for day, state, n in (
        _dated(actor, first, last).exclude(pk__in=in_episodes).order_by().values_list("on_date", "state")
        .annotate(n=Count("id"))
    ):  # fmt: skip
        found[day][state] += n  # type: ignore[index]
    return dict(found)


def units_of(ids: Iterable[int]) -> dict[int, Unit]:
    """Units by id, to be named."""
    return Unit.objects.in_bulk(list(set(ids)))
