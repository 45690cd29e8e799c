"""Rounds of interviews, the panels that hold them, what was booked and how it was scored."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.ids import uuid7
from toli.recruitment.models.applications import Application
from toli.recruitment.models.drives import Drive


class Round(models.Model):
    """One interview of every applicant of a drive, with its rubric."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("By phone")
        VIDEO = "video", _("By video call")
        MEETING = "meeting", _("A meeting")
        WORK_SAMPLE = "work_sample", _("A small work sample")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="rounds")
    number = models.SmallIntegerField()
    names = models.JSONField()
    kind = models.TextField(choices=Kind.choices)
    blind = models.BooleanField(default=False)
    """Scorers see the last digits of the receipt instead of a name."""
    minutes = models.SmallIntegerField(default=10)
    """The length of a slot."""
    scores_needed = models.SmallIntegerField(default=2)
    weight = models.SmallIntegerField(default=1)
    """Against the drive's other rounds."""
    minimum = models.IntegerField(null=True)
    """Hundredths of a point; who scores less is not invited to the next round."""
    criteria = models.JSONField(default=list)
    """The rubric: [{key, names, weight, scale}], a mark is 0 to `scale`."""
    starts_on = models.DateField()
    ends_on = models.DateField()
    """The last day of the round."""
    moves = models.SmallIntegerField(default=2)
    """How often a candidate may move an appointment."""
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "number"], name="recruitment_round_numbered"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="recruitment_round_forward"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, scores_needed__gte=1, weight__gte=0), name="recruitment_round_sizes"
            ),
        ]


class Panel(models.Model):
    """Those who hold a round's interviews in one place, with the hours they have."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="panels")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField()
    """Tells apart the panels of one unit."""
    languages = ArrayField(models.TextField())
    place_text = models.TextField(blank=True)
    """Where a meeting is held: a public place."""
    link = models.URLField(blank=True)
    """The room of a video call."""
    hours = models.JSONField(default=dict)
    """{weekday, Monday "0": [[from, to], ...]} in minutes after midnight, India."""
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "number"], name="recruitment_panel_numbered"),
        ]


class PanelMember(models.Model):
    """Somebody who interviews on a panel; they see its candidates, and no others."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "person"], condition=Q(until=None), name="recruitment_member_once"
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["person"], name="recruitment_member", condition=Q(until=None))]


class Slot(models.Model):
    """A time at which a panel can see one candidate."""

    id = models.BigAutoField(primary_key=True)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "starts_at"], name="recruitment_slot_once")]
        indexes = [models.Index(fields=["starts_at"], name="recruitment_slot_at")]


