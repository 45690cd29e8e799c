"""What is known of how true the numbers are: traces, suspicious groups, call-backs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7
from toli.recruitment.calling import Outcome
from toli.recruitment.models.applications import Application
from toli.recruitment.models.drives import Drive, JoinLink


class Trace(models.Model):
    """Where an application came from, as keyed digests that say nothing without the key."""

    application = models.OneToOneField(Application, primary_key=True, on_delete=models.PROTECT, related_name="trace")
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="+")
    device_key = models.BinaryField(null=True)
    address_key = models.BinaryField(null=True)
    number_key = models.BinaryField(null=True)
    """Of the number without its last three digits: who stands in the same thousand. None for whoever joined before."""
    at = models.DateTimeField()
    answer_seconds = models.IntegerField(null=True)
    """From the form to the typed code; None where no code was asked."""
    over = ArrayField(models.TextField(), default=list)
    """Which limits it was over when it came: device, address, referrer, phone. It is kept all the same."""

    class Meta:
        indexes = [
            models.Index(fields=["drive", "at"], name="recruitment_trace_at"),
            models.Index(
                fields=["drive", "device_key", "at"], name="recruitment_trace_device",
                condition=Q(device_key__isnull=False),
            ),
        ]  # fmt: skip


class Cluster(models.Model):
    """Applications that look as if one hand made them, with the reason; a person decides."""

    class Reason(models.TextChoices):
        DEVICE = "device", _("Many from one device")
        ADDRESS = "address", _("Many from one network in a short time")
        REFERRER = "referrer", _("Many by one person's link in a short time")
        PHONE = "phone", _("Many of one number")
        NAMES = "names", _("The same name again and again in one unit")
        SPEED = "speed", _("Answered faster than a person can")
        ROW = "row", _("Numbers in a row")

    class State(models.TextChoices):
        OPEN = "open", _("To be looked at")
        CLEARED = "cleared", _("Found to be in order")
        CONFIRMED = "confirmed", _("False entries")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="clusters")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    """The lowest unit that holds all of them: whoever sees the group has every one of them in charge."""
    reason = models.TextField(choices=Reason.choices)
    key = models.TextField()
    """What they share, as a digest or an id: the same group is found again, not twice."""
    size = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    found_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    words = models.TextField(blank=True)
    """Why it was cleared or confirmed."""
    decided_size = models.IntegerField(null=True)
    """How many were in it then: when half as many again have come, it is looked at again."""
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "reason", "key"], name="recruitment_cluster_once"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_by_id__isnull=False) & ~Q(words=""),
                name="recruitment_cluster_decided_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["drive", "state", "-size"], name="recruitment_cluster_list")]


class ClusterMember(models.Model):
    id = models.BigAutoField(primary_key=True)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="members")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="clusters")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cluster", "application"], name="recruitment_in_cluster_once")]


class CallPlan(models.Model):
    """A drawing of applicants to call back, from all who applied in (from_at, upto_at]. The seed is published."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="call_plans")
    level = models.TextField()
    """Key of the level whose units are the strata."""
    half_width = models.FloatField()
    seed = models.TextField()
    from_at = models.DateTimeField(null=True)
    upto_at = models.DateTimeField()
    population = models.IntegerField()
    size = models.IntegerField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["drive", "upto_at"], name="recruitment_plan_once")]


class Stratum(models.Model):
    """Applications of one unit by one referrer's link in one drawing."""

    plan = models.ForeignKey(CallPlan, on_delete=models.PROTECT, related_name="strata")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(JoinLink, null=True, on_delete=models.PROTECT, related_name="+")
    population = models.IntegerField()
    size = models.IntegerField()
    """How many who agreed to calls are called."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "unit", "link"], nulls_distinct=False, name="recruitment_stratum_once"
            )
        ]


class CallBack(models.Model):
    """One applicant drawn for a call: did you apply yourself?"""

    class State(models.TextChoices):
        DUE = "due", _("To be called")
        DONE = "done", _("Answered")
        GIVEN_UP = "given_up", _("Could not be asked")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="calls")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="call_back")
    place = models.IntegerField()
    """Its place in the drawing of its stratum, from 1."""
    state = models.TextField(choices=State.choices, default=State.DUE)
    outcome = models.TextField(choices=Outcome.choices, blank=True)
    tries = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    held_by_id = models.BigIntegerField(null=True)
    """The caller who has it on the screen, until `held_until`."""
    held_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at", "place"], name="recruitment_call_due", condition=Q(state="due")),
            models.Index(fields=["held_by_id"], name="recruitment_call_held", condition=Q(held_by_id__isnull=False)),
            models.Index(fields=["stratum", "state", "outcome"], name="recruitment_call_tallies"),
        ]


class CallAttempt(models.Model):
    """A number opened once for one call, and what came of it."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    call = models.ForeignKey(CallBack, on_delete=models.PROTECT, related_name="attempts")
    number = models.SmallIntegerField()
    caller_id = models.BigIntegerField()
    opened_at = models.DateTimeField()
    outcome = models.TextField(choices=Outcome.choices, blank=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="recruitment_attempt_numbered")]
        indexes = [models.Index(fields=["caller_id", "-opened_at"], name="recruitment_attempts_of")]
