"""A person's own stream."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from toli.broadcasts import share
from toli.broadcasts.models import Document, Follow, Listening
from toli.broadcasts.pulse import address
from toli.broadcasts.streams import LANGUAGES, Stream, tier_of
from toli.elections import queries as elections
from toli.kit.actor import Actor
from toli.kit.dates import day_bounds, local_day
from toli.org import queries as org
from toli.org.models import Unit


@dataclass(frozen=True, slots=True)
class StreamLink:
    """Where a person's phone listens and tells; `renew_at` is the moment to ask for new addresses."""

    stream: Stream
    unit: Unit
    url: str
    tell_url: str
    renew_at: datetime
    own: bool

    @property
    def share_links(self) -> str:
        """See `share.links_of`."""
        return share.links_of(self.unit)


def stream_for(actor: Actor, *, now: datetime, language: str = "") -> StreamLink | None:
    """The one stream of this person: the constituency they chose, else the one their home lies in. None without one."""
    if actor.person_id is None:
        return None
    home = org.home_unit_id(actor.person_id)
    own = _home_constituency(home)
    chosen = Follow.objects.select_related("unit").filter(person_id=actor.person_id).first()
    unit = chosen.unit if chosen else own
    if unit is None:
        return None
    tag = (language or actor.language).split("-")[0]
    stream = Stream(unit.pk, tier_of(getattr(actor, "tier", None)), tag if tag in LANGUAGES else "hi")
    return _link(stream, unit, actor.person_id, home or unit.pk, now=now, own=unit == own)


def _home_constituency(home: int | None) -> Unit | None:
    unit = Unit.objects.select_related("level").filter(pk=home).first() if home else None
    return elections.constituency_of(unit) if unit else None


def pulse_key() -> bytes:
    return address.derive_key(settings.SECRET_KEY)


def _link(stream: Stream, unit: Unit, person_id: int, home_id: int, *, now: datetime, own: bool) -> StreamLink:
    key, day = pulse_key(), local_day(now)
    ends = day_bounds(day)[1] + timedelta(minutes=1)
    path = address.stream_path(key, stream=stream.name, now=now.timestamp())
    reader = address.reader_of(key, person_id=person_id, day=day.isoformat())
    tell = address.receipt_path(key, stream=stream.name, unit_id=home_id, reader=reader, expires=int(ends.timestamp()))
    renew = min(ends, now + timedelta(seconds=address.STREAM_LIFE // 3))
    base = settings.PULSE_URL.rstrip("/")
    return StreamLink(stream, unit, base + path, base + tell, renew, own)


def constituencies_to_follow(actor: Actor) -> QuerySet[Unit]:
    """Constituencies of the state the person may choose to follow."""
    return Unit.objects.filter(level__key="constituency", active=True).exclude(path="").order_by("path")


def shown_of(link: StreamLink, *, now: datetime) -> dict[str, Any] | None:
    """What this person's phone shows now."""
    found = Document.objects.filter(stream=link.stream.name, valid_until__gt=now).first()
    return dict(json.loads(bytes(found.body))) if found else None


def listening_of(actor: Actor) -> Listening:
    """What the person chose; every slogan at every hour where they chose nothing."""
    found = Listening.objects.filter(person_id=actor.person_id).first() if actor.person_id else None
    return found or Listening()
