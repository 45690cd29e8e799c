"""What phones told back, and what it adds up to."""

from django.db import models
from django.db.models.functions import Now


class Receipt(models.Model):
    """What a phone told, as the pulse wrote it; gone when counted."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    stream = models.TextField()
    unit_id = models.BigIntegerField()
    reader = models.TextField(db_collation="C")
    item_ref = models.UUIDField()
    kind = models.TextField()
    channel = models.TextField()

    class Meta:
        db_table = "broadcasts_receipt"


class Sighting(models.Model):
    """One phone, one item, one day, one channel: told any number of times, it counts once. Kept for three days."""

    pk = models.CompositePrimaryKey("day", "reader", "item_id", "kind", "channel")
    day = models.DateField()
    reader = models.TextField(db_collation="C")
    item_id = models.BigIntegerField()
    """0: any item, the phone itself."""
    kind = models.TextField()
    channel = models.TextField()

    class Meta:
        db_table = "broadcasts_sighting"


class Reach(models.Model):
    """Phones that displayed an item, and share sheets opened for it, per day and channel."""

    pk = models.CompositePrimaryKey("item_id", "day", "kind", "channel")
    item_id = models.BigIntegerField()
    day = models.DateField()
    kind = models.TextField()
    channel = models.TextField()
    n = models.BigIntegerField()

    class Meta:
        db_table = "broadcasts_reach"
