"""The notice a person read, and the ledger of what they said to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "ConsentEvent.person": "proof of consent, DPDP Act 2023 section 6(10); kept with the tombstone",
    "ConsentEvent.session_digest": "shows that it was the person's own session; kept with the tombstone",
    "NumberStop.index": "not to write to a number that said STOP; until the number says START",
}


class Notice(models.Model):
    """One version of the notice, in every language it was written in. A published one never changes."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(default="join")
    version = models.SmallIntegerField()
    texts = models.JSONField()
    """{language: {title, intro, keep, rights, contact, complain ...}}"""
    items = models.JSONField()
    """[{data: {language: text}, purposes: [key, ...]}]: each kind of data with what it is for."""
    purposes = models.JSONField()
    """[key, ...] in the order they are asked."""
    contact = models.JSONField()
    """{name: {language: text}, address: text}: the person who answers."""
    published_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="consent_notice_version"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(replaced_at=None), name="consent_one_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class ConsentEvent(models.Model):
    """A person said yes or no to one purpose. Appended only: triggers refuse anything else."""

    class Channel(models.TextChoices):
        WEB = "web", _("Own phone")
        KIOSK = "kiosk", _("Shared phone")
        SMS = "sms", _("SMS")
        DESK = "desk", _("Asked for at the desk")
        DEMO = "demo", _("Made up for the demo")

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="consents")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="events")
    language = models.TextField()
    purpose = models.TextField()
    given = models.BooleanField()
    at = models.DateTimeField()
    channel = models.TextField(choices=Channel.choices)
    actor_person_id = models.BigIntegerField(null=True)
    actor_seat_id = models.BigIntegerField(null=True)
    session_digest = models.TextField(blank=True)
    request_id = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "-id"], name="consent_latest")]


class NumberStop(models.Model):
    """A number that answered STOP, whoever it belongs to."""

    index = models.BinaryField()
    stopped_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["index"], condition=models.Q(lifted_at=None), name="consent_one_stop_of_a_number"
            )
        ]
