"""Appeals against a placement, and the two who decide each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.ids import uuid7
from toli.recruitment.models.applications import Application
from toli.recruitment.models.placement import PlacementRun


class Appeal(models.Model):
    """One person's appeal against a signed placement, in their own words."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("appeal", "Being looked at")
        UPHELD = "upheld", _("You were right")
        REFUSED = "refused", _("It stays as it was")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    run = models.ForeignKey(PlacementRun, on_delete=models.PROTECT, related_name="appeals")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    words = models.TextField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    score_before = models.IntegerField(null=True)
    score_after = models.IntegerField(null=True)
    """Hundredths; the mean of what the two found. Never below the score before."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "application"], name="recruitment_one_appeal"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="recruitment_appeal_at"
            ),
            models.CheckConstraint(
                condition=Q(score_after=None) | Q(score_after__gte=models.F("score_before")),
                name="recruitment_appeal_never_lowers",
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="recruitment_appeals_open", condition=Q(state="open"))]


class AppealVote(models.Model):
    """What one of the second panel says. Two who agree decide."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="votes")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    upholds = models.BooleanField()
    score = models.IntegerField(null=True)
    """What the score ought to be, hundredths; None where the vote refuses."""
    reason = models.TextField()
    """Shown to the applicant."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appeal", "by"], name="recruitment_one_vote")]
