"""Groups and channels in messaging apps that people run by hand, and what was posted in them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toli.broadcasts.models.releases import Release
from toli.kit.ids import uuid7


class Group(models.Model):
    """A group of one place. Toli knows its link and its size as an admin says; it never reads who is in it."""

    class Kind(models.TextChoices):
        WHATSAPP = "whatsapp", _("WhatsApp group")
        WHATSAPP_COMMUNITY = "whatsapp_community", _("WhatsApp community")
        WHATSAPP_CHANNEL = "whatsapp_channel", _("WhatsApp channel")
        TELEGRAM = "telegram", _("Telegram group")
        TELEGRAM_CHANNEL = "telegram_channel", _("Telegram channel")
        OTHER = "other", _("Another app")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="groups")
    covers = ArrayField(models.BigIntegerField())
    """The units whose members belong in it, with everything below them that has no group of its own."""
    part = models.SmallIntegerField(default=1)
    parts = models.SmallIntegerField(default=1)
    """A unit too large for one group has several: each takes every n-th member."""
    kind = models.TextField(choices=Kind.choices)
    tier = models.TextField(choices=Release.Audience.choices, default=Release.Audience.ALL)
    name = models.TextField()
    link = models.TextField(blank=True)
    """The invitation; empty until an admin has made the group in the app."""
    members = models.IntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(part__gte=1, part__lte=F("parts")), name="broadcasts_group_part_of_parts"
            ),
            models.UniqueConstraint(
                fields=["link"], condition=Q(closed_at=None) & ~Q(link=""), name="broadcasts_group_link_once"
            ),
        ]
        indexes = [
            models.Index(fields=["unit"], name="broadcasts_group_of_unit", condition=Q(closed_at=None)),
        ]


class GroupAdmin(models.Model):
    """A person who posts in a group from their own phone."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="admins")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="broadcasts_admin_once")]


class Posting(models.Model):
    """An admin's word that a text stands in a group: a receipt, once for each group and text."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="postings")
    item = models.ForeignKey("content.Item", on_delete=models.PROTECT, related_name="+")
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "item"], name="broadcasts_posted_once")]
        indexes = [models.Index(fields=["at"], name="broadcasts_posted_at")]
