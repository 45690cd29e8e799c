"""The documents the pulse serves, and who follows which."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


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


class Follow(models.Model):
    """The constituency a person chose to follow instead of their own."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()


class Listening(models.Model):
    """How the pulse comes to a person who chose something else than every slogan at every hour."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    hourly = models.BooleanField(default=False)
    """New texts as one list at the full hour, instead of each as it comes."""
    quiet_from = models.SmallIntegerField(null=True)
    quiet_until = models.SmallIntegerField(null=True)
    """Hours in Asia/Kolkata between which nothing is shown; both or neither."""
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__range=(0, 23), quiet_until__range=(0, 23)),
                name="broadcasts_quiet_hours_of_the_day",
            ),
        ]
