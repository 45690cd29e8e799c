"""The by-elections: one election, four polls nine days after the first start, closing at different hours."""

from datetime import datetime, time, timedelta

from toli.demo.sizes import SEATS, STATE
from toli.elections import services as elections
from toli.elections.models import Election, Poll
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.org import queries as org

DAYS_TO_POLL = 9
NAMES = {"hi": "राजस्थान विधानसभा उपचुनाव", "en": "Rajasthan by-elections"}


def call_elections(*, actor: Actor, now: datetime) -> dict[int, Poll]:
    """The polls by constituency number."""
    day = local_day(now) + timedelta(days=DAYS_TO_POLL)
    state = org.unit_by_code("eci", STATE)
    election = elections.ensure_election(
        key=f"RJ-BYE-{day.year}", kind="assembly by-election", state=state, by_election=True,
        announced_at=now - timedelta(days=20), counting_on=day + timedelta(days=3), now=now,
    )  # fmt: skip
    Election.objects.filter(pk=election.pk).update(names=NAMES)
    polls: dict[int, Poll] = {}
    for number, closes in SEATS.items():
        unit = org.unit_by_code("eci", f"{STATE}/{number}")
        assert unit is not None
        hours = elections.Hours(day, (time(closes),), time(7))
        polls[number] = elections.add_poll(
            actor=actor, election=election, constituency=unit, hours=hours, notification="demo notification 1", now=now
        )
    return polls
