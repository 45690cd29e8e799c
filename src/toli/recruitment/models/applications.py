"""Applications. A form whose number is not proved yet is an `accounts.Draft`, and nothing here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7
from toli.recruitment.models.drives import Drive, DrivePlace, FormVersion, JoinLink


class Application(models.Model):
    """One person's answer to one drive."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for a seat")
        OFFERED = "offered", _("A seat is offered")
        PLACED = "placed", _("In a team")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Keeps(models.TextChoices):
        OTHER_SEATS = "other_seats", _("Keep me for other seats")
        SUPPORTER = "supporter", _("I help as a supporter")
        NO = "no", _("No, thank you")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    receipt = models.CharField(max_length=10, unique=True)
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="applications")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="applications")
    """A unit of the organisation's tree; any level, for those who do not know their booth."""
    place = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """The panchayat or other place that was chosen, when it is not in the organisation's tree."""
    wing = models.ForeignKey("org.Wing", null=True, on_delete=models.PROTECT, related_name="+")
    skills = ArrayField(models.TextField(), default=list)
    state = models.TextField(choices=State.choices, default=State.SUBMITTED)
    notice = models.ForeignKey("consent.Notice", on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    """When the person declared not to be a government servant, booth-level officer or polling official."""
    submitted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    source = models.TextField(db_default="web")
    """web, kiosk, invitation: how the person came; the link says more."""
    link = models.ForeignKey(JoinLink, null=True, on_delete=models.PROTECT, related_name="applications")
    score = models.IntegerField(null=True)
    """Of all interview rounds together, 0 to 10,000 (hundredths of a point); None: not scored yet."""
    supporter_at = models.DateTimeField(null=True)
    """When the person, not placed, chose to stay as a plain supporter or to hear of other seats."""
    keeps = models.TextField(choices=Keeps.choices, blank=True, db_default="")
    """What the person, not placed, chose to be; empty: not asked or not answered."""
    appointment_ref = models.UUIDField(null=True)
    """The offer made on this application."""
    stays_at = models.DateTimeField(null=True)
    """When the person, who holds a place, said to stay on the lists of the places they wished more."""
    set_aside = models.JSONField(null=True)
    """{"state", "appointment"} as they stood before it was withdrawn as the double of a joined entry, to be put back
    when the entries are parted; None otherwise."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "person"], name="recruitment_one_application_of_a_person")
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="recruitment_app_of_unit"),
            models.Index(fields=["drive", "unit", "state"], name="recruitment_app_of_drive"),
            models.Index(fields=["link"], name="recruitment_app_link", condition=Q(link__isnull=False)),
            models.Index(fields=["-submitted_at"], name="recruitment_app_newest"),
            models.Index(
                fields=["unit"], name="recruitment_app_keeps", condition=Q(keeps__in=["other_seats", "supporter"])
            ),
            models.Index(
                fields=["appointment_ref"], name="recruitment_app_offer", condition=Q(appointment_ref__isnull=False)
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.SUBMITTED, self.State.OFFERED)


class Answers(models.Model):
    """What a person answered to the drive's own questions, with the version of the form they saw."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="answers")
    form = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="answers")
    given = models.JSONField(default=dict)
    """{key of the question: text, number, chosen keys, link, or ref of an AnswerFile}."""


class AnswerFile(models.Model):
    """A file handed in with an answer; it lies in the uploads folder under its digest."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    answers = models.ForeignKey(Answers, null=True, on_delete=models.PROTECT, related_name="files")
    question = models.TextField()
    sha256 = models.TextField()
    kind = models.TextField()
    """The type its content shows, such as image/jpeg or application/pdf."""
    size = models.IntegerField()
    at = models.DateTimeField()


class Wish(models.Model):
    """One of the places a person would like, in their own order.

    With `place`: that place. Without: any place of the drive in the subtree of `unit` (of this role and wing, where
    they are named): "anywhere in my district".
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="wishes")
    rank = models.SmallIntegerField()
    place = models.ForeignKey(DrivePlace, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey("org.Role", null=True, on_delete=models.PROTECT, related_name="+")
    wing = models.ForeignKey("org.Wing", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "rank"], name="recruitment_wish_ranked"),
            models.CheckConstraint(
                condition=Q(place__isnull=False) | Q(unit__isnull=False), name="recruitment_wish_names_something"
            ),
        ]
