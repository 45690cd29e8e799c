"""ID cards. A card is no row: it is signed anew whenever its holder opens it. Only what was lost is kept."""

from django.db import models


class CardRecall(models.Model):
    """The holder of an appointment said that a card was lost: every card signed before is no longer valid."""

    appointment = models.OneToOneField("org.Appointment", on_delete=models.PROTECT, related_name="+")
    before = models.DateTimeField()
