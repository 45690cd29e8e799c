"""One text to each of many people by the ways they opened: the audience, the broadcast, and what became of each."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from toli.broadcasts.models.releases import Release
from toli.kit.ids import uuid7


class Audience(models.Model):
    """A choice of people kept under a name: conditions, never a list of persons."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="audiences")
    """The desk it belongs to."""
    name = models.TextField()
    wanted = models.JSONField()
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="broadcasts_audience_once")]


class Broadcast(models.Model):
    """An approved item to an audience from a time on. Its release says who may get it, and is approved apart."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("broadcast", "Waits for its approval and its hour")
        SENDING = "sending", pgettext_lazy("broadcast", "Going out")
        PAUSED = "paused", pgettext_lazy("broadcast", "Paused")
        DONE = "done", pgettext_lazy("broadcast", "Finished")
        CANCELLED = "cancelled", pgettext_lazy("broadcast", "Cancelled")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.UUIDField(unique=True)
    """Minted by the page: sent twice it is one broadcast."""
    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="broadcast")
    wanted = models.JSONField()
    """The conditions as they were approved with the release."""
    state = models.TextField(choices=State.choices, default=State.WAITING)
    people = models.IntegerField(null=True)
    """How many it was planned for."""
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="broadcasts_live_broadcasts",
                condition=Q(state__in=["waiting", "sending", "paused"]),
            )
        ]


class Recipient(models.Model):
    """What became of one person's share of a broadcast: one row each, so nobody is written to twice."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("recipient", "Waits")
        TAKEN = "taken", pgettext_lazy("recipient", "Being sent")
        SENT = "sent", pgettext_lazy("recipient", "Sent")
        FAILED = "failed", pgettext_lazy("recipient", "Did not arrive")
        REFUSED = "refused", pgettext_lazy("recipient", "Held back")
        UNREACHABLE = "unreachable", pgettext_lazy("recipient", "No way open to them")

    pk = models.CompositePrimaryKey("broadcast_id", "person_id")
    broadcast_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    """The constituency whose law holds for them."""
    language = models.TextField()
    channel = models.TextField()
    """The first of the broadcast's ways that was open to them; empty for none."""
    state = models.TextField(choices=State.choices)
    reason = models.TextField(default="")
    attempts = models.SmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)
    at = models.DateTimeField(null=True)


class Chunk(models.Model):
    """Some hundreds of recipients of one way, by their range of ids: what a worker takes at once."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.PROTECT, related_name="chunks")
    channel = models.TextField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    due_at = models.DateTimeField(null=True)
    """When there is something to send; None when all of it is settled."""
    taken_at = models.DateTimeField(null=True)
    turn = models.IntegerField(default=0)
    """Grows with each taking: what a worker says late, after another took it over, is not kept."""
    n = models.IntegerField()
    sent = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(first__lte=F("last")), name="broadcasts_chunk_runs_forward")]
        indexes = [
            models.Index(fields=["broadcast", "id"], name="broadcasts_due_chunks", condition=Q(due_at__isnull=False))
        ]
