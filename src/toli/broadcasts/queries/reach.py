"""How far items reached."""

from collections.abc import Collection
from datetime import date

from toli.broadcasts.models import Reach


def reach_of(item_ids: Collection[int], *, since: date) -> dict[int, dict[tuple[str, str], int]]:
    """By item: {(shown or shared, channel): the best day's number}. Phones are never added up over channels or days."""
    found: dict[int, dict[tuple[str, str], int]] = {item_id: {} for item_id in item_ids}
    for row in Reach.objects.filter(item_id__in=item_ids, day__gte=since):
        key = (row.kind, row.channel)
        found[row.item_id][key] = max(found[row.item_id].get(key, 0), row.n)
    return found
