"""Elections, the polls in them, and every version of what a notification says of a poll."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "PollVersion.proposed_by": "who changed a law row, as proof; kept with the row",
    "PollVersion.decided_by": "who confirmed it, as proof; kept with the row",
    "ElectionVersion.proposed_by": "who changed a law row, as proof; kept with the row",
    "ElectionVersion.decided_by": "who confirmed it, as proof; kept with the row",
    "RuleSwitch.proposed_by": "who asked to switch a rule of law, as proof; kept with the row",
    "RuleSwitch.decided_by": "who signed it, as proof; kept with the row",
    "ElectorSaid.person": "who said where they vote, for the notice to leave by; until they are erased",
    "ElectorSaid.is_elector": "what they said of themselves, never from a roll; until they are erased",
}


class State(models.TextChoices):
    """Where a change of a row of law stands: one person proposes, another decides."""

    PROPOSED = "proposed", _("Waits for a second person")
    LIVE = "live", _("In force")
    REPLACED = "replaced", _("Replaced")
    REFUSED = "refused", _("Not accepted")


class ByTwo(models.Model):
    """What one person proposes and another decides."""

    state = models.TextField(choices=State.choices)
    proposed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


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
    counting_on = models.DateField(null=True)
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
    """As `PollVersion.code_area` "seat"; written by older releases only."""
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When Toli ended what was opened until this poll closes."""
    neared_version = models.SmallIntegerField(null=True)
    """The version whose silence was announced to those who have to leave."""
    silenced_version = models.SmallIntegerField(null=True)
    """The version whose silence has begun, once said."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["election", "constituency", "occasion"], name="elections_poll_once")
        ]
        indexes = [models.Index(fields=["constituency"], name="elections_poll_unit")]

    def __str__(self) -> str:
        return f"{self.constituency_id} in {self.election_id}"


class PollVersion(ByTwo):
    """What one notification says of a poll. Never rewritten: a correction is a new version by two persons."""

    State = State

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("Takes place")
        POSTPONED = "postponed", _("Put off, no new day yet")
        ADJOURNED = "adjourned", _("Adjourned: a candidate died or the poll was stopped")
        OFF = "off", _("Put off or cancelled")

    class CodeArea(models.TextChoices):
        DISTRICT = "district", _("The whole district")
        SEAT = "seat", _("Only this seat: a capital, metropolis or corporation")
        SPREAD = "spread", _("Such a seat, but the campaign goes on elsewhere in the district too: the whole district")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
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
    code_area = models.TextField(choices=CodeArea.choices, default=CodeArea.DISTRICT, db_default=CodeArea.DISTRICT)
    """Where a by-election's code of conduct holds (rule 6); a general election's holds in the state."""
    notification = models.TextField()
    """Which notification or report says so."""
    note = models.TextField(blank=True)

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


class ElectionVersion(ByTwo):
    """What a notification says of a whole election: announced, counted, completed. Never rewritten."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    announced_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    counting_on = models.DateField(null=True)
    notification = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="elections_election_version_number"),
            models.UniqueConstraint(
                fields=["election"], condition=models.Q(state="live"), name="elections_one_live_election_version"
            ),
            models.UniqueConstraint(
                fields=["election"], condition=models.Q(state="proposed"), name="elections_one_election_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="elections_election_decided_by_another",
            ),
        ]


class RuleSwitch(ByTwo):
    """A rule of the packs switched off (or on again) for this deployment; the newest live row of a rule holds."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    rule = models.TextField()
    off = models.BooleanField()
    reason = models.TextField()
    """Whose advice says so, and why."""
    holds_from = models.DateTimeField(null=True)
    """Off only from here: nobody switches a rule off in the night it is in the way."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule"], condition=models.Q(state="live"), name="elections_one_live_switch"
            ),
            models.UniqueConstraint(
                fields=["rule"], condition=models.Q(state="proposed"), name="elections_one_switch_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="elections_switch_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="live", off=True) | models.Q(holds_from__isnull=False),
                name="elections_switch_waits",
            ),
        ]


class ElectorSaid(models.Model):
    """What a person said of themselves: whether they vote in this constituency. Never taken from a roll."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    constituency = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    is_elector = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "constituency"], name="elections_elector_said_once")]
        indexes = [
            models.Index(fields=["constituency"], name="elections_no_electors", condition=models.Q(is_elector=False))
        ]
