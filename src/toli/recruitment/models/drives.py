"""Calls to join: what they ask, which places they offer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7


class Drive(models.Model):
    """A call to join, open for a time, with a page of its own at /join/<key>/."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.SlugField(unique=True, max_length=40)
    names = models.JSONField()
    intro = models.JSONField(default=dict)
    scope = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="drives")
    """Only places inside this unit can be chosen."""
    levels = ArrayField(models.TextField(), default=list)
    """Keys of the levels whose teams are offered; empty means all."""
    wings = ArrayField(models.TextField(), default=list)
    """Keys of the wings a person may choose from; empty means none is asked."""
    notice_key = models.SlugField(default="join")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    opened_by_id = models.BigIntegerField(null=True)
    target = models.IntegerField(null=True)
    """How many applications are wanted; the forecast is read against it."""
    wishes = models.SmallIntegerField(db_default=5)
    """How many wishes one application may name."""
    offer_days = models.SmallIntegerField(db_default=5)
    appeal_days = models.SmallIntegerField(db_default=7)
    tie_seed = models.TextField(db_default="")
    """Published before the first run; breaks ties of equal scores the same way for everybody."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gte=models.F("opens_at")),
                name="recruitment_drive_runs_forward",
            )
        ]

    def __str__(self) -> str:
        return self.key


class FormVersion(models.Model):
    """The questions of a drive at one time. Never changed: an application keeps the version it answered."""

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="forms")
    number = models.SmallIntegerField()
    questions = models.JSONField(default=list)
    """[{key, kind, names, help, required, options, min, max}], as `questions.py` reads and checks them."""
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drive", "number"], name="recruitment_form_numbered")]


class UnitRank(models.Model):
    """A unit's place in the order of interviews, set by hand against the computed one, with the reason."""

    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="ranks")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    rank = models.SmallIntegerField()
    reason = models.TextField()
    set_by_id = models.BigIntegerField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drive", "unit"], name="recruitment_rank_once")]


class JoinLink(models.Model):
    """A way to a join page that is counted: a unit's poster, a person's referral, an event."""

    class Kind(models.TextChoices):
        POSTER = "poster", _("Poster")
        REFERRAL = "referral", _("A person's link")
        EVENT = "event", _("Event or camp")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="links")
    code = models.CharField(max_length=12, unique=True)
    """What stands in the address: /join/<key>/?via=<code>."""
    kind = models.TextField(choices=Kind.choices)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    """Whose link it is, for a referral."""
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "person"], condition=Q(kind="referral"), name="recruitment_one_link_of_a_person"
            )
        ]


class DrivePlace(models.Model):
    """Places of one kind that a drive offers in one unit: so many seats of a role (and wing)."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="places")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    team_kind = models.ForeignKey("org.TeamKind", on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey("org.Role", on_delete=models.PROTECT, related_name="+")
    wing = models.ForeignKey("org.Wing", null=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.IntegerField()
    min_score = models.IntegerField(null=True)
    """Hundredths of a point, like `Application.score`."""
    preferences = models.JSONField(default=dict)
    """What this place adds to a score: {"residents": 500, "wing": 200, "languages": {"hi": 100}}, in hundredths."""
    shares = models.JSONField(default=list)
    """Reserved shares in their order: [{"key", "names", "count", "age": [18, 25]} | {..., "gender": "female"} |
    {..., "residents": true} | {..., "wing": "youth"}]; nothing else is known about a person.
    """
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["drive", "unit", "team_kind", "role", "wing"], nulls_distinct=False,
                name="recruitment_place_once",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=0), name="recruitment_place_capacity"),
        ]  # fmt: skip
