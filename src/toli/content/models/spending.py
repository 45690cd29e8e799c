"""The ledger of what was spent: rows are added, never changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.content.models.items import Item
from toli.content.models.media import Media
from toli.kit.ids import uuid7


class Spend(models.Model):
    """One payment for the candidate's or the party's statement; a wrong one is reversed by a second row.

    A trigger of the database refuses to change or delete a row.
    """

    class Account(models.TextChoices):
        CANDIDATE = "candidate", _("The candidate's account")
        PARTY = "party", _("The party's account")

    class Head(models.TextChoices):
        PLATFORM = "platform", _("Payments to platforms")
        MAKING = "making", _("Making of content")
        TEAM = "team", _("Pay of those who run accounts")
        MESSAGES = "messages", _("Bulk SMS and voice calls")
        PRINTING = "printing", _("Printing")
        OTHER = "other", pgettext_lazy("spending", "Other")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="spends")
    """For which place it was spent."""
    account = models.TextField(choices=Account.choices)
    head = models.TextField(choices=Head.choices)
    on_date = models.DateField()
    amount_paise = models.BigIntegerField()
    """Below zero in a row that reverses another."""
    amount_said = models.TextField()
    """As the paper states it."""
    payee = models.TextField()
    purpose = models.TextField()
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="spends")
    paper = models.ForeignKey(Media, null=True, on_delete=models.PROTECT, related_name="spends")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    reason = models.TextField(blank=True)
    """Why the other row was wrong."""
    entered_by_id = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, amount_paise__gt=0)
                | (Q(reverses__isnull=False, amount_paise__lt=0) & ~Q(reason="")),
                name="content_only_a_reversal_is_below_zero",
            )
        ]
        indexes = [models.Index(fields=["unit", "on_date"], name="content_spend_of_unit")]
