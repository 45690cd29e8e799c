"""Invitations: a link the person opens themselves. Their number lies in `people.Invitee`, for 30 days."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.ids import uuid7
from toli.recruitment.models.applications import Application
from toli.recruitment.models.drives import Drive


class InvitationBatch(models.Model):
    """One file of numbers with what was declared about it. It is written in parts; whoever takes it up again goes on
    behind the last one.
    """

    class Source(models.TextChoices):
        MISSED_CALLS = "missed_calls", _("People who gave a missed call to our number")
        PAPER_SHEET = "paper_sheet", _("A paper sheet that each person signed")
        HOLDERS_SHEET = "holders_sheet", _("The organisation's own list of office-bearers")

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, nothing written yet")
        LOADING = "loading", _("Being loaded")
        LOADED = "loaded", pgettext_lazy("import", "Loaded")
        FAILED = "failed", _("Stopped with a fault")
        UNDONE = "undone", _("Undone")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="batches")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    """Rows name a unit inside it, or none and get this one."""
    source = models.TextField(choices=Source.choices)
    source_words = models.TextField()
    """When and where the numbers were given; no person's name."""
    declared_by_id = models.BigIntegerField(null=True)
    declared_at = models.DateTimeField()
    certificate = models.JSONField(null=True)
    """{number, committee, valid_until, file_hash, template}: of the media committee, for this drive's invitation."""
    state = models.TextField(choices=State.choices, default=State.CHECKING)
    file_name = models.TextField()
    digest = models.TextField()
    stored = models.TextField(blank=True)
    erase_on = models.DateField()
    encoding = models.TextField(blank=True)
    language = models.TextField(default="hi")
    on_desk = models.BooleanField(default=True)
    """The worker carries it; else whoever typed the command does."""
    lines = models.IntegerField(default=0)
    fit = models.IntegerField(default=0)
    """Rows that the check would invite."""
    made = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    unread = ArrayField(models.TextField(), default=list)
    done = models.IntegerField(default=0)
    """Rows that are worked off, of `total`."""
    total = models.IntegerField(default=0)
    parts = models.IntegerField(default=0)
    why = models.TextField(blank=True)
    send_from = models.DateTimeField(null=True)
    """Since when its invitations go out; None: not yet."""
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["drive", "-declared_at"], name="recruitment_batch_of_drive")]

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.LOADING)


class Invitation(models.Model):
    """One invited number. What became of it is the application that came by its link."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        InvitationBatch, on_delete=models.PROTECT, related_name="invitations", db_index=False
    )  # the index below begins with it
    invitee = models.OneToOneField("people.Invitee", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.IntegerField()
    application = models.ForeignKey(
        Application, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # few have one: the partial index below
    sent_at = models.DateTimeField(null=True)
    """When its one message went into the outbox."""

    class Meta:
        indexes = [
            models.Index(fields=["batch", "line"], name="recruitment_invite_of_batch"),
            models.Index(fields=["batch", "id"], name="recruitment_invite_due", condition=Q(sent_at=None)),
            models.Index(
                fields=["application"], name="recruitment_invite_answered", condition=Q(application__isnull=False)
            ),
        ]
