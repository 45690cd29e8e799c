"""Tables of the tasks room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.actor import Actor
from toli.kit.ids import uuid7

PERSONAL = {
    "Assignment.accepted_by": "whose work it is: nobody verifies their own; as long as the record of it",
    "HandIn.person": "whose work was handed in; as long as the record of it",
    "HandIn.typed_by": "who handed it in, also for somebody else; as long as the record of it",
    "HandIn.text": "what was done, in the volunteer's words; 1 year after the share ended",
    "HandIn.photo": "which photo proves the work; 30 days after the share ended",
    "PhotoLook.photo": "whose look it is; goes with the photo",
    "PhotoLook.look": "how a photo looks, to find it where it is used again; goes with the photo",
    "PhotoMatch.answered_by": "who looked at two photos and said whether they are one; as long as the hand-ins",
    "Muted.person": "who wants no reminders by SMS; until they want them again",
    "Photo.digest": "the proof of the work, a file of the owner only; 30 days after the share ended",
}


class Kind(models.TextChoices):
    """What the law of silence sees in a task: it stops appeals only."""

    APPEAL = "appeal", _("Appeal for votes")
    CIVIC = "civic", _("Where and when to vote")
    INTERNAL = "internal", _("Inside the team")


class Proof(models.TextChoices):
    NUMBER = "number", _("A number")
    TEXT = "text", _("A few words")
    PHOTO = "photo", _("A photo")


class TaskTemplate(models.Model):
    """Work that is given again and again, written once for teams of one level and wing."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    """Who gives tasks at this unit or below it may use the template."""
    level = models.ForeignKey("org.Level", on_delete=models.PROTECT, related_name="+")
    wing = models.ForeignKey("org.Wing", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    instructions = models.JSONField(default=dict)
    kind = models.TextField(choices=Kind.choices, default=Kind.INTERNAL)
    proofs = ArrayField(models.TextField(choices=Proof.choices), default=list)
    measure = models.JSONField(default=dict)
    """What is counted, by language: {"hi": "घर", "en": "homes"}."""
    per_share = models.IntegerField(default=1)
    """What one team is usually asked for."""
    days = models.SmallIntegerField(default=7)
    """How long it usually takes."""
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(per_share__gte=1, days__gte=1), name="tasks_template_asks_something")
        ]


WORDS = ("title", "instructions", "measure")
"""The texts of a task that a volunteer reads, `{tag: text}` each: the law's gate reads all of them."""


class Task(models.Model):
    """What is asked, of which units, by when."""

    class State(models.TextChoices):
        GIVEN = "given", _("Under way")
        DONE = "done", pgettext_lazy("work", "Done")
        WITHDRAWN = "withdrawn", pgettext_lazy("work", "Withdrawn")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    template = models.ForeignKey(TaskTemplate, null=True, on_delete=models.PROTECT, related_name="tasks")
    title = models.JSONField()
    instructions = models.JSONField(default=dict)
    kind = models.TextField(choices=Kind.choices)
    proofs = ArrayField(models.TextField(choices=Proof.choices), default=list)
    target = models.BigIntegerField()
    measure = models.JSONField(default=dict)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    """The top of the tree it went down."""
    level = models.ForeignKey("org.Level", on_delete=models.PROTECT, related_name="+")
    """The level whose teams do the work."""
    wing = models.ForeignKey("org.Wing", null=True, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.GIVEN)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(target__gte=1), name="tasks_target_is_something"),
            models.CheckConstraint(condition=Q(due_at__gt=models.F("given_at")), name="tasks_due_after_given"),
        ]
        indexes = [
            models.Index(fields=["-given_at"], name="tasks_newest"),
            models.Index(fields=["due_at"], name="tasks_due", condition=Q(state="given")),
        ]


class Photo(models.Model):
    """A picture handed in, re-encoded without its metadata; the file is named by its own hash."""

    digest = models.TextField(unique=True)
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    """Bytes: shown before it is loaded."""
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)


class Bits(models.TextField):
    """A bit string of PostgreSQL; in Python its letters 0 and 1."""

    def __init__(self, length: int, **options: Any) -> None:
        self.length = length
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, _arguments, options = super().deconstruct()
        return name, path, [self.length], options

    def db_type(self, connection: Any) -> str:
        return f"bit({self.length})"


class PhotoLook(models.Model):
    """How a kept photo looks (likeness.py): the whole hash, and its pieces, which an index finds."""

    photo = models.OneToOneField(Photo, primary_key=True, on_delete=models.PROTECT, related_name="look")
    look = Bits(256)
    bands = ArrayField(models.IntegerField())

    class Meta:
        indexes = [GinIndex(fields=["bands"], name="tasks_look_bands", fastupdate=False)]


