"""Changes of the tree that were decided for a day: moves, new units, mergers, together or not at all."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.ids import uuid7
from toli.org.models.units import Level, Unit


class Reorganisation(models.Model):
    """Changes that take effect on one day, in one transaction. Looked at first, then decided."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("change of the tree", "To be looked at")
        PLANNED = "planned", pgettext_lazy("change of the tree", "Planned")
        APPLIED = "applied", pgettext_lazy("change of the tree", "Done")
        UNDONE = "undone", pgettext_lazy("change of the tree", "Undone")
        CANCELLED = "cancelled", pgettext_lazy("change of the tree", "Called off")
        FAILED = "failed", pgettext_lazy("change of the tree", "Could not be done")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.TextField()
    on = models.DateField()
    """The day (IST) from which the tree is another: past, today or to come."""
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    top = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    """The lowest unit that holds everything it touches: who looks after it sees it."""
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    failure = models.TextField(blank=True)
    undo = models.JSONField(default=dict)
    """What stood before, by id: link rows, seats, homes and charges that were rewritten."""

    class Meta:
        indexes = [
            models.Index(fields=["on"], name="org_reorganisation_due", condition=models.Q(state="planned")),
            models.Index(fields=["top", "-id"], name="org_reorganisation_top"),
        ]


class Change(models.Model):
    """One line of a reorganisation."""

    class Kind(models.TextChoices):
        CREATE = "create", _("New unit")
        MOVE = "move", _("Move")
        MERGE = "merge", _("Merge")

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.PROTECT, related_name="changes")
    kind = models.TextField(choices=Kind.choices)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    """What moves or is merged; for a new unit the unit it became."""
    to = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    """The new parent, or the unit merged into; null while it is a new unit of the same reorganisation ..."""
    to_new = models.TextField(blank=True)
    """... named here by its code."""
    code = models.TextField(blank=True)
    """The code ("scheme:value") of a new unit."""
    level = models.ForeignKey(Level, null=True, on_delete=models.PROTECT, related_name="+")
    names = models.JSONField(default=dict)
    aliases = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reorganisation", "unit"], name="org_one_change_of_a_unit"),
            models.CheckConstraint(
                condition=models.Q(kind="create") | models.Q(unit__isnull=False), name="org_change_of_something"
            ),
            models.CheckConstraint(condition=models.Q(to=None) ^ models.Q(to_new=""), name="org_change_goes_somewhere"),
        ]
