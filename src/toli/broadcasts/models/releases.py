"""Who may get an item or a sheet, by which channels and when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7


class Release(models.Model):
    """Who may get an item or a sheet, by which channels and when: approved apart from the wording."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Audience(models.TextChoices):
        ALL = "all", _("Leaders and workers")
        LEADERS = "leaders", _("Leaders only")
        WORKERS = "workers", _("Workers only")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="releases")
    """The desk that publishes."""
    item = models.ForeignKey("content.Item", null=True, on_delete=models.PROTECT, related_name="releases")
    sheet = models.ForeignKey("content.Sheet", null=True, on_delete=models.PROTECT, related_name="releases")
    scope = ArrayField(models.BigIntegerField())
    """Units of the organisation; with everything below them."""
    tier = models.TextField(choices=Audience.choices, default=Audience.ALL)
    channels = ArrayField(models.TextField(), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    quota = models.SmallIntegerField(default=12)
    """How many of the places of one round (24) its items may take."""
    hash = models.TextField(db_collation="C")
    state = models.TextField(choices=State.choices, default=State.SUBMITTED)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    approved_by_id = models.BigIntegerField(null=True)
    approved_hash = models.TextField(db_collation="C", blank=True)
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="broadcasts_release_runs_forward"),
            models.CheckConstraint(
                condition=Q(item=None, sheet__isnull=False) | Q(item__isnull=False, sheet=None),
                name="broadcasts_release_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_hash=F("hash")), name="broadcasts_approved_as_it_stands"
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], name="broadcasts_live_releases", condition=Q(state="approved")),
            models.Index(fields=["unit", "-made_at"], name="broadcasts_release_of_unit"),
        ]
