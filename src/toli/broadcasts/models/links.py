"""Visits by share links: sketches of one day, then only a number."""

from django.db import models


class LinkSalt(models.Model):
    """The day's salt of all sketches; deleted with them, so that no digest can ever be made again."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField()

    class Meta:
        db_table = "broadcasts_linksalt"


class LinkTrace(models.Model):
    """One bucket of the sketch of a text in a place on a day."""

    pk = models.CompositePrimaryKey("day", "item_id", "unit_id", "bucket")
    day = models.DateField()
    item_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    bucket = models.SmallIntegerField()
    rank = models.SmallIntegerField()

    class Meta:
        db_table = "broadcasts_linktrace"


class LinkReach(models.Model):
    """About how many different phones opened a text by the link of a place on a day."""

    pk = models.CompositePrimaryKey("item_id", "unit_id", "day")
    item_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    day = models.DateField()
    n = models.BigIntegerField()

    class Meta:
        db_table = "broadcasts_linkreach"
