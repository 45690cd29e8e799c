"""The line before the join form: one row, and what each web process reads of itself. Nobody who waits is here."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WaitingLine(models.Model):
    """The one line of this deployment. Tickets are of the sequence `recruitment_ticket`; `waiting.py` moves it."""

    class Mode(models.TextChoices):
        AUTO = "auto", _("By itself, when too many come at once")
        ON = "on", _("Always")
        OFF = "off", _("Never")

    id = models.SmallIntegerField(primary_key=True, default=1)
    mode = models.TextField(choices=Mode.choices, db_default="auto")
    most_busy = models.SmallIntegerField(db_default=85)
    """Percent of the web processes' threads above which it begins."""
    slowest_ms = models.IntegerField(db_default=2000)
    """Milliseconds the form may take on average before it begins."""
    running = models.BooleanField(db_default=False)
    began_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    upto = models.BigIntegerField(db_default=0)
    """Everybody with a ticket up to this one may enter."""
    rate = models.FloatField(db_default=0)
    speed = models.FloatField(db_default=0)
    credit = models.FloatField(db_default=0)
    seconds = models.IntegerField(db_default=0)
    over = models.IntegerField(db_default=0)
    calm = models.IntegerField(db_default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="recruitment_one_waiting_line")]


class WaitingReading(models.Model):
    """What one web process read of itself in its last second with visitors."""

    process = models.TextField(primary_key=True)
    at = models.DateTimeField()
    busy = models.FloatField()
    forms = models.FloatField()
    """A second."""
    form_ms = models.FloatField()
