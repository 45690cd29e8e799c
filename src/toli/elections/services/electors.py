"""Who votes where by their own word, and the two moments of a silence: it comes near, it begins (rule 26)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from toli.audit import services as audit
from toli.audit.queries import refs_touched
from toli.elections import queries
from toli.elections.models import ElectorSaid, Poll, PollVersion
from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed, NotFound
from toli.org.models import Unit
from toli.people.models import Person


@transaction.atomic
def say_elector(*, actor: Actor, unit_ref: UUID, is_elector: bool, now: datetime) -> ElectorSaid:
    """A person says of themselves whether they vote in a constituency; said again, the last word holds.

    Nobody says it for another. Raises NotFound or NotAllowed.
    """
    if actor.person_id is None or actor.seen_as_id:
        raise NotAllowed
    unit = Unit.objects.filter(ref=unit_ref, level__key="constituency", active=True).first()
    if unit is None:
        raise NotFound
    Person.objects.select_for_update().get(pk=actor.person_id)
    before = ElectorSaid.objects.filter(person_id=actor.person_id, constituency=unit).first()
    if before is not None and before.is_elector == is_elector:
        return before
    said, _made = ElectorSaid.objects.update_or_create(
        person_id=actor.person_id, constituency=unit, defaults={"is_elector": is_elector, "said_at": now}
    )
    audit.record(actor, "elections.elector_said", None, unit=unit)
    return said


def announce_silence(*, actor: Actor, now: datetime) -> int:
    """Record once for each version of a poll that its silence comes near, and once that it has begun; how many.

    What follows (notices, ended shifts) stands in flows.py. A row that moved is a new version, and said again.
    """
    said = [_say(actor, version, "neared_version", "elections.silence_nears") for version in queries.nearing(now=now)]
    said += [_say(actor, version, "silenced_version", "elections.silence_began") for version in queries.begun(now=now)]
    return sum(said)


@transaction.atomic
def _say(actor: Actor, version: PollVersion, column: str, verb: str) -> bool:
    poll = Poll.objects.select_for_update().get(pk=version.poll_id)
    if getattr(poll, column) == version.number or not PollVersion.objects.filter(pk=version.pk, state="live").exists():
        return False
    Poll.objects.filter(pk=poll.pk).update(**{column: version.number})
    audit.record(actor, verb, poll, unit=version.poll.constituency, data={"version": version.number})
    return True


@transaction.atomic
def forget_electors(*, record_ids: list[int]) -> int:
    """Delete what erased people said of where they vote; how many rows. After people.purged."""
    gone = Person.objects.filter(ref__in=refs_touched(record_ids), state=Person.State.PURGED)
    return ElectorSaid.objects.filter(person__in=gone).delete()[0]
