"""What is planned: campaigns, their series, and the episodes of a series by number and day."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from toli.content.models.items import Item
from toli.kit.ids import uuid7


class Campaign(models.Model):
    """Some weeks with one purpose; it holds series."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="campaigns")
    title = models.JSONField()
    """{tag: text}."""
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_by_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="content_campaign_runs_forward")
        ]
        indexes = [models.Index(fields=["unit", "-starts_on"], name="content_campaign_of_unit")]


class Series(models.Model):
    """Episodes of one kind on the same days of the week, in these languages, with a variant for some seats."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="series")
    title = models.JSONField()
    kind = models.TextField(choices=Item.Kind.choices, default=Item.Kind.VIDEO)
    from_on = models.DateField()
    until_on = models.DateField()
    weekdays = ArrayField(models.SmallIntegerField())
    """0 is Monday."""
    languages = ArrayField(models.SlugField(max_length=12))
    """In which each episode is wanted."""
    seats = ArrayField(models.BigIntegerField(), default=list)
    """Constituencies that want their own variant of each episode."""
    opened_by_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(condition=Q(from_on__lte=F("until_on")), name="content_series_runs_forward")
        ]
        indexes = [models.Index(fields=["campaign", "from_on"], name="content_series_of_campaign")]


class Episode(models.Model):
    """One day of a series. Its number is the day's place among the days of the series: a gap keeps its number."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="episodes")
    number = models.IntegerField()
    on_date = models.DateField()
    title = models.JSONField()
    planned_by_id = models.BigIntegerField(null=True)
    planned_at = models.DateTimeField()

    class Meta:
        ordering = ["on_date"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="content_one_episode_of_a_number"),
            models.UniqueConstraint(fields=["series", "on_date"], name="content_one_episode_of_a_day"),
        ]
        indexes = [models.Index(fields=["on_date"], name="content_episode_of_day")]


class Fill(models.Model):
    """The item that is an episode in one language, for all or for one constituency."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="fills")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="fills")
    language = models.SlugField(max_length=12, blank=True)
    """The language spoken or drawn; empty: it serves all of them."""
    constituency = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    filled_by_id = models.BigIntegerField(null=True)
    filled_at = models.DateTimeField()
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "language", "constituency"], condition=Q(emptied_at=None), nulls_distinct=False,
                name="content_one_item_of_an_episode",
            )
        ]  # fmt: skip
