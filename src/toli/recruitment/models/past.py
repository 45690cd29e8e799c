"""Seats a running drive had promised to its own placement, filled by hand."""

from django.db import models

from toli.recruitment.models.drives import DrivePlace


class PastDrive(models.Model):
    """Why a seat of a drive's place was offered past the drive. Reasons are about work and name nobody."""

    place = models.ForeignKey(DrivePlace, on_delete=models.PROTECT, related_name="past")
    appointment = models.OneToOneField("org.Appointment", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    given_by_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()
