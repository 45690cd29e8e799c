"""Who is on duty now: kept by the rosters above, asked by what sends below them."""

from django.db import models


class Duty(models.Model):
    """A person who is on duty until then: messages of the work reach them in the quiet hours too."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.PROTECT, related_name="duty")
    until = models.DateTimeField()

    class Meta:
        db_table = "org_duty"
