"""Imports: one row per file brought in, what it made, and what it changed, so that it can go on and be undone."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.ids import uuid7
from toli.org.models.units import Unit


class Import(models.Model):
    """One file on its way into the tree. Each part of it is written in a transaction of its own that also says so
    here: whoever takes it up again goes on behind the last part.
    """

    class Kind(models.TextChoices):
        UNITS = "units", _("Units")
        STATIONS = "stations", _("A new station list against the old one")

    class State(models.TextChoices):
        NEW = "new", _("Columns to be chosen")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, nothing written yet")
        LOADING = "loading", _("Being loaded")
        LOADED = "loaded", pgettext_lazy("import", "Loaded")
        PAIRING = "pairing", _("Pairs to be confirmed")
        FAILED = "failed", _("Stopped with a fault")
        CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")
        UNDONE = "undone", _("Undone")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.TextField(choices=Kind.choices, default=Kind.UNITS)
    state = models.TextField(choices=State.choices, default=State.NEW)
    layout = models.TextField()
    state_code = models.TextField(blank=True)
    source = models.TextField()
    """What the file was called; shown, never opened."""
    digest = models.TextField()
    """SHA-256 of the file and of how it is read: the same command finds its unfinished import by it."""
    list_date = models.DateField(null=True)
    options = models.JSONField(default=dict)
    """`mapping` (TOML), `sheet`, `create_missing`, `mapping_name`."""
    on_desk = models.BooleanField(default=False)
    """The worker carries it; else whoever typed the command does."""
    by_id = models.BigIntegerField(null=True)
    stored = models.TextField(blank=True)
    """The name under which the upload lies in the owner-only folder; empty once it is erased."""
    erase_on = models.DateField(null=True)
    encoding = models.TextField(blank=True)
    lines = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    seats = models.IntegerField(default=0)
    unread = ArrayField(models.TextField(), default=list)
    by_level = models.JSONField(default=dict)
    step = models.TextField(blank=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    parts = models.IntegerField(default=0)
    """How many parts are written; whoever writes the next one must have counted the same."""
    stop_asked = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state"], name="org_import_open", condition=Q(on_desk=True))]

    def __str__(self) -> str:
        return self.source

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.LOADING)


class ImportedUnit(models.Model):
    """A unit that an import made (`before` null) or changed (what stood there, and what it wrote). Bare ids, because
    half a million are copied in at once.
    """

    id = models.BigAutoField(primary_key=True)
    import_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(db_index=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["import_id", "unit_id"], name="org_imported_once")]


class ImportedRow(models.Model):
    """A code or a link that an import gave to a unit that was there, or took from it."""

    class What(models.TextChoices):
        CODE_ADDED = "code_added", "code_added"
        CODE_CLOSED = "code_closed", "code_closed"
        LINK_ADDED = "link_added", "link_added"
        CODE_DATED = "code_dated", "code_dated"

    id = models.BigAutoField(primary_key=True)
    import_id = models.BigIntegerField(db_index=True)
    unit_id = models.BigIntegerField()
    what = models.TextField(choices=What.choices)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)


class StationPair(models.Model):
    """An old station, a new one, or both: what a new list makes of the tree, proposed and then decided."""

    class Decision(models.TextChoices):
        OPEN = "open", _("To be decided")
        SAME = "same", _("The same station")
        NEW = "new", _("A new station")
        GONE = "gone", _("Closed")
        KEPT = "kept", _("Left as it is")

    imported = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="pairs")
    constituency = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    line = models.IntegerField(null=True)
    station = models.JSONField(null=True)
    """The new list's row: number, suffix, kind, name, place, facts."""
    confidence = models.SmallIntegerField(default=0)
    """0-100."""
    signs = models.JSONField(default=dict)
    """What the confidence rests on: number, name, building, metres."""
    decision = models.TextField(choices=Decision.choices, default=Decision.OPEN)
    rehome = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["imported", "unit"], condition=~Q(unit=None), name="org_pair_old_station_once"
            ),
            models.UniqueConstraint(
                fields=["imported", "line"], condition=~Q(line=None), name="org_pair_new_station_once"
            ),
        ]
        indexes = [models.Index(fields=["imported", "decision", "confidence"], name="org_pair_list")]