class Assignment(models.Model):
    """One unit's share of a task. Shares of the working level are done by its team; the others add up."""

    class State(models.TextChoices):
        GIVEN = "given", pgettext_lazy("work", "Given")
        ACCEPTED = "accepted", pgettext_lazy("work", "Accepted")
        HANDED_IN = "handed_in", pgettext_lazy("work", "Handed in")
        VERIFIED = "verified", pgettext_lazy("work", "Verified")
        RETURNED = "returned", pgettext_lazy("work", "Returned")
        WITHDRAWN = "withdrawn", pgettext_lazy("work", "Withdrawn")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    # 52,000 rows come in one statement: an index that another one covers, or nobody asks, is left out.
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="assignments", db_index=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    wing = models.ForeignKey("org.Wing", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    depth = models.SmallIntegerField()
    """0 at the top of the task."""
    is_work = models.BooleanField()
    """True where a team does it; False where it only adds up what stands below."""
    share = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    teams = models.IntegerField(default=1)
    """Shares of teams in here that were not withdrawn, itself counted; added up by a job."""
    teams_done = models.IntegerField(default=0)
    state = models.TextField(choices=State.choices, default=State.GIVEN)
    version = models.IntegerField(default=1)
    """Raised by every change of state: an undo restores only what nobody touched since."""
    accepted_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    accepted_at = models.DateTimeField(null=True)
    hand_in = models.OneToOneField("tasks.HandIn", null=True, on_delete=models.PROTECT, related_name="+")
    """The newest one."""
    verified_by = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    verified_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    given_to = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    """The unit it was given to, where that one has gone into `unit`, which may then have two shares of a task."""
    joined_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined", db_index=False)
    """The share that took its quantity, when two units became one and nobody had begun either."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit"], condition=Q(given_to=None), name="tasks_one_given_share_of_a_unit"
            ),
            models.CheckConstraint(condition=Q(share__gte=0, done__gte=0), name="tasks_share_is_not_less_than_nothing"),
            models.CheckConstraint(condition=Q(is_work=False) | Q(share__gte=1), name="tasks_work_is_something"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "handed_in", "returned"]) | Q(accepted_by__isnull=False),
                name="tasks_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handed_in", "returned"]) | Q(hand_in__isnull=False),
                name="tasks_handed_in_with_something",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=models.F("accepted_by")),
                name="tasks_nobody_verifies_their_own",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "task"],
                name="tasks_open_work",
                condition=Q(is_work=True, state__in=["given", "accepted", "handed_in", "returned"]),
            ),
            models.Index(fields=["accepted_by", "state"], name="tasks_of_person"),
            models.Index(fields=["task"], name="tasks_tops", condition=Q(parent=None)),
            models.Index(fields=["joined_into"], name="tasks_joined", condition=Q(joined_into__isnull=False)),
        ]

    @property
    def is_open(self) -> bool:
        return self.state not in (self.State.VERIFIED, self.State.WITHDRAWN)

    def mark_accepted(self, *, by: Actor, at: datetime) -> None:
        self.accepted_by_id, self.accepted_at = by.person_id, at
        self._become(self.State.ACCEPTED, ["accepted_by", "accepted_at"])

    def mark_handed_in(self, hand_in: HandIn) -> None:
        self.hand_in, self.accepted_by_id = hand_in, hand_in.person_id
        self.accepted_at = self.accepted_at or hand_in.at
        self._become(self.State.HANDED_IN, ["hand_in", "accepted_by", "accepted_at"])

    def mark_verified(self, *, by: Actor, at: datetime) -> None:
        self.verified_by_id, self.verified_at = by.person_id, at
        self.done, self.teams_done = self.counted, 1
        self._become(self.State.VERIFIED, ["verified_by", "verified_at", "done", "teams_done"])

    def mark_returned(self, *, reason: str, at: datetime) -> None:
        self.return_reason, self.returned_at = reason, at
        self._become(self.State.RETURNED, ["return_reason", "returned_at"])

    def mark_withdrawn(self, *, at: datetime) -> None:
        self.withdrawn_at, self.teams = at, 0
        self._become(self.State.WITHDRAWN, ["withdrawn_at", "teams"])

    def mark_released(self) -> None:
        self.accepted_by, self.accepted_at = None, None
        self._become(self.State.GIVEN, ["accepted_by", "accepted_at"])

    def _become(self, state: Assignment.State, columns: list[str]) -> None:
        self.state, self.version = state, self.version + 1
        self.save(update_fields=["state", "version", *columns])

    @property
    def counted(self) -> int:
        """What a verified share adds: the number handed in, else the share itself."""
        number = self.hand_in.number if self.hand_in else None
        return self.share if number is None else number


class ShareMove(models.Model):
    """What a merger of units did to one share: it went along, joined another, or got another level above it. Kept to
    put it back when the merger is undone.
    """

    change_ref = models.UUIDField()
    """The reorganisation of `org`."""
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="moves")
    from_unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    """The same where only the level above is another."""
    from_parent = models.ForeignKey(Assignment, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    joined = models.ForeignKey(Assignment, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    went_back = models.BooleanField(default=False, db_default=False)
    """Undone, and it had not been begun or ended meanwhile."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change_ref", "assignment"], name="tasks_one_move_of_a_change"),
        ]


