"""Where a person wants to work besides their home."""

from django.db import models

from toli.org.models.units import Unit


class WorkWish(models.Model):
    """A person asked to be found by the team of another unit too. Only they themselves write and end it."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="work_wishes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    wished_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit"], condition=models.Q(ended_at=None), name="org_one_wish_of_a_place"
            )
        ]
        indexes = [models.Index(fields=["unit"], name="org_wish_unit", condition=models.Q(ended_at=None))]
