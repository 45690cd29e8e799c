"""The daily line of each constituency, and what other rooms reported of it."""

from django.db import models
from django.db.models import Q

from toli.content.models.facts import Fact
from toli.content.models.items import Item
from toli.kit.ids import uuid7


class DailyLine(models.Model):
    """What one constituency says on one day: the fact, and the item made of it."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    constituency = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    on_date = models.DateField()
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="lines")
    chosen_by_id = models.BigIntegerField(null=True)
    chosen_at = models.DateTimeField()
    item = models.OneToOneField(Item, null=True, on_delete=models.PROTECT, related_name="line")
    carded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["constituency", "on_date"], name="content_one_line_of_a_day"),
            models.CheckConstraint(
                condition=Q(item=None, carded_at=None) | Q(item__isnull=False, carded_at__isnull=False),
                name="content_card_of_a_line_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["on_date"], name="content_line_of_day")]


class LineStep(models.Model):
    """A step another room reported for the item of a line: another item has to be reported anew."""

    line = models.ForeignKey(DailyLine, on_delete=models.CASCADE, related_name="steps")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    step = models.SlugField(max_length=12, db_index=False)
    at = models.DateTimeField()
    """When it was first reported."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "item", "step"], name="content_one_report_of_a_step")]
