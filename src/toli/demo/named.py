"""A few seats that a sheet named somebody for: some only named, some invited, none filled."""

from datetime import datetime
from random import Random

from toli.delivery.services import queue_invitation
from toli.demo.names import person_name
from toli.demo.people import number_of
from toli.demo.sizes import STATE
from toli.kit.actor import Actor
from toli.org.importing.holders import mark_invited, name_holders
from toli.org.importing.rows import HolderRow
from toli.org.models import NamedHolder

FIRST_NUMBER = 900
# constituency, how many of its team are named
NAMED = ((155, 5), (24, 3))
INVITED = 4


def name_some(*, actor: Actor, random: Random, now: datetime) -> None:
    """Up to eight named seats in the teams of the seats that vote; four of the people were sent their one invitation."""
    seats = [number for number, count in NAMED for _n in range(count)]
    rows = [
        HolderRow(
            nth, person_name(random, woman=bool(nth % 2)).hi, number_of(FIRST_NUMBER + nth), f"eci:{STATE}/{number}",
            "", "", "", "constituency_member", None,
        )
        for nth, number in enumerate(seats)
    ]  # fmt: skip
    name_holders(actor=actor, rows=rows, source="demo-sheet.csv", now=now)
    chosen = list(NamedHolder.objects.select_related("invitee", "seat__unit").order_by("id")[:INVITED])
    for holder in chosen:
        unit = holder.seat.unit
        params = {"unit": unit.names["hi"], "link": "/me/"}
        queue_invitation(invitee=holder.invitee, params=params, unit=unit, now=now)
    mark_invited(actor=actor, holders=chosen, now=now)
