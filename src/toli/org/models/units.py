"""Units, their levels, codes and links in three hierarchies; wings; who belongs to which unit."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7


class Hierarchy(models.TextChoices):
    ORG = "org", _("Organisation")
    ELECTORAL = "electoral", _("Electoral")
    ADMINISTRATIVE = "administrative", _("Administrative")


class Level(models.Model):
    """What kind of place a unit is. Levels are data: another state or organisation has others."""

    key = models.SlugField(unique=True)
    names = models.JSONField()
    rank = models.SmallIntegerField()
    """Smaller is higher; used for order only."""

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.key


class Wing(models.Model):
    """Youth, women, farmers ...: a dimension over the same places, not a branch of the tree."""

    key = models.SlugField(unique=True)
    names = models.JSONField()
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.key


class Unit(models.Model):
    """A place that the organisation, an election or the administration knows."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="units")
    names = models.JSONField()
    aliases = ArrayField(models.TextField(), default=list)
    tokens = ArrayField(models.TextField(), default=list)
    path = models.TextField(db_collation="C", default="")
    """Decimal ids of the organisation hierarchy, "1/23/456/"; empty for a unit outside it. Derived: rebuilt in the
    move's transaction.
    """
    attrs = models.JSONField(default=dict)
    """Facts about the unit: reservation, coordinates, station number, PIN codes."""
    active = models.BooleanField(default=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["path"], name="org_unit_path"),
            models.Index(fields=["level", "path"], name="org_unit_level_path"),
            GinIndex(fields=["tokens"], name="org_unit_tokens"),
        ]

    def __str__(self) -> str:
        return str(self.names.get("en") or self.names.get("hi") or self.ref)


class UnitCode(models.Model):
    """An official code of a unit in one scheme, with the date of the list it was read from."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="codes")
    scheme = models.SlugField()
    """lgd, eci, org; the value holds the whole key, e.g. "S20/179" or "S04/22/186/main"."""
    value = models.TextField(db_collation="C")
    list_date = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"], condition=models.Q(valid_to=None), name="org_code_names_one_live_unit"
            )
        ]


class UnitLink(models.Model):
    """Parent and child in one hierarchy, for a time: one live parent in each."""

    Hierarchy = Hierarchy

    hierarchy = models.TextField(choices=Hierarchy.choices)
    child = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="parent_links")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="child_links")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "hierarchy"], condition=models.Q(valid_to=None), name="org_one_live_parent"
            ),
            models.CheckConstraint(condition=~models.Q(child=models.F("parent")), name="org_no_own_parent"),
        ]
        indexes = [
            models.Index(fields=["parent", "hierarchy"], name="org_live_children", condition=models.Q(valid_to=None))
        ]


class Membership(models.Model):
    """The home of a person: a unit of the organisation's tree, and the place they named."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="members")
    place = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    """An administrative unit (a panchayat), where the booth is not known."""
    wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(valid_to=None), name="org_one_home")
        ]
