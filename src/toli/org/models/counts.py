"""Figures of units: deltas appended by requests, folded once a second, kept as snapshots."""

import datetime

from django.db import models

NO_DAY = datetime.date(1970, 1, 1)
"""The day of a figure that stands until it changes; a daily figure (active, reach) carries its own day."""
ALL_WINGS = 0


class Delta(models.Model):
    """A change of one figure of one unit; gone when folded. No request ever updates a count."""

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField()
    wing_id = models.BigIntegerField(default=ALL_WINGS)
    metric = models.TextField()
    day = models.DateField(default=NO_DAY)
    n = models.BigIntegerField()

    class Meta:
        db_table = "org_delta"


class Count(models.Model):
    """A figure of a unit with everything below it, for one wing or for all."""

    pk = models.CompositePrimaryKey("unit_id", "wing_id", "metric", "day")
    unit_id = models.BigIntegerField()
    wing_id = models.BigIntegerField(default=ALL_WINGS)
    metric = models.TextField()
    day = models.DateField(default=NO_DAY)
    n = models.BigIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "org_count"


class Activity(models.Model):
    """The last day (IST) on which a person did something themselves."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.PROTECT, related_name="activity")
    last_act_on = models.DateField()
    silent = models.BooleanField(default=False)
    """Already counted as silent: set by the nightly pass, cleared by the next own act."""
