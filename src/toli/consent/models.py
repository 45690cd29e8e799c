"""The notice a person read, and the ledger of what they said to it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "ConsentEvent.person": "proof of consent, DPDP Act 2023 section 6(10); kept with the tombstone",
    "ConsentEvent.session_digest": "shows that it was the person's own session; kept with the tombstone",
    "Grievance.person": "who complained; kept with the tombstone",
    "Grievance.about": "who is complained of, so that they never see it; kept with the tombstone",
    "Grievance.text_cipher": "what the person wrote, encrypted; until purge",
    "Grievance.answer_cipher": "what was answered, encrypted; until purge",
    "BreachPerson.person": "whom a breach touched and who must be told; kept as proof",
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


class Grievance(models.Model):
    """What a person complains of, for the desk of the state alone. The words are encrypted here, never in a record."""

    class Kind(models.TextChoices):
        HARASSMENT = "harassment", _("Somebody harasses or threatens me")
        DATA = "data", _("My data: seen, used or kept wrongly")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        FILED = "filed", _("Arrived")
        ACKNOWLEDGED = "acknowledged", _("Being looked at")
        ANSWERED = "answered", _("Answered")
        REOPENED = "reopened", _("Looked at again by somebody else")
        CLOSED = "closed", _("Closed")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    receipt = models.TextField(unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="grievances")
    about = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    text_cipher = models.BinaryField(null=True)
    text_key_version = models.SmallIntegerField(null=True)
    shut_out = ArrayField(models.BigIntegerField(), default=list)
    """Persons who never see it, whatever right they hold: the reporter's own chain when it was filed."""
    state = models.TextField(choices=State.choices, default=State.FILED)
    filed_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    answer_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answer_cipher = models.BinaryField(null=True)
    answer_key_version = models.SmallIntegerField(null=True)
    escalated_at = models.DateTimeField(null=True)
    """Late, or the person was not satisfied: it stands on top of the list and an answer comes from another officer."""
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["answer_by"], name="consent_grievance_clock", condition=Q(closed_at=None)),
            models.Index(fields=["person", "-filed_at"], name="consent_grievance_person"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.FILED, self.State.ACKNOWLEDGED, self.State.REOPENED)


class Breach(models.Model):
    """A breach of personal data with its clocks: rule 7 of the Digital Personal Data Protection Rules 2025."""

    class State(models.TextChoices):
        OPEN = "open", _("Being handled")
        CLOSING = "closing", _("Waits for a second person to close it")
        CLOSED = "closed", _("Closed")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    texts = models.JSONField()
    """{language: {what, where, consequences, measures, advice, cause}}: parts of the rule, never a name."""
    data_kinds = ArrayField(models.TextField(), default=list)
    began_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    opened_by_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    people_count = models.IntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    told_by_id = models.BigIntegerField(null=True)
    board_first_at = models.DateTimeField(null=True)
    """When the Board got the first description, "without delay"."""
    board_full_at = models.DateTimeField(null=True)
    """When the Board got the full report, within 72 hours."""
    closing_by_id = models.BigIntegerField(null=True)
    closing_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_by_id=None) | ~Q(closed_by_id=F("closing_by_id")), name="consent_breach_two_persons"
            ),
        ]


class BreachPerson(models.Model):
    """A person whose data a breach touched."""

    id = models.BigAutoField(primary_key=True)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="persons")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["breach", "person"], name="consent_breach_person_once")]
