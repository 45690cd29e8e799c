"""What phones told back in the last day: items shown, and now and then a share sheet opened."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from toli.broadcasts import services as broadcasts
from toli.content.models import Item
from toli.demo.people import Made
from toli.kit.dates import local_day
from toli.org.importing.copying import copy_in

LATELY = timedelta(hours=28)
SHOWN, SHARED = 3, 0.13


def tell_back(people: Sequence[Made], *, since: datetime, until: datetime, random: Random) -> None:
    """Receipts of everybody who was last active in these hours, counted as the worker counts them."""
    told = [one for one in people if since < one.last_act <= until]
    if not told:
        return
    items = [
        str(ref)
        for ref in Item.objects.filter(state__in=["approved", "out"]).order_by("id").values_list("ref", flat=True)
    ]
    copy_in(
        "COPY broadcasts_receipt (at, stream, unit_id, reader, item_ref, kind, channel) FROM STDIN",
        _receipts(told, items, random),
    )
    while broadcasts.count_receipts():
        pass


def _receipts(people: Sequence[Made], items: Sequence[str], random: Random) -> Iterator[str]:
    for one in people:
        # As the pulse writes them: a mark that holds for one day and leads to nobody.
        reader = sha256(f"{local_day(one.last_act)}/{one.ref}".encode()).hexdigest()[:22]
        for item in random.sample(items, min(SHOWN, len(items))):
            yield f"{one.last_act}\tdemo\t{one.home}\t{reader}\t{item}\tshown\tpulse\n"
            if random.random() < SHARED:
                yield f"{one.last_act}\tdemo\t{one.home}\t{reader}\t{item}\tshared\tpulse\n"
