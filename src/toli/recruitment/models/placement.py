"""Runs of the placement, what came out for each applicant, and the offers that follow."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.ids import uuid7
from toli.recruitment.models.applications import Application
from toli.recruitment.models.drives import Drive, DrivePlace


class PlacementRun(models.Model):
    """One placement of a drive's applicants. Its inputs are frozen, so that it can be run again and gives the same."""

    class Kind(models.TextChoices):
        REAL = "real", _("For real")
        WHAT_IF = "what_if", _("What if")

    class State(models.TextChoices):
        DONE = "done", _("Computed")
        SIGNED_ONCE = "signed_once", _("Signed by one")
        SIGNED = "signed", _("Signed by two")
        REPLACED = "replaced", _("Replaced by another run")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="runs")
    kind = models.TextField(choices=Kind.choices, default=Kind.REAL)
    state = models.TextField(choices=State.choices, default=State.DONE)
    changes = models.JSONField(default=dict)
    """What a "what if" changed against the drive: capacities, minimum scores, weights, shares."""
    seed = models.TextField()
    inputs = models.BinaryField()
    """The frozen inputs, compressed: ids, scores, wishes, places; no name and no number."""
    inputs_hash = models.TextField()
    outcome_hash = models.TextField()
    summary = models.JSONField(default=dict)
    """Applicants, placed, by wish, unfilled places, seconds, and what the proof checked."""
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    signed_a_id = models.BigIntegerField(null=True)
    signed_a_at = models.DateTimeField(null=True)
    signed_b_id = models.BigIntegerField(null=True)
    signed_b_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_b_id=None) | ~Q(signed_b_id=F("signed_a_id")), name="recruitment_run_signed_by_two"
            ),
            models.UniqueConstraint(
                fields=["drive"], condition=Q(state="signed"), name="recruitment_one_signed_run_of_a_drive"
            ),
        ]


class Outcome(models.Model):
    """What a run gave one applicant. `place` None: not placed, and on the wait-lists of the wishes."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(PlacementRun, on_delete=models.PROTECT, related_name="outcomes")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="outcomes")
    place = models.ForeignKey(DrivePlace, null=True, on_delete=models.PROTECT, related_name="+")
    wish = models.SmallIntegerField(null=True)
    """Which of the person's wishes it was, from 1."""
    share = models.TextField(default="")
    """The reserved share that placed them; empty: open competition."""
    score = models.IntegerField(null=True)
    """At that place, with what the place adds; hundredths."""
    told = models.JSONField(null=True)
    """What became of each wish, for the person to read: rows as `explaining.Line` reads them; None: a "what if"."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "application"], name="recruitment_outcome_once")]
        indexes = [
            models.Index(fields=["run", "place"], name="recruitment_outcome_place"),
            models.Index(
                fields=["run", "application"], include=["place"], name="recruitment_outcome_placed",
                condition=Q(place__isnull=False),
            ),
        ]  # fmt: skip


class CutOff(models.Model):
    """The last score that was placed at a place, per share; None: places were left."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(PlacementRun, on_delete=models.PROTECT, related_name="cut_offs")
    place = models.ForeignKey(DrivePlace, on_delete=models.PROTECT, related_name="+")
    share = models.TextField(default="")
    filled = models.IntegerField()
    wished = models.IntegerField()
    lowest = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "place", "share"], name="recruitment_cut_off_once")]


class PlaceOffer(models.Model):
    """An offer that follows a signed run: of the run itself, of its wait-list, or of an appeal."""

    class State(models.TextChoices):
        DUE = "due", _("To be offered")
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Lapsed")
        VOID = "void", _("Could not be offered")
        LEFT = "left", _("Left for a higher wish")

    class Origin(models.TextChoices):
        RUN = "run", _("Placement")
        WAIT_LIST = "wait_list", _("Wait-list")
        APPEAL = "appeal", pgettext_lazy("placement", "Appeal")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    run = models.ForeignKey(PlacementRun, on_delete=models.PROTECT, related_name="offers")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="place_offers")
    place = models.ForeignKey(DrivePlace, on_delete=models.PROTECT, related_name="offers")
    origin = models.TextField(choices=Origin.choices, default=Origin.RUN)
    state = models.TextField(choices=State.choices, default=State.DUE)
    appointment_ref = models.UUIDField(null=True, unique=True)
    reason = models.TextField(blank=True)
    """Why it is void: a key of `offers.WHY`, such as "seat_taken", "place_withdrawn", "applicant_left"."""
    upgrade = models.BooleanField(db_default=False)
    """Of a place wished more than the one this person holds: a yes to it gives that one back, nothing else does."""
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True)
    """When, after it was not taken, the next of the wait-list was looked for."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "upgrade"],
                condition=Q(state__in=["due", "offered", "accepted"]),
                name="recruitment_one_live_place_offer",
            )
        ]
        indexes = [
            models.Index(fields=["place", "state"], name="recruitment_offer_of_place"),
            models.Index(fields=["made_at"], name="recruitment_offer_due", condition=Q(state="due")),
            models.Index(fields=["id"], name="recruitment_offer_open", condition=Q(state="offered")),
            models.Index(
                fields=["id"], name="recruitment_offer_freed",
                condition=Q(state__in=["declined", "lapsed", "void", "left"], followed_at=None),
            ),
        ]  # fmt: skip
