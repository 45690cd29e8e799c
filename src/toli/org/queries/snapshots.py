"""Which moments the figures are kept of."""

import datetime

from toli.org.models.snapshots import SnapshotSlot


def snapshot_slots(*, limit: int = 30) -> list[SnapshotSlot]:
    """The kept 08:00 and 20:00, the newest first."""
    return list(SnapshotSlot.objects.order_by("-at")[:limit])


def snapshot_slot_after(at: datetime.datetime) -> SnapshotSlot | None:
    """The first kept slot after this one."""
    return SnapshotSlot.objects.filter(at__gt=at).order_by("at").first()


def snapshot_slot(before: datetime.datetime, *, after: datetime.datetime | None = None) -> SnapshotSlot | None:
    """The last kept slot before this instant (and not before `after`); None where there is none."""
    rows = SnapshotSlot.objects.filter(at__lt=before)
    return (rows.filter(at__gte=after) if after else rows).order_by("-at").first()
