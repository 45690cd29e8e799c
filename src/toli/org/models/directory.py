"""Public offices and who holds or held them, with a source; and the accounts that speak for the organisation.

All of it is public fact, not anybody's volunteered data: it has no phone number and points at no person's entry, except
for who operates an account, which is never shown to the public.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.ids import uuid7
from toli.org.models.units import Unit


class Term(models.Model):
    """A public office held for [valid_from, valid_to)."""

    class Kind(models.TextChoices):
        BEARER = "bearer", _("Office-bearer")
        LEGISLATOR = "legislator", _("Legislator")
        MINISTER = "minister", _("Minister")
        LOCAL = "local", _("Local body")
        OTHER = "other", pgettext_lazy("office", "Other office")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.TextField(choices=Kind.choices)
    names = models.JSONField()
    """Of the office-holder, by language: public, as the source prints it."""
    office = models.JSONField()
    tokens = ArrayField(models.TextField(), default=list)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="terms")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    key = models.TextField(unique=True)
    """Who, what, where and since when, folded: the same line of a sheet is known again."""
    listed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="org_public_term_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="org_public_term_has_a_source"),
        ]
        indexes = [
            GinIndex(fields=["tokens"], name="org_term_tokens"),
            models.Index(fields=["kind", "-valid_from"], name="org_term_kind"),
        ]


class Handle(models.Model):
    """A declared account on a public platform: whose it is, and whether two persons have confirmed that."""

    class Platform(models.TextChoices):
        FACEBOOK = "facebook", "Facebook"
        INSTAGRAM = "instagram", "Instagram"
        X = "x", "X"
        YOUTUBE = "youtube", "YouTube"
        WHATSAPP = "whatsapp", "WhatsApp"
        TELEGRAM = "telegram", "Telegram"
        WEBSITE = "website", _("Website")

    class State(models.TextChoices):
        DECLARED = "declared", pgettext_lazy("account", "Waits for a second person")
        VERIFIED = "verified", pgettext_lazy("account", "Confirmed")
        ENDED = "ended", pgettext_lazy("account", "No longer ours")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    platform = models.TextField(choices=Platform.choices)
    handle = models.TextField()
    url = models.URLField(max_length=300)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="handles")
    """Whose account it is, or for an office-holder's account where they stand."""
    term = models.ForeignKey(Term, null=True, on_delete=models.PROTECT, related_name="handles")
    automation = models.TextField(blank=True)
    """What a machine posts there, in words the public reads; empty: every post is a person's."""
    state = models.TextField(choices=State.choices, default=State.DECLARED)
    declared_by_id = models.BigIntegerField(null=True)
    declared_at = models.DateTimeField()
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("platform", Lower("handle"), condition=~Q(state="ended"), name="org_handle_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by_id=None) | ~Q(confirmed_by_id=models.F("declared_by_id")),
                name="org_handle_confirmed_by_another",
            ),
        ]


class HandleOperator(models.Model):
    """Somebody with a seat who posts on an account, for a time."""

    handle = models.ForeignKey(Handle, on_delete=models.PROTECT, related_name="operators")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="operated_handles")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handle", "person"], condition=Q(valid_to=None), name="org_operator_once")
        ]
