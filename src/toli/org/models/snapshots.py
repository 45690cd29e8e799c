"""Figures as they stood at 08:00 and 20:00 IST, so that they can be shown again."""

import datetime

from django.db import models

from toli.org.models.counts import ALL_WINGS

LATE_AFTER = datetime.timedelta(minutes=10)


class SnapshotSlot(models.Model):
    """One 08:00 or 20:00 IST whose figures are kept. There is one of each moment, however many workers run."""

    at = models.DateTimeField(primary_key=True)
    taken_at = models.DateTimeField()
    """When the figures were really read: later than `at` when nothing ran at that hour."""
    thinned_at = models.DateTimeField(null=True)
    """Since when the booths are no longer part of it."""

    class Meta:
        db_table = "org_snapshotslot"

    def __str__(self) -> str:
        return f"{self.at:%F %R}"

    @property
    def is_late(self) -> bool:
        """The figures are of a later hour than the one they stand for."""
        return self.taken_at - self.at > LATE_AFTER


class Snapshot(models.Model):
    """All figures of a unit, for one wing or for all, in one slot."""

    pk = models.CompositePrimaryKey("slot_id", "unit_id", "wing_id")
    slot = models.ForeignKey(
        SnapshotSlot, db_column="slot_at", db_index=False, on_delete=models.PROTECT, related_name="rows"
    )
    unit_id = models.BigIntegerField()
    wing_id = models.BigIntegerField(default=ALL_WINGS)
    figures = models.JSONField()

    class Meta:
        db_table = "org_snapshot"
