"""The media library: files with their rights, the consent of who is shown, and where AI had a hand in them."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.content.models.items import Item
from toli.kit.ids import uuid7


class Media(models.Model):
    """One file. Its bytes never change: a file with a label burnt in is another row, made from the first."""

    Ai = Item.Ai

    class Kind(models.TextChoices):
        IMAGE = "image", _("Picture")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Sound")
        PDF = "pdf", _("PDF")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("file", "Being prepared")
        READY = "ready", pgettext_lazy("file", "Ready")
        REFUSED = "refused", pgettext_lazy("file", "Cannot be used")
        STOPPED = "stopped", pgettext_lazy("file", "Taken out of use")

    class Licence(models.TextChoices):
        OWN = "own", _("Our own work")
        PERMISSION = "permission", _("With the owner's written permission")
        OPEN = "open", _("Open licence (name it under source)")
        PUBLIC = "public", _("Free of rights, or published by the government for use")

    class Label(models.TextChoices):
        """The three labels of the Election Commission's order of 24 October 2025."""

        GENERATED = "generated", _("AI-Generated")
        ENHANCED = "enhanced", _("Digitally Enhanced")
        SYNTHETIC = "synthetic", _("Synthetic Content")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="media")
    kind = models.TextField(choices=Kind.choices)
    state = models.TextField(choices=State.choices)
    refusal = models.TextField(blank=True)
    """A key of `rules.MEDIA_REFUSALS`: why it cannot be prepared."""
    title = models.TextField()
    source_digest = models.TextField(db_collation="C")
    """SHA-256 of what was sent: the same bytes sent twice are one row."""
    demuxer = models.TextField(blank=True)
    digest = models.TextField(blank=True, db_collation="C")
    """SHA-256 of the file as it is kept and published; empty until it is prepared."""
    ending = models.TextField(blank=True)
    size = models.BigIntegerField(default=0)
    """Bytes of the kept file."""
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    seconds = models.FloatField(null=True)

    owner = models.TextField()
    """Whose work it is."""
    licence = models.TextField(choices=Licence.choices)
    source = models.TextField(blank=True)
    """Where it comes from; for an open licence its name and address."""
    shows_people = models.BooleanField(default=False)

    ai = models.TextField(choices=Ai.choices, default=Ai.NONE)
    ai_label = models.TextField(choices=Label.choices, blank=True)
    ai_tool = models.TextField(blank=True)
    ai_maker = models.TextField(blank=True)
    """Which team or agency made it with the tool."""
    responsible = models.TextField(blank=True)
    """The entity the law wants named in the file."""
    ai_declared_at = models.DateTimeField(null=True)
    ai_declared_by_id = models.BigIntegerField(null=True)
    labelled_at = models.DateTimeField(null=True)
    """When the label was burnt in; nothing but the burning writes it."""
    made_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="labelled")
    says_label = models.BooleanField(default=False)
    """A recording that says the label: it is put before sounds made with AI."""

    added_by_id = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    """When a worker began to prepare it."""
    stopped_at = models.DateTimeField(null=True)
    stopped_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "source_digest"], name="content_the_same_file_is_one",
                condition=Q(made_from=None) & ~Q(state__in=["refused", "stopped"]),
            ),
            models.UniqueConstraint(
                fields=["made_from"], name="content_one_labelled_file",
                condition=Q(made_from__isnull=False) & ~Q(state__in=["refused", "stopped"]),
            ),
            models.CheckConstraint(condition=~Q(state="ready") | ~Q(digest=""), name="content_ready_media_has_a_file"),
            models.CheckConstraint(
                condition=~Q(ai="labelled") | Q(labelled_at__isnull=False), name="content_a_label_was_burnt_in"
            ),
            models.CheckConstraint(
                condition=Q(ai="none") | (~Q(ai_tool="") & ~Q(responsible="") & Q(ai_declared_at__isnull=False)),
                name="content_ai_is_declared_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["unit", "-added_at"], name="content_media_of_unit"),
            models.Index(fields=["digest"], name="content_media_digest"),
            models.Index(fields=["added_at"], name="content_media_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-ai_declared_at"], name="content_ai_register", condition=~Q(ai="none")),
        ]

    @property
    def name(self) -> str:
        """The name of the kept file; empty until there is one."""
        return f"{self.digest}.{self.ending}" if self.digest else ""

    @property
    def raw_key(self) -> str:
        """Where a file lies that waits to be prepared."""
        return f"content/raw/{self.source_digest}"


class PersonShown(models.Model):
    """Somebody a file shows or lets hear, and their yes to it."""

    class How(models.TextChoices):
        PAPER = "paper", _("Signed on paper")
        MESSAGE = "message", _("By a message from their own number")
        RECORDED = "recorded", _("Said on the recording")
        WITNESSED = "witnessed", _("Said before two of us")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="persons")
    name = models.TextField()
    how = models.TextField(choices=How.choices)
    said_on = models.DateField()
    until = models.DateField(null=True)
    """The last day it holds; none: until it is taken back."""
    noted_by_id = models.BigIntegerField(null=True)
    noted_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["noted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("said_on")), name="content_consent_ends_later"
            )
        ]

    def holds_on(self, day: date) -> bool:
        return self.taken_back_at is None and (self.until is None or day <= self.until)


class PrintRun(models.Model):
    """A page given out for printing, with what section 127A of the Act of 1951 wants on its face."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="print_runs")
    hash = models.TextField(db_collation="C")
    """Of the item's wording then."""
    digest = models.TextField(db_collation="C")
    """SHA-256 of the page."""
    printer = models.TextField()
    printer_address = models.TextField()
    publisher = models.TextField()
    publisher_address = models.TextField()
    copies = models.IntegerField()
    exported_by_id = models.BigIntegerField(null=True)
    exported_at = models.DateTimeField()

    class Meta:
        ordering = ["-exported_at"]
        constraints = [models.CheckConstraint(condition=Q(copies__gte=1), name="content_prints_something")]
