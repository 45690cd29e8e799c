"""Writes of campaigns, series and episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.content import queries, rules
from toli.content import series as planning
from toli.content.models import Campaign, Episode, Fill, Item, Series, State
from toli.content.services.items import note
from toli.content.wording import clean
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org import access
from toli.org.models import Unit


@dataclass(frozen=True, slots=True)
class Plan:
    """What a series is to be."""

    title: Mapping[str, str]
    kind: str
    from_on: date
    until_on: date
    weekdays: Sequence[int]
    languages: Sequence[str]
    seats: Sequence[int] = ()


def _cleaned(title: Mapping[str, str]) -> dict[str, str]:
    return {tag: clean(text) for tag, text in title.items()}


@transaction.atomic
def open_campaign(
    *, actor: Actor, unit: Unit, title: Mapping[str, str], starts_on: date, ends_on: date, now: datetime
) -> Campaign:
    """A campaign of this unit's desk. Raises NotAllowed or BadInput."""
    access.require(actor, "content.write", unit)
    rules.check_titled_span(title, ends_on, starts_on, "ends_on")
    made = Campaign.objects.create(
        unit=unit, title=_cleaned(title), starts_on=starts_on, ends_on=ends_on, opened_by_id=actor.person_id,
        opened_at=now,
    )  # fmt: skip
    audit.record(actor, "content.campaign_opened", made, unit=unit)
    note(actor, now)
    return made


@transaction.atomic
def open_series(*, actor: Actor, campaign_ref: UUID, plan: Plan, now: datetime) -> Series:
    """A series of a campaign. Raises NotFound or BadInput."""
    campaign = queries.get_campaign(actor=actor, ref=campaign_ref, right="content.write")
    rules.check_series(plan, campaign)
    made = Series(
        campaign=campaign, title=_cleaned(plan.title), kind=plan.kind, from_on=plan.from_on, until_on=plan.until_on,
        weekdays=sorted(set(plan.weekdays)), languages=list(plan.languages), seats=sorted(set(plan.seats)),
        opened_by_id=actor.person_id, opened_at=now,
    )  # fmt: skip
    made.save(force_insert=True)
    data = {"days": len(planning.days_of(made)), "seats": len(made.seats)}
    audit.record(actor, "content.series_opened", made, unit=campaign.unit, data=data)
    note(actor, now)
    return made


def _require(actor: Actor, unit: Unit) -> None:
    """Whoever sees a series through their own constituency is told that the rest is not theirs. Raises NotAllowed."""
    if not access.may(actor, "content.write", unit):
        raise NotAllowed()


@transaction.atomic
def plan_episode(*, actor: Actor, series_ref: UUID, on_date: date, title: Mapping[str, str], now: datetime) -> Episode:
    """An episode of a day of the series; the same day again answers with the one that is there.

    Raises NotFound, NotAllowed, or BadInput for a day that is none of the series.
    """
    series = queries.get_series(actor=actor, ref=series_ref, lock=True)
    _require(actor, series.campaign.unit)
    rules.check_titled_span(title, series.until_on, series.from_on, "on_date")
    number = planning.number_of(series, on_date)
    if number is None:
        raise BadInput(fields={"on_date": _("This is no day of the series.")})
    known = Episode.objects.filter(series=series, on_date=on_date).first()
    if known is not None:
        return known
    made = Episode.objects.create(
        series=series, number=number, on_date=on_date, title=_cleaned(title), planned_by_id=actor.person_id,
        planned_at=now,
    )  # fmt: skip
    data = {"number": number, "day": on_date.isoformat()}
    audit.record(actor, "content.episode_planned", made, unit=series.campaign.unit, data=data)
    note(actor, now)
    return made


@transaction.atomic
def fill_episode(
    *, actor: Actor, ref: UUID, item_ref: UUID, language: str, constituency: Unit | None, now: datetime
) -> Fill:
    """Make an item the episode in a language ("": in all), for everybody or for one constituency.

    Whoever writes for a constituency fills its variant; the rest is the campaign's desk's. Raises NotFound, NotAllowed,
    BadInput, or WrongState when somebody filled the place meanwhile.
    """
    episode = queries.get_episode(actor=actor, ref=ref, lock=True)
    _require(actor, constituency or episode.series.campaign.unit)
    item = queries.get_item(actor=actor, ref=item_ref, right="content.write")
    rules.check_fill(episode, item, language=language, seat=constituency.pk if constituency else None)
    _make_room(episode, item, language, constituency, now)
    made = Fill.objects.create(
        episode=episode, item=item, language=language, constituency=constituency, filled_by_id=actor.person_id,
        filled_at=now,
    )  # fmt: skip
    unit = constituency or episode.series.campaign.unit
    audit.record(actor, "content.episode_filled", episode, unit=unit, data={"number": episode.number})
    note(actor, now)
    return made


def _make_room(episode: Episode, item: Item, language: str, constituency: Unit | None, now: datetime) -> None:
    """A withdrawn item leaves its place; any other keeps it."""
    there = Fill.objects.filter(episode=episode, constituency=constituency, emptied_at=None).select_related("item")
    for one in there:
        if one.item.state == State.WITHDRAWN:
            one.emptied_at = now
            one.save(update_fields=["emptied_at"])
        elif not language or one.language in ("", language):
            raise WrongState(_("Somebody has filled this place already. Empty it first, if another is to stand there."))


@transaction.atomic
def empty_episode(*, actor: Actor, ref: UUID, fill_ref: UUID, now: datetime) -> Episode:
    """Take an item out of its place in an episode; again changes nothing. Raises NotFound or NotAllowed."""
    episode = queries.get_episode(actor=actor, ref=ref, lock=True)
    fill = queries.get_fill(episode=episode, ref=fill_ref)
    unit = fill.constituency or episode.series.campaign.unit
    _require(actor, unit)
    if fill.emptied_at is None:
        fill.emptied_at = now
        fill.save(update_fields=["emptied_at"])
        audit.record(actor, "content.episode_emptied", episode, unit=unit, data={"number": episode.number})
        note(actor, now)
    return episode
