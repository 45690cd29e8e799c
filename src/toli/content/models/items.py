"""Items, their wording, and the approvals that hold for one exact wording."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

APPROVALS_NEEDED = 2


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    OUT = "out", _("Out")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Sheet(models.Model):
    """Up to 200 slogans shown in full and approved together, each by its hash."""

    State = State

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="sheets")
    title = models.TextField()
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    written_by_id = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-written_at"], name="content_sheet_of_unit")]


class Item(models.Model):
    """One thing to say. Its wording lies in ItemText; `hash` is over the wording of now (data decision 10)."""

    State = State

    class Kind(models.TextChoices):
        SLOGAN = "slogan", _("Slogan")
        TEXT = "text", _("Text")
        PICTURE = "picture", _("Picture")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Sound")
        PAPER = "paper", _("PDF")
        TEMPLATE = "template", _("Template with blanks")

    class Matter(models.TextChoices):
        APPEAL = "appeal", _("Appeal: asks for support or a vote")
        CIVIC = "civic", _("Civic: where and when to vote")
        INTERNAL = "internal", _("Internal: for our workers only")

    class Ai(models.TextChoices):
        NONE = "none", _("Not made with AI")
        LABELLED = "labelled", _("Made or changed with AI, and labelled")
        UNLABELLED = "unlabelled", _("Made or changed with AI, not labelled yet")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="items")
    """Whose item it is: the desk that writes and approves it."""
    sheet = models.ForeignKey(Sheet, null=True, on_delete=models.PROTECT, related_name="items")
    place = models.SmallIntegerField(default=0)
    """Order on the sheet."""
    kind = models.TextField(choices=Kind.choices, default=Kind.SLOGAN)
    matter = models.TextField(choices=Matter.choices, default=Matter.APPEAL)
    constituency = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """With `on_date`: today's item of this constituency."""
    on_date = models.DateField(null=True)
    link = models.URLField(blank=True, max_length=500)
    media = models.ForeignKey("content.Media", null=True, on_delete=models.PROTECT, related_name="items")
    file = models.TextField(blank=True)
    """The name of the media's file, as phones ask for it."""
    file_hash = models.TextField(blank=True)
    """SHA-256 of the final file: the media's, and part of what is approved."""
    paid = models.BooleanField(default=False)
    ai = models.TextField(choices=Ai.choices, default=Ai.NONE)
    topics = ArrayField(models.TextField(), default=list)
    """exit_poll, opinion_poll: what the gate asks about."""
    names_units = ArrayField(models.BigIntegerField(), default=list)
    """Constituencies that the text, or a candidate in it, names."""
    hash = models.TextField(db_collation="C")
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    written_by_id = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_reason = models.TextField(blank=True)
    names_person = models.BooleanField(default=False, db_default=False)
    """The text names a living person: a rival, an officer, a candidate."""
    careful = models.BooleanField(default=False, db_default=False)
    """Paid, made with AI, naming a person or marked by the conduct check: one yes has to come from the state."""
    urgent_at = models.DateTimeField(null=True)
    """Asked for as urgent: any two on duty may say yes within five minutes of it."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(on_date=None) | Q(constituency__isnull=False), name="content_dated_item_has_a_constituency"
            ),
            models.CheckConstraint(
                condition=~Q(ai="labelled") | Q(media__isnull=False), name="content_labelled_item_has_a_file"
            ),
            models.UniqueConstraint(fields=["sheet", "place"], name="content_one_item_of_a_place"),
        ]
        indexes = [
            models.Index(fields=["unit", "-changed_at"], name="content_item_of_unit"),
            models.Index(
                fields=["constituency", "on_date"], name="content_item_of_the_day", condition=Q(on_date__isnull=False)
            ),
        ]

    @property
    def texts_by_language(self) -> dict[str, str]:
        return {row.language: row.text for row in self.texts.all()}

    def text_for(self, channel: str, language: str) -> str:
        """What is said there: the channel's own words, else the item's, in the language or in any there is."""
        own = {row.language: row.text for row in self.channel_texts.all() if row.channel == channel}
        texts = own or self.texts_by_language
        return texts.get(language) or next(iter(texts.values()), "")

    @property
    def source_by_language(self) -> dict[str, str]:
        return {row.language: row.source for row in self.texts.all()}


class ItemText(models.Model):
    """The wording in one language, with the line that says whose text it is."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="texts")
    language = models.SlugField(max_length=12)
    text = models.TextField()
    source = models.TextField()

    class Meta:
        ordering = ["-language"]
        constraints = [models.UniqueConstraint(fields=["item", "language"], name="content_one_text_of_a_language")]


