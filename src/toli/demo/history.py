"""Records of what happened lately, so that timelines and the ticker begin with something to say."""

from datetime import datetime, timedelta

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.dates import local_at, local_day
from toli.org.models import Appointment

LATELY = timedelta(hours=30)
SHOWN = 60


def tell(*, actor: Actor, now: datetime) -> int:
    """A record for each of the latest offers and acceptances that were written in sets; how many."""
    today = local_day(now)
    # Records lie in a partition of their month; the demo does not reach into the month before.
    since = max(now - LATELY, local_at(today.replace(day=1), datetime.min.time()) + timedelta(hours=12))
    told = 0
    for state, moment in (("offered", "offered_at"), ("accepted", "accepted_at")):
        rows = Appointment.objects.select_related("seat__unit").filter(state=state, **{f"{moment}__gt": since})
        for found in rows.order_by(f"-{moment}")[:SHOWN]:
            data = {"seat": str(found.seat.ref)}
            audit.record(actor, f"org.{state}", found, unit=found.seat.unit, data=data, at=getattr(found, moment))
            told += 1
    return told
