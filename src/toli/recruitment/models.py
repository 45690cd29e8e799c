"""Drives and applications. A form whose number is not proved yet is an `accounts.Draft`, and nothing here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "Application.person": "who applied; kept with the tombstone",
    "Application.unit": "where the person wants to work; kept with the tombstone",
    "Application.wing": "a membership the person chose; never searched, exported or counted; kept with the tombstone",
    "Application.skills": "to offer fitting work; until the application ends",
}


class Drive(models.Model):
    """A call to join, open for a time, with a page of its own at /join/<key>/."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(unique=True, max_length=40)
    names = models.JSONField()
    intro = models.JSONField(default=dict)
    scope = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="drives")
    """Only places inside this unit can be chosen."""
    levels = ArrayField(models.TextField(), default=list)
    """Keys of the levels whose teams are offered; empty means all."""
    wings = ArrayField(models.TextField(), default=list)
    """Keys of the wings a person may choose from; empty means none is asked."""
    notice_key = models.SlugField(default="join")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    opened_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gte=models.F("opens_at")),
                name="recruitment_drive_runs_forward",
            )
        ]

    def __str__(self) -> str:
        return self.key


class Application(models.Model):
    """One person's answer to one drive."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for a seat")
        OFFERED = "offered", _("A seat is offered")
        PLACED = "placed", _("In a team")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    receipt = models.CharField(max_length=10, unique=True)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="applications")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="applications")
    """A unit of the organisation's tree; any level, for those who do not know their booth."""
    place = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """The panchayat or other place that was chosen, when it is not in the organisation's tree."""
    wing = models.ForeignKey("org.Wing", null=True, on_delete=models.PROTECT, related_name="+")
    skills = ArrayField(models.TextField(), default=list)
    state = models.TextField(choices=State.choices, default=State.SUBMITTED)
    notice = models.ForeignKey("consent.Notice", on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    """When the person declared not to be a government servant, booth-level officer or polling official."""
    submitted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    appointment_ref = models.UUIDField(null=True)
    """The offer made on this application."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "person"], name="recruitment_one_application_of_a_person")
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="recruitment_app_of_unit"),
            models.Index(fields=["-submitted_at"], name="recruitment_app_newest"),
            models.Index(
                fields=["appointment_ref"], name="recruitment_app_offer", condition=Q(appointment_ref__isnull=False)
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.SUBMITTED, self.State.OFFERED)
