"""Releases, the documents the pulse serves, and what phones told back."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL: dict[str, str] = {}
"""None: `reader` holds for one day and leads to no person without the key of the pulse."""


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


class Document(models.Model):
    """What one stream shows now; the pulse reads nothing else."""

    stream = models.TextField(primary_key=True, db_collation="C")
    version = models.BigIntegerField()
    body = models.BinaryField()
    etag = models.TextField()
    valid_until = models.DateTimeField()
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "broadcasts_document"


class Build(models.Model):
    """One row: what the documents were last made from."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    signature = models.TextField()
    round_number = models.BigIntegerField()
    built_at = models.DateTimeField()
    next_at = models.DateTimeField()
    streams = models.IntegerField(default=0)
    held = models.JSONField(default=dict)
    """By rule of law: how many (item, constituency) the gate held back."""

    class Meta:
        db_table = "broadcasts_build"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="broadcasts_one_build")]


class Receipt(models.Model):
    """What a phone told, as the pulse wrote it; gone when counted."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    stream = models.TextField()
    unit_id = models.BigIntegerField()
    reader = models.TextField(db_collation="C")
    item_ref = models.UUIDField()
    kind = models.TextField()
    channel = models.TextField()

    class Meta:
        db_table = "broadcasts_receipt"


class Sighting(models.Model):
    """One phone, one item, one day, one channel: told any number of times, it counts once. Kept for three days."""

    pk = models.CompositePrimaryKey("day", "reader", "item_id", "kind", "channel")
    day = models.DateField()
    reader = models.TextField(db_collation="C")
    item_id = models.BigIntegerField()
    """0: any item, the phone itself."""
    kind = models.TextField()
    channel = models.TextField()

    class Meta:
        db_table = "broadcasts_sighting"


class Reach(models.Model):
    """Phones that displayed an item, and share sheets opened for it, per day and channel."""

    pk = models.CompositePrimaryKey("item_id", "day", "kind", "channel")
    item_id = models.BigIntegerField()
    day = models.DateField()
    kind = models.TextField()
    channel = models.TextField()
    n = models.BigIntegerField()

    class Meta:
        db_table = "broadcasts_reach"


class Follow(models.Model):
    """The constituency a person chose to follow instead of their own."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
