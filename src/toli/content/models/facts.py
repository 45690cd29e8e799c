"""What was announced or built, where, for how much and by whose word; and the cards drawn from it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.content.models.items import Item, Sheet
from toli.content.models.media import Media
from toli.kit.ids import uuid7


class Fact(models.Model):
    """One announcement or work with its source. Without a source there is none."""

    class Kind(models.TextChoices):
        ANNOUNCED = "announced", _("Announcement")
        WORK = "work", pgettext_lazy("fact", "Work")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="facts")
    """The place: a constituency or below, or a larger place whose constituencies all share it."""
    kind = models.TextField(choices=Kind.choices)
    title = models.JSONField()
    """{tag: text}: what was announced or built."""
    amount_paise = models.BigIntegerField(null=True)
    amount_said = models.TextField(blank=True)
    """The amount as the source states it."""
    on_date = models.DateField()
    source_name = models.JSONField()
    """{tag: text}: who published it."""
    source_link = models.URLField(blank=True, max_length=500)
    source_media = models.ForeignKey(Media, null=True, on_delete=models.PROTECT, related_name="facts")
    """The document, where there is no address."""
    digest = models.TextField(db_collation="C")
    """Of place, day, amount and title: the same fact brought in twice is one."""
    added_by_id = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_link="") | Q(source_media__isnull=False), name="content_fact_has_a_source"
            ),
            models.CheckConstraint(
                condition=Q(amount_paise=None) | Q(amount_paise__gt=0), name="content_amount_is_something"
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(withdrawn_at=None), name="content_the_same_fact_is_one"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-on_date"], name="content_fact_of_unit")]


class CardRun(models.Model):
    """An order to draw cards of some facts for their constituencies, in two languages and three sizes."""

    class State(models.TextChoices):
        DRAWING = "drawing", _("Being drawn")
        DONE = "done", pgettext_lazy("cards", "Drawn")
        CANCELLED = "cancelled", pgettext_lazy("cards", "Cancelled")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="card_runs")
    """The desk whose items the cards become."""
    title = models.TextField()
    matter = models.TextField(choices=Item.Matter.choices, default=Item.Matter.APPEAL)
    texts_source = models.JSONField()
    """{tag: text}: whose text it is; the line that goes with every share."""
    state = models.TextField(choices=State.choices, default=State.DRAWING)
    cards = models.IntegerField(default=0)
    """How many were ordered."""
    ordered_by_id = models.BigIntegerField(null=True)
    ordered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-ordered_at"], name="content_run_of_unit"),
            models.Index(fields=["ordered_at"], name="content_run_drawing", condition=Q(state="drawing")),
        ]


class Card(models.Model):
    """One picture of a run: a fact for one constituency, in one language and size."""

    class Size(models.TextChoices):
        SQUARE = "square", _("Square (1080 × 1080)")
        STORY = "story", _("Upright (1080 × 1920)")
        WIDE = "wide", _("Wide (1200 × 630)")

    run = models.ForeignKey(CardRun, on_delete=models.PROTECT, related_name="rows")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="cards")
    constituency = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    language = models.SlugField(max_length=12, db_index=False)
    size = models.TextField(choices=Size.choices)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.SmallIntegerField()
    """On the sheet."""
    item = models.OneToOneField(Item, null=True, on_delete=models.PROTECT, related_name="card")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "fact", "constituency", "language", "size"], name="content_one_card_of_a_kind"
            )
        ]
        indexes = [models.Index(fields=["run", "id"], name="content_card_to_draw", condition=Q(item=None))]
