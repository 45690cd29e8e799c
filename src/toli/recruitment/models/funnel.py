"""What is counted of a drive: read anew from the facts every minute, never changed by a request."""

from django.db import models

from toli.recruitment.models.drives import Drive


class FunnelRow(models.Model):
    """The funnel of one drive in one unit and all below it."""

    id = models.BigAutoField(primary_key=True)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="funnel")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    applied = models.IntegerField(default=0)
    verified = models.IntegerField(default=0)
    checked = models.IntegerField(default=0)
    interviewed = models.IntegerField(default=0)
    placed = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    seats = models.IntegerField(default=0)
    """Places the drive offers."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drive", "unit"], name="recruitment_funnel_once")]


class FunnelReading(models.Model):
    """When a drive was counted, how long that took, and its applications by Indian day."""

    drive = models.OneToOneField(Drive, primary_key=True, on_delete=models.PROTECT, related_name="reading")
    at = models.DateTimeField()
    """The facts of this moment."""
    seconds = models.FloatField()
    days = models.JSONField(default=dict)
    """{"2026-11-27": 1234} of the last 60 days."""
