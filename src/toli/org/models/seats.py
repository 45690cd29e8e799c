"""Teams, norms, seats, and the people on them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7
from toli.org.models.units import Level, Unit, Wing


class Tier(models.TextChoices):
    LEADERS = "leaders", _("Leaders")
    WORKERS = "workers", _("Workers")


class TeamKind(models.Model):
    """What a team is for and at which level it stands."""

    key = models.SlugField(unique=True)
    names = models.JSONField()
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="team_kinds")

    def __str__(self) -> str:
        return self.key


class Role(models.Model):
    """A title with its rights (names from `rights.py`)."""

    key = models.SlugField(unique=True)
    names = models.JSONField()
    rights = ArrayField(models.TextField(), default=list)
    tier = models.TextField(choices=Tier.choices, default=Tier.WORKERS)
    sensitive = models.BooleanField(default=False)
    """The holder needs a second factor for anything at all."""

    def __str__(self) -> str:
        return self.key


class Norm(models.Model):
    """How many of what a unit ought to have: a line of the organisation's plan."""

    class Kind(models.TextChoices):
        HEADCOUNT = "headcount", _("People in a team")
        COVERAGE = "coverage", _("Places covered")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.TextField(choices=Kind.choices, default=Kind.HEADCOUNT)
    team_kind = models.ForeignKey(TeamKind, on_delete=models.PROTECT, related_name="norms")
    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, related_name="norms")
    wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")
    count = models.SmallIntegerField()
    scope = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="norms")
    """Holds for the units of the team kind's level inside this subtree ..."""
    only_units = ArrayField(models.BigIntegerField(), default=list)
    """... or only for these of them, when not empty."""
    covered_level = models.ForeignKey(Level, null=True, on_delete=models.PROTECT, related_name="+")
    """For coverage: the level of the places that must have an active person."""
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    until_poll_ref = models.UUIDField(null=True)
    """Ends when this poll closes."""
    reason = models.TextField(blank=True)


class Seat(models.Model):
    """A numbered place in a team. Opened by a norm; closed, never deleted."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="seats")
    wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")
    team_kind = models.ForeignKey(TeamKind, on_delete=models.PROTECT, related_name="seats")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="seats")
    number = models.SmallIntegerField()
    norm = models.ForeignKey(Norm, null=True, on_delete=models.PROTECT, related_name="seats")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    """Known end of the seat (the poll's close), if any."""
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "wing", "team_kind", "role", "number"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="org_one_live_seat_of_a_number",
            )
        ]
        indexes = [models.Index(fields=["norm"], name="org_seat_norm", condition=Q(closed_at=None))]

    def __str__(self) -> str:
        return f"{self.role} {self.number} @ {self.unit_id}"


class SeatCharge(models.Model):
    """A subtree x wing that a seat looks after. A seat without charges looks after its own unit's subtree."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="charges")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "unit", "wing"], nulls_distinct=False, name="org_charge_once")
        ]


class Appointment(models.Model):
    """A person on a seat for a time [from, to): an offer first, filled when the person accepts."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Lapsed")
        WITHDRAWN = "withdrawn", _("Offer withdrawn")
        ENDED = "ended", _("Ended")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="appointments")
    state = models.TextField(choices=State.choices, default=State.OFFERED)
    acting = models.BooleanField(default=False)
    offered_by_id = models.BigIntegerField(null=True)
    """The person who offered; null for the first administrator and for a claimed named seat."""
    offered_at = models.DateTimeField()
    offer_expires_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    handing_over_until = models.DateTimeField(null=True)
    """Set on the outgoing holder while the successor already sits: the overlap."""
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "acting"], condition=Q(state="offered"), name="org_one_live_offer_of_a_seat"
            ),
            models.UniqueConstraint(
                fields=["seat", "acting"],
                condition=Q(state="accepted", handing_over_until=None),
                name="org_one_live_holder_of_a_seat",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False), name="org_accepted_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="org_term_runs_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state"], name="org_appointment_person"),
            models.Index(fields=["offer_expires_at"], name="org_offer_expiry", condition=Q(state="offered")),
            models.Index(fields=["valid_to"], name="org_term_end", condition=Q(state="accepted")),
        ]

    @property
    def is_live(self) -> bool:
        return self.state == self.State.ACCEPTED and self.suspended_at is None

    @property
    def counts(self) -> bool:
        """Whether the seat counts as filled by this holder: not while it is being handed over."""
        return self.is_live and self.handing_over_until is None


class NamedHolder(models.Model):
    """A seat for which a sheet names somebody: shown as named, invited or claimed, never as filled."""

    class State(models.TextChoices):
        NAMED = "named", _("Named")
        INVITED = "invited", _("Invited")
        CLAIMED = "claimed", _("Claimed")
        ERASED = "erased", _("Erased")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="named_holders")
    invitee = models.ForeignKey("people.Invitee", on_delete=models.PROTECT, related_name="named_seats")
    state = models.TextField(choices=State.choices, default=State.NAMED)
    named_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(state__in=["named", "invited"]), name="org_one_named_holder_of_a_seat"
            )
        ]
