"""The outbox and what came back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "Message.person": "whom a message was for; 1 year",
    "Message.contact_point": "where it went, by id and never by number; 1 year",
}


class Message(models.Model):
    """One message to one person. The number and the name are read at the last moment, never kept here."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to go out")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Arrived")
        FAILED = "failed", _("Did not arrive")
        REFUSED = "refused", _("Held back")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.TextField(unique=True)
    """Says what this message is about, so that asking twice sends once."""
    template = models.TextField()
    channel = models.TextField(default="sms")
    language = models.TextField(default="hi")
    params = models.JSONField(default=dict)
    """Numbers, dates, unit names: never a personal value."""
    purpose = models.TextField()
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    contact_point = models.ForeignKey("people.ContactPoint", null=True, on_delete=models.PROTECT, related_name="+")
    invitee = models.ForeignKey("people.Invitee", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """The constituency whose law holds for it."""
    kind = models.TextField(default="internal")
    """appeal, civic or internal: what the gate `may_publish` asks."""
    subject_hash = models.TextField(blank=True)
    certificate = models.JSONField(null=True)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    """A reminder of yesterday is not sent tomorrow."""
    provider = models.TextField(blank=True)
    provider_ref = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    """Why it was refused or failed: a key, never the provider's raw words."""
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="delivery_due", condition=models.Q(state__in=["waiting", "sending"])
            ),
            models.Index(fields=["-created_at"], name="delivery_newest"),
            models.Index(fields=["person", "-created_at"], name="delivery_of_person"),
        ]


class Receipt(models.Model):
    """What the provider said about a message, as often as it said it."""

    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="receipts")
    code_ref = models.UUIDField(null=True)
    """A login code's own ref: codes have no message row."""
    provider = models.TextField()
    status = models.TextField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "code_ref", "provider", "status"], nulls_distinct=False, name="delivery_receipt_once"
            )
        ]


class Inbound(models.Model):
    """A message somebody sent us, by the provider's id only: the same one posted again does nothing."""

    provider = models.TextField()
    provider_ref = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "provider_ref"], name="delivery_inbound_once")]
        indexes = [models.Index(fields=["at"], name="delivery_inbound_at")]


class ProviderRest(models.Model):
    """A provider that failed just now rests, so that the next code goes to the other one at once."""

    name = models.TextField(primary_key=True)
    failures = models.SmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    last_failure = models.TextField(blank=True)
    changed_at = models.DateTimeField()
