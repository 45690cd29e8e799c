"""What is counted of a drive: read anew from the facts every minute, never changed by a request."""

from django.db import models
from django.db.models import F, Q

from toli.recruitment.models.drives import Drive, DrivePlace
from toli.recruitment.models.interviews import Panel, Round


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
    own_seats = models.IntegerField(db_default=0)
    """Those of the unit itself, without the units below it."""
    waiting = models.IntegerField(db_default=0)
    offered = models.IntegerField(db_default=0)
    """Applications that wait for a seat, and that have an offer; those in a team are the `accepted` ones."""
    past = models.IntegerField(db_default=0)
    silent = models.IntegerField(db_default=0)
    """Seats that were filled past the drive, and those of them without a reason."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drive", "unit"], name="recruitment_funnel_once")]
        indexes = [
            models.Index(
                F("drive"), F("applied") - F("seats"), name="recruitment_funnel_short",
                condition=Q(own_seats__gt=0, seats__gt=F("applied")),
            )
        ]  # fmt: skip


class FunnelReading(models.Model):
    """When a drive was counted, how long that took, and its applications by Indian day."""

    drive = models.OneToOneField(Drive, primary_key=True, on_delete=models.PROTECT, related_name="reading")
    at = models.DateTimeField()
    """The facts of this moment."""
    seconds = models.FloatField()
    days = models.JSONField(default=dict)
    """{"2026-11-27": 1234} of the last 60 days."""


class RoundRow(models.Model):
    """The applicants of one round in one unit and all below it, by what became of their newest interview."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="counted")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    total = models.IntegerField()
    waiting = models.IntegerField()
    """Never had a time."""
    proposed = models.IntegerField()
    confirmed = models.IntegerField()
    held = models.IntegerField()
    no_show = models.IntegerField()
    declined = models.IntegerField()
    timeless = models.IntegerField()
    """Need a time and have none: never had one, or lost it and did not decline."""
    timeless_since = models.DateTimeField(null=True)
    """When the first of them applied."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="recruitment_round_row_once")]


class PanelReading(models.Model):
    """What a panel has behind it, and how far the two scores of its candidates agree."""

    panel = models.OneToOneField(Panel, primary_key=True, on_delete=models.PROTECT, related_name="reading")
    held = models.IntegerField(db_default=0)
    missed = models.IntegerField(db_default=0)
    wait_days = models.FloatField(null=True)
    """From the application to the interview, on average."""
    pairs = models.IntegerField(db_default=0)
    """Candidates with two scores; too few say nothing, and there is no kappa and no ICC."""
    kappa = models.FloatField(null=True)
    """With quadratic weights (Cohen 1968)."""
    icc = models.FloatField(null=True)
    """ICC(2,1) (Shrout and Fleiss 1979)."""
    apart = models.IntegerField(db_default=0)
    """How far the two totals lie apart on average, hundredths of a point."""


class PastSeat(models.Model):
    """A seat of a drive's place that was filled past it. Why, is in PastDrive."""

    id = models.BigAutoField(primary_key=True)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(DrivePlace, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey("org.Appointment", on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    silent = models.BooleanField()
    """No reason was given when it was counted."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drive", "appointment"], name="recruitment_past_seat_once")]
        indexes = [models.Index(fields=["drive", "-silent", "-offered_at", "-id"], name="recruitment_past_seat_listed")]
