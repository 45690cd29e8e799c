"""Elections, the polls in them, and every version of what a notification says of a poll."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "PollVersion.proposed_by": "who changed a law row, as proof; kept with the row",
    "PollVersion.decided_by": "who confirmed it, as proof; kept with the row",
}


class Election(models.Model):
    """One election as it was announced: a general one of a state, or a by-election of some seats."""

    class Scope(models.TextChoices):
        STATE = "state", _("Whole state")
        SEATS = "seats", _("By-election")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.TextField(unique=True)
    names = models.JSONField(default=dict)
    kind = models.TextField(blank=True)
    scope = models.TextField(choices=Scope.choices, default=Scope.STATE)
    state = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(null=True)
    """The code of conduct holds from here ..."""
    completed_at = models.DateTimeField(null=True)
    """... to here."""
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Poll(models.Model):
    """The poll of one constituency. What is known of it stands in its versions."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="polls")
    constituency = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="polls")
    phase = models.SmallIntegerField(null=True)
    occasion = models.SmallIntegerField(default=1)
    """2 and above: the constituency polls again in the same election."""
    metropolitan = models.BooleanField(default=False)
    """By-election in a capital, metropolis or corporation: the code holds here only, not in the district."""
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When Toli ended what was opened until this poll closes."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["election", "constituency", "occasion"], name="elections_poll_once")
        ]
        indexes = [models.Index(fields=["constituency"], name="elections_poll_unit")]

    def __str__(self) -> str:
        return f"{self.constituency_id} in {self.election_id}"


class PollVersion(models.Model):
    """What one notification says of a poll. Never rewritten: a correction is a new version by two persons."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        LIVE = "live", _("In force")
        REPLACED = "replaced", _("Replaced")
        REFUSED = "refused", _("Not accepted")

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("Takes place")
        OFF = "off", _("Put off or cancelled")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    state = models.TextField(choices=State.choices)
    status = models.TextField(choices=Status.choices, default=Status.SCHEDULED)
    poll_on = models.DateField()
    opens = models.TimeField(null=True)
    closes = ArrayField(models.TimeField(), default=list)
    """Every closing hour that may hold in this constituency, Asia/Kolkata; empty: none is published."""
    quiet_kind = models.TextField()
    """silence, or unhoured where no closing hour is known."""
    quiet_from = models.DateTimeField()
    quiet_to = models.DateTimeField()
    confirmed = models.BooleanField()
    notification = models.TextField()
    """Which notification or report says so."""
    note = models.TextField(blank=True)
    proposed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="elections_version_number"),
            models.UniqueConstraint(
                fields=["poll"], condition=models.Q(state="live"), name="elections_one_live_version"
            ),
            models.UniqueConstraint(
                fields=["poll"], condition=models.Q(state="proposed"), name="elections_one_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="elections_decided_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_from__lt=models.F("quiet_to")), name="elections_quiet_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["quiet_to"], name="elections_live_end", condition=models.Q(state="live"))]


class ExitPollWindow(models.Model):
    """A window of section 126A that the Commission notified: it holds everywhere."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="exit_windows")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    notification = models.TextField(blank=True)
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="elections_exit_runs_forward"
            )
        ]
