"""Message groups of the seats: some run well, one without an admin, one not made yet; and who came by shared links."""

from datetime import datetime, timedelta
from random import Random

from toli.broadcasts import queries as reads
from toli.broadcasts import services as broadcasts
from toli.broadcasts.links import Link
from toli.broadcasts.models import Group
from toli.kit.actor import Actor
from toli.org.models import Unit

MEMBERS = {179: 412, 175: 268, 24: 301}
VISITS = {179: 46, 175: 17}


def run_groups(*, actors: dict[str, Actor], state: Unit, seats: dict[int, Unit], now: datetime) -> None:
    """A group for each seat in the register; in Sahara its admin has posted what was ready."""
    asha = actors["asha"]
    for number, seat in seats.items():
        said = broadcasts.Said(
            f"{seat.names['hi']} टोली", f"https://chat.whatsapp.com/Demo{number}", "all", MEMBERS.get(number)
        )
        group = broadcasts.register_group(
            actor=asha, unit=seat, kind=Group.Kind.WHATSAPP, said=said, now=now - timedelta(days=20)
        )
        if number != 24:
            _name_somebody(asha, group, now)
    channel = broadcasts.Said("टोली राजस्थान", "https://t.me/toli_demo_rajasthan", "all", 1840)
    broadcasts.register_group(actor=asha, unit=state, kind=Group.Kind.TELEGRAM_CHANNEL, said=channel, now=now)
    _post(actors["gopal"], seats[179], now)
    _visit(seats, Random(36), now)


def _name_somebody(asha: Actor, group: Group, now: datetime) -> None:
    """The seat's own lead, who is named first because the seat stands nearest."""
    held = reads.people_to_name(group, now=now)
    for one in held[:1]:
        broadcasts.name_admin(actor=asha, ref=group.ref, person_ref=one.person.ref, now=now - timedelta(days=19))


def _post(actor: Actor, seat: Unit, now: datetime) -> None:
    groups = [group for group in reads.groups_i_post_in(actor) if group.unit_id == seat.pk]
    for pack in reads.packs(groups, language="hi", sharer="", now=now):
        for line in pack.lines[:2]:
            broadcasts.say_posted(actor=actor, ref=pack.group.ref, item_ref=line.offer.item.ref, now=now)


def _visit(seats: dict[int, Unit], random: Random, now: datetime) -> None:
    """Phones that opened today's text of a seat; the addresses are of a network set aside for examples."""
    for number, many in VISITS.items():
        for offer in reads.offers("groups", now=now):
            if offer.item.constituency_id == seats[number].pk:
                link = Link(offer.item.pk, seats[number].pk)
                for _n in range(many):
                    address = f"198.51.100.{random.randrange(256)}"
                    broadcasts.note_visit(link=link, address=address, agent="Demo phone", now=now)
    broadcasts.count_visits(now=now)
