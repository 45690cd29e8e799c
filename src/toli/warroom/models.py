"""Who is on duty, what was handed over, what is open, and the maps of the board."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "Shift.person": "who was on duty and when; 1 year",
    "HandOver.written_by": "who wrote the note; 1 year",
    "HandOver.text": "free words of a shift, may name somebody; 1 year",
    "Flag.raised_by": "who raised it; 1 year",
    "Flag.text": "free words, may name somebody; 1 year",
}


class Shift(models.Model):
    """One person of a team on duty for a time [starts_at, ends_at)."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    team_kind = models.ForeignKey("org.TeamKind", on_delete=models.PROTECT, related_name="+")
    wing = models.ForeignKey("org.Wing", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)
    """Given back or taken away; a shift is never deleted."""
    counted = models.BooleanField(default=False)
    """Its person is in the unit's figure "on duty" now."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="warroom_shift_runs_forward"),
            models.UniqueConstraint(
                fields=["person", "unit", "team_kind", "starts_at"],
                condition=Q(dropped_at=None),
                name="warroom_shift_once",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "starts_at"], name="warroom_shift_unit", condition=Q(dropped_at=None)),
            models.Index(fields=["person", "ends_at"], name="warroom_shift_person", condition=Q(dropped_at=None)),
            models.Index(fields=["ends_at"], name="warroom_shift_counted", condition=Q(counted=True)),
            models.Index(
                fields=["starts_at"], name="warroom_shift_waiting", condition=Q(counted=False, dropped_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.starts_at:%F %R}"


class MapFile(models.Model):
    """A map somebody loaded: the outlines of the units of one level under one unit. The newest one holds."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey("org.Level", on_delete=models.PROTECT, related_name="+")
    source = models.TextField()
    """The file's name as it was loaded."""
    loaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    """Replaced or taken away; its shapes are gone."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "level"], condition=Q(removed_at=None), name="warroom_one_map_of_a_level"
            )
        ]

    def __str__(self) -> str:
        return str(self.ref)


class Shape(models.Model):
    """One area of a map, simplified, and the unit it shows."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    map = models.ForeignKey(MapFile, on_delete=models.PROTECT, related_name="shapes")
    name = models.TextField()
    """What the file calls it."""
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    matched_by = models.TextField(blank=True)
    """code, name, part or hand."""
    polygons = models.JSONField()
    """As in a GeoJSON MultiPolygon: degrees, outlines against the clock."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["map", "unit"], condition=Q(unit__isnull=False), name="warroom_shape_once")
        ]

    def __str__(self) -> str:
        return self.name


class HandOver(models.Model):
    """What the shift that goes tells the shift that comes. Written once, never changed."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    team_kind = models.ForeignKey("org.TeamKind", null=True, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    open_flags = models.SmallIntegerField(default=0)
    """How many flags stood open in the unit when it was written."""
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "-written_at"], name="warroom_handover_last")]

    def __str__(self) -> str:
        return str(self.ref)


class Flag(models.Model):
    """A matter at a unit that somebody above must see until it is closed."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People are missing")
        MATERIAL = "material", _("Material is missing")
        FALSEHOOD = "falsehood", _("A falsehood is spreading")
        SAFETY = "safety", _("Safety")
        CODE = "code", _("Code of conduct")
        OTHER = "other", _("Other")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    text = models.TextField()
    raised_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    closed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "raised_at"], name="warroom_flag_open", condition=Q(closed_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_by__isnull=False), name="warroom_closed_by_somebody"
            )
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
