"""The outbox and what came back."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class Budget(models.Model):
    """One way's allowance, shared by all workers: a single moment says how much of it is used up."""

    key = models.TextField(primary_key=True)
    """The way, the account, the chat or the person it is of."""
    used_until = models.DateTimeField()
    """How far ahead of the clock it is spent: taking moves it, time catches up (a leaky bucket in one column)."""
    room = models.DurationField()
    """How far ahead it may be spent, as the rule in force said last."""
    rests_until = models.DateTimeField(null=True)
    """The provider itself asked for a pause until then."""


class Account(models.Model):
    """A declared official account that Toli may post to: its id and key at the provider, and how both are."""

    class State(models.TextChoices):
        WORKS = "works", pgettext_lazy("account", "Works")
        ENDING = "ending", pgettext_lazy("account", "The key ends soon")
        CLOSED = "closed", pgettext_lazy("account", "The key opens nothing")
        AWAY = "away", pgettext_lazy("account", "Taken away")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    handle = models.OneToOneField("org.Handle", on_delete=models.PROTECT, related_name="+")
    provider = models.TextField()
    external_id = models.TextField()
    """The Page, channel, chat or user as the provider numbers it."""
    address = models.TextField(blank=True)
    """Where a site of ours takes posts; empty for platforms, whose address is known."""
    cipher = models.BinaryField(null=True)
    key_version = models.SmallIntegerField(null=True)
    permission = models.TextField(blank=True)
    """The platform's written permission, where its rules keep parties out (domain rule 14)."""
    state = models.TextField(choices=State.choices, default=State.WORKS)
    ends_at = models.DateTimeField(null=True)
    told_for = models.DateTimeField(null=True)
    """The end its operators were told of: each end is told once."""
    left_today = models.IntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    last_fault = models.TextField(blank=True)
    last_fault_at = models.DateTimeField(null=True)
    connected_by_id = models.BigIntegerField(null=True)
    connected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="delivery_account_once"),
            models.CheckConstraint(
                condition=~Q(provider="whatsapp") | ~Q(permission=""), name="delivery_whatsapp_needs_permission"
            ),
        ]


DUE_POSTS = Q(state__in=["waiting", "sending", "removing"])


class Post(models.Model):
    """One item to one official account, public."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("post", "Waits to go out")
        SENDING = "sending", pgettext_lazy("post", "Being posted")
        POSTED = "posted", pgettext_lazy("post", "Posted")
        UNSURE = "unsure", pgettext_lazy("post", "Somebody must look whether it is there")
        FAILED = "failed", pgettext_lazy("post", "Not posted")
        REFUSED = "refused", pgettext_lazy("post", "Held back")
        REMOVING = "removing", pgettext_lazy("post", "Being taken down")
        TAKEN_DOWN = "taken_down", pgettext_lazy("post", "Taken down")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.TextField(unique=True)
    """Says what this post is about, so that asking twice posts once."""
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    text = models.TextField()
    title = models.TextField(blank=True)
    link = models.TextField(blank=True)
    media = models.JSONField(default=list)
    """Files as {kind, path, url, hash}: sent only while the file still has that hash."""
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    """appeal, civic or internal; with the next ones what the gate `may_publish` asks."""
    subject_hash = models.TextField()
    paid = models.BooleanField(default=False)
    ai = models.TextField(default="none")
    topics = ArrayField(models.TextField(), default=list)
    names_units = ArrayField(models.BigIntegerField(), default=list)
    certificate = models.JSONField(null=True)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    progress = models.JSONField(default=dict)
    """What the steps done so far left at the provider."""
    doubtful = models.BooleanField(default=False)
    """It may be there already: the provider is asked before it is tried again."""
    provider_ref = models.TextField(blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    taken_down_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_post_due", condition=DUE_POSTS),
            models.Index(fields=["account", "-created_at"], name="delivery_post_of_account"),
        ]


class Wording(models.Model):
    """Which account of a platform said a text first: no other account there says it again (domain rule 12)."""

    provider = models.TextField()
    text_key = models.TextField()
    """The folded text's hash: letters and digits alone, so a comma makes no other text."""
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "text_key"], name="delivery_wording_once")]