class ChannelText(models.Model):
    """Other words for one channel, in one language. Without them the item's own text goes there too."""

    class Channel(models.TextChoices):
        MESSAGES = "messages", _("Messaging apps")
        TELEGRAM = "telegram", "Telegram"
        FACEBOOK = "facebook", "Facebook"
        INSTAGRAM = "instagram", "Instagram"
        X = "x", "X"
        YOUTUBE = "youtube", "YouTube"

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="channel_texts")
    channel = models.SlugField(max_length=12, choices=Channel.choices, db_index=False)
    language = models.SlugField(max_length=12, db_index=False)
    text = models.TextField()

    class Meta:
        ordering = ["channel", "-language"]
        constraints = [
            models.UniqueConstraint(fields=["item", "channel", "language"], name="content_one_text_of_a_channel")
        ]


class Version(models.Model):
    """A wording as it once stood, and who wrote it."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    hash = models.TextField(db_collation="C")
    wording = models.JSONField()
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="content_one_version_of_a_number")]


class Approval(models.Model):
    """A person's yes to one exact wording. Another wording needs another yes."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="approvals")
    hash = models.TextField(db_collation="C")
    sheet = models.ForeignKey(Sheet, null=True, on_delete=models.PROTECT, related_name="approvals")
    person_id = models.BigIntegerField()
    seat_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    senior = models.BooleanField(default=False, db_default=False)
    """Said by somebody who may clear careful items."""
    on_duty = models.BooleanField(default=False, db_default=False)
    """Said from the war room, during a shift, to an urgent item."""
    points = ArrayField(models.TextField(), null=True)
    """Points of the code of conduct the text was read against."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "hash", "person_id"], condition=Q(withdrawn_at=None), name="content_one_yes_of_a_person"
            )
        ]


class Answer(models.Model):
    """Why a marked passage may stay, for one exact wording. Said by whoever says yes to it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="answers")
    hash = models.TextField(db_collation="C")
    language = models.SlugField(max_length=12)
    kind = models.TextField()
    start = models.IntegerField()
    words = models.TextField()
    reason = models.TextField()
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["language", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "hash", "language", "kind", "start"], name="content_one_answer_of_a_passage"
            )
        ]


class Hold(models.Model):
    """Somebody stops an item until a question is settled: while it is held nothing clears it."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    lifted_by_id = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)
    settled = models.TextField(blank=True)
    """How the question was settled."""

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(lifted_at=None), name="content_one_hold_at_a_time")
        ]


class Certificate(models.Model):
    """A media committee's certificate, good for one exact wording and file and for a time (rule 7)."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="certificates")
    hash = models.TextField(db_collation="C")
    """Of the wording that was certified, its file's SHA-256 in it."""
    number = models.TextField()
    committee = models.TextField()
    valid_until = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-recorded_at"]


class Comment(models.Model):
    """What somebody of the desk says about an item; answers hang under it."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="comments")
    under = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    version = models.IntegerField()
    """Number of the version it speaks of."""
    text = models.TextField()
    by_id = models.BigIntegerField(null=True)
    seat_label = models.JSONField(default=dict)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["item", "at"], name="content_comment_of_item")]