class HandIn(models.Model):
    """What somebody handed in for a share. Kept as it came; a returned share gets a new one."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    """Minted by the phone: sent twice, it is taken once."""
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="hand_ins")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    typed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(null=True)
    text = models.TextField(blank=True)
    photo = models.ForeignKey(Photo, null=True, on_delete=models.PROTECT, related_name="hand_ins")
    compared_at = models.DateTimeField(null=True)
    """When its photo was looked for among all others."""
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number=None) | Q(number__gte=0), name="tasks_number_is_a_count")
        ]
        indexes = [
            models.Index(fields=["id"], name="tasks_to_compare", condition=Q(compared_at=None, photo__isnull=False))
        ]

    @property
    def is_on_behalf(self) -> bool:
        return self.person_id != self.typed_by_id


class PhotoMatch(models.Model):
    """Two hand-ins of different shares with what looks like one photo. A person says what it is; nothing follows by
    itself.
    """

    class Answer(models.TextChoices):
        OPEN = "", _("Not looked at yet")
        SAME = "same", _("The same photo")
        DIFFERENT = "different", _("Different photos")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    hand_in = models.ForeignKey(HandIn, on_delete=models.PROTECT, related_name="matches")
    """The later one."""
    earlier = models.ForeignKey(HandIn, on_delete=models.PROTECT, related_name="+")
    differs = models.SmallIntegerField()
    """In how many of 256 bits the two differ."""
    found_at = models.DateTimeField()
    answer = models.TextField(choices=Answer.choices, blank=True, default=Answer.OPEN)
    answered_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_in", "earlier"], name="tasks_two_photos_compared_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None) | (~Q(answer="") & Q(answered_by__isnull=False)),
                name="tasks_photos_judged_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["hand_in"], name="tasks_open_matches", condition=Q(answer=""))]

    def mark_answered(self, answer: str, *, by: Actor, at: datetime) -> None:
        self.answer, self.answered_by_id, self.answered_at = answer, by.person_id, at
        self.save(update_fields=["answer", "answered_by", "answered_at"])


class Muted(models.Model):
    """A person who wants no reminders of tasks by SMS. In Toli they still see them."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()


class Reminder(models.Model):
    """A word to whoever has the share, or to its team. Shown with the task; sent where `delivery` may."""

    class Reason(models.TextChoices):
        UNANSWERED = "unanswered", _("Nobody has accepted it yet")
        SOON = "soon", _("Due within a day")
        LATE = "late", pgettext_lazy("work", "Late")
        NUDGE = "nudge", _("Your coordinator asks")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("work", "Waiting")
        SENT = "sent", pgettext_lazy("work", "Sent")
        DROPPED = "dropped", _("No longer needed")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reminders")
    reason = models.TextField(choices=Reason.choices)
    asked_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    remind_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    ended_at = models.DateTimeField(null=True)
    sent_key = models.TextField(blank=True, default="", db_default="")
    """What the messages of `delivery` are called that carry it, to stop them when the work is done meanwhile."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "reason"], condition=~Q(reason="nudge"), name="tasks_reminded_once_of_a_reason"
            )
        ]
        indexes = [models.Index(fields=["remind_at"], name="tasks_reminders_due", condition=Q(state="waiting"))]


class BulkAct(models.Model):
    """One act on many shares. For ten minutes it can be taken back."""

    class Verb(models.TextChoices):
        VERIFY = "verify", _("Verify")
        RETURN = "return", _("Return")
        REMIND = "remind", _("Remind")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    verb = models.TextField(choices=Verb.choices)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class BulkRow(models.Model):
    """How one share stood before a bulk act, and the version the act left it at."""

    act = models.ForeignKey(BulkAct, on_delete=models.PROTECT, related_name="rows")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField()
    version = models.IntegerField()
    reminder = models.ForeignKey(Reminder, null=True, on_delete=models.PROTECT, related_name="+")
