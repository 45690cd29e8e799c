"""Rights of a seat that its holder gives to somebody else for a time."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from toli.kit.ids import uuid7
from toli.org.models.seats import Appointment
from toli.org.models.units import Unit


class Delegation(models.Model):
    """Some rights of one seat, inside one unit of its charge, for [starts_at, ends_at).

    What holds is read anew each time: never more than the seat has at that moment, and nothing once its holder has
    left it or is suspended. It cannot be given on.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="delegations")
    """The giver on their seat."""
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="delegations")
    """Who may act."""
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    rights = ArrayField(models.TextField())
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """Ended before its time: by either of the two, from above, or with the giver's seat."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="org_delegation_runs_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="org_delegation_person", condition=models.Q(ended_at=None)),
            models.Index(fields=["appointment"], name="org_delegation_giver"),
        ]
