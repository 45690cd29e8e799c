"""A broadcast is planned, started, paused, taken up again and cancelled. `sending` carries it out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.broadcasts import queries, rules
from toli.broadcasts.audience import Plan
from toli.broadcasts.choosing import Wanted, people_sql
from toli.broadcasts.models import Audience, Broadcast, Release
from toli.broadcasts.services.releases import make_release, withdraw_release
from toli.content.models import Item
from toli.delivery.channels import CHANNELS
from toli.kit.actor import Actor, SystemActor
from toli.kit.errors import BadInput
from toli.org import access
from toli.org.models import Unit

State = Broadcast.State
LONGEST_NAME = 80
CHUNK = 500


@transaction.atomic
def save_audience(*, actor: Actor, unit: Unit, name: str, wanted: Wanted, now: datetime) -> Audience:
    """Keep a choice under a name; the same name again is the new choice. Raises NotAllowed, NotFound or BadInput."""
    access.require(actor, "broadcasts.release", unit)
    queries.scope_units(actor, wanted.scope)
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput(_("Give the audience a name of at most 80 characters."))
    found, _made = Audience.objects.update_or_create(
        unit=unit, name=name, defaults={"wanted": wanted.said(), "made_by_id": actor.person_id, "made_at": now}
    )
    audit.record(actor, "broadcasts.audience_saved", found, unit=unit)
    return found


@transaction.atomic
def plan_broadcast(
    *, actor: Actor, item: Item, wanted: Wanted, channels: Collection[str], starts_at: datetime, ends_at: datetime,
    key: UUID, now: datetime,
) -> Broadcast:  # fmt: skip
    """Ask for an item to go to an audience; another person approves the release. The same `key` again is the same
    broadcast. Raises NotAllowed, NotFound or BadInput.
    """
    access.require(actor, "broadcasts.release", item.unit)
    earlier = Broadcast.objects.filter(key=key, release__item=item, release__made_by_id=actor.person_id).first()
    if earlier is not None:
        return earlier
    plan = Plan(
        scope=wanted.said()["scope"], tier=Release.Audience.ALL, channels=list(channels), starts_at=starts_at,
        ends_at=ends_at, people=wanted.said(),
    )  # fmt: skip
    release = make_release(actor=actor, thing=item, plan=plan, now=now)
    try:
        with transaction.atomic():
            return Broadcast.objects.create(key=key, release=release, wanted=wanted.said(), made_at=now)
    except IntegrityError:
        raise BadInput(_("This was sent already. Open the list of broadcasts.")) from None


@transaction.atomic
def pause_broadcast(*, actor: Actor, ref: UUID, now: datetime) -> Broadcast:
    """Stop for now; what a worker holds at this moment, some hundreds at most, still goes. Needs no second factor."""
    return _move(actor, ref, "content.write", State.SENDING, State.PAUSED, "broadcasts.broadcast_paused")


@transaction.atomic
def resume_broadcast(*, actor: Actor, ref: UUID, now: datetime) -> Broadcast:
    """Go on with those who have not got it yet."""
    return _move(actor, ref, "broadcasts.release", State.PAUSED, State.SENDING, "broadcasts.broadcast_resumed")


def _move(actor: Actor, ref: UUID, right: str, before: str, after: str, verb: str) -> Broadcast:
    broadcast = queries.get_broadcast(actor=actor, ref=ref, right=right, lock=True)
    rules.check_state(broadcast, before)
    broadcast.state = after
    broadcast.save(update_fields=["state"])
    audit.record(actor, verb, broadcast, unit=broadcast.release.unit)
    return broadcast


@transaction.atomic
def cancel_broadcast(*, actor: Actor, ref: UUID, now: datetime) -> Broadcast:
    """Nobody gets it any more. Needs no second factor: haste is lawful here."""
    broadcast = queries.get_broadcast(actor=actor, ref=ref, right="content.write", lock=True)
    rules.check_state(broadcast, State.WAITING, State.SENDING, State.PAUSED)
    broadcast.state, broadcast.ended_at = State.CANCELLED, now
    broadcast.save(update_fields=["state", "ended_at"])
    if broadcast.release.state != Release.State.WITHDRAWN:
        withdraw_release(actor=actor, ref=broadcast.release.ref, now=now)
    audit.record(actor, "broadcasts.broadcast_cancelled", broadcast, unit=broadcast.release.unit)
    return broadcast


# Each person once, by the first way that is open to them.
RECIPIENTS = """
INSERT INTO broadcasts_recipient
    (broadcast_id, person_id, unit_id, language, channel, state, reason, attempts, again_at, at)
SELECT %(broadcast)s, person, unit, language, channel, CASE channel WHEN '' THEN 'unreachable' ELSE 'waiting' END,
       '', 0, NULL, NULL
FROM (SELECT person, unit, language, {channel} AS channel FROM people) chosen
"""
CHUNKS = """
INSERT INTO broadcasts_chunk (broadcast_id, channel, first, last, due_at, turn, n, sent, failed, refused)
SELECT %(broadcast)s, channel, min(person_id), max(person_id), %(now)s, 0, count(*), 0, 0, 0
FROM (SELECT channel, person_id, (row_number() OVER (PARTITION BY channel ORDER BY person_id) - 1) / %(chunk)s AS place
      FROM broadcasts_recipient WHERE broadcast_id = %(broadcast)s AND channel <> '') numbered
GROUP BY channel, place ORDER BY min(person_id)
"""


@transaction.atomic
def start_broadcast(*, broadcast_id: int, now: datetime) -> int:
    """Write a row for everybody of the audience in one statement, and cut them into chunks; how many. Once only."""
    broadcast = Broadcast.objects.select_for_update().select_related("release").get(pk=broadcast_id)
    item = queries.cleared_item(broadcast, now=now)
    if broadcast.state != State.WAITING or item is None:
        return 0
    channels = [channel for channel in CHANNELS if channel in broadcast.release.channels]
    wanted, ways = Wanted.of(broadcast.wanted), queries.ways_for(queries.purpose_of(item.matter), channels)
    clause, values = people_sql(wanted, queries.ranges_of(wanted.scope), ways, now=now)
    first = " ".join(f"WHEN by_{channel} THEN '{channel}'" for channel in channels)
    values.update(broadcast=broadcast.pk, chunk=CHUNK)
    with connection.cursor() as cursor:
        cursor.execute(clause + RECIPIENTS.format(channel=f"CASE {first} ELSE '' END"), values)
        broadcast.people = cursor.rowcount
        cursor.execute(CHUNKS, values)
    broadcast.state, broadcast.started_at = State.SENDING, now
    broadcast.save(update_fields=["people", "state", "started_at"])
    audit.record(
        SystemActor(request_id="broadcasts.start"), "broadcasts.broadcast_started", broadcast,
        unit=broadcast.release.unit, data={"people": broadcast.people},
    )  # fmt: skip
    return broadcast.people