class Interview(models.Model):
    """One candidate in one round. A row that was moved, declined or missed stays as it was; a new one follows it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Time proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        MOVED = "moved", _("Moved to another time")
        DECLINED = "declined", _("Does not want to come")
        HELD = "held", _("Held")
        NO_SHOW = "no_show", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled")

    LIVE = ("proposed", "confirmed", "held")

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="interviews")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="interviews")
    slot = models.ForeignKey(Slot, null=True, on_delete=models.PROTECT, related_name="interviews")
    """None for a work sample, which is scored from a queue."""
    state = models.TextField(choices=State.choices, default=State.PROPOSED)
    code = models.TextField(null=True, unique=True)
    """Stands in the link of the SMS and opens this appointment only; it goes along when the time is moved."""
    moves = models.SmallIntegerField(default=0)
    """How often the candidate moved it before."""
    reminded = models.SmallIntegerField(default=0)
    """1 after the reminder of the day before, 2 after that of the same day."""
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state__in=["proposed", "confirmed", "held"]),
                name="recruitment_one_live_interview_of_a_slot",
            ),
            models.UniqueConstraint(
                fields=["round", "application"], condition=Q(state__in=["proposed", "confirmed", "held"]),
                name="recruitment_one_live_interview_of_a_round",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["application", "round"], name="recruitment_interview_of_app"),
            models.Index(fields=["round", "state"], name="recruitment_interview_state"),
            models.Index(fields=["slot"], name="recruitment_interview_slot"),
        ]


class SlotPlan(models.Model):
    """One giving-out of a round's times: asked for on the desk, worked out by the worker, written all at once."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("interview times", "Begins in a moment")
        WORKING = "working", pgettext_lazy("interview times", "Being worked out")
        DONE = "done", pgettext_lazy("interview times", "Given")
        FAILED = "failed", _("Stopped with a fault")

    class Step(models.TextChoices):
        READING = "reading", _("Reading who waits and which times are free")
        MATCHING = "matching", _("Looking for the best time for everybody together")
        WRITING = "writing", _("Writing the times and the messages")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plans")
    asked_by_id = models.BigIntegerField(null=True)
    """The person in whose charge times are given; what their seats grant is looked up when it is done."""
    asked_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    step = models.TextField(choices=Step.choices, blank=True)
    people = models.IntegerField(null=True)
    """Who waits for a time."""
    times = models.IntegerField(null=True)
    """Free times of the panels."""
    result = models.JSONField(default=dict)
    """What `booking.assign` returns."""
    why = models.TextField(blank=True)
    language = models.TextField(default="hi")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "asked_by_id"], condition=Q(state__in=["waiting", "working"]), nulls_distinct=False,
                name="recruitment_one_open_plan",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["asked_at"], name="recruitment_plans_open", condition=Q(state__in=["waiting", "working"])
            )
        ]  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.WORKING)

    @property
    def steps_done(self) -> int:
        """Of three."""
        return self.Step.values.index(self.step) if self.step else 0


class Scorecard(models.Model):
    """What one scorer gave, before they saw anybody else's. Never changed."""

    id = models.BigAutoField(primary_key=True)
    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="scorecards")
    scorer = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    marks = models.JSONField()
    """{key of the criterion: 0 to its scale}."""
    total = models.IntegerField()
    """0 to 10,000 (hundredths of a point), as it was given."""
    note = models.TextField(blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "scorer"], name="recruitment_one_card_of_a_scorer"),
            models.CheckConstraint(condition=Q(total__range=(0, 10_000)), name="recruitment_total_in_scale"),
        ]
        indexes = [models.Index(fields=["given_at"], name="recruitment_card_newest")]


class ConflictOfInterest(models.Model):
    """A panel member said that they may not score somebody: a relative, a friend, a rival. What it is, is not asked."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "person"], name="recruitment_conflict_once")]


class WorkSample(models.Model):
    """What a candidate made for a round without a meeting."""

    id = models.BigAutoField(primary_key=True)
    interview = models.OneToOneField(Interview, on_delete=models.PROTECT, related_name="sample")
    text = models.TextField(blank=True)
    link = models.URLField(blank=True)
    sha256 = models.TextField(blank=True, db_default="")
    """Of a file that was handed in; it lies in the uploads folder under its digest. Empty: none."""
    kind = models.TextField(blank=True, db_default="")
    """The type its content shows, such as image/jpeg or application/pdf."""
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text="", link="", sha256=""), name="recruitment_sample_not_empty")
        ]


class Correction(models.Model):
    """How much milder (above 0) or harsher than the others a scorer was in a round; the cards keep what was given."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="corrections")
    scorer = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    offset = models.IntegerField()
    """Hundredths of a point, taken off each of the scorer's totals."""
    cards = models.IntegerField()
    raw_mean = models.IntegerField()
    method = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "scorer"], name="recruitment_correction_once")]


class RoundScore(models.Model):
    """What an applicant reached in a settled round: as given, and with the scorers' offsets taken off."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="scores")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="round_scores")
    raw = models.IntegerField()
    corrected = models.IntegerField()
    cards = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "round"], name="recruitment_round_score_once")]
        indexes = [models.Index(fields=["round"], name="recruitment_scores_of_round")]
