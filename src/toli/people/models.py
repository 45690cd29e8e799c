"""Every personal value of the system lies in these tables (data decision 9)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "Person.name": "to address the person; until purge",
    "Person.tokens": "to find the person by name; until purge",
    "Person.birth_year": "to refuse under-18s; until purge",
    "Person.gender": "volunteered, for women-only callers and shares by rule; until purge",
    "Person.place_text": "to find the booth the person means; until purge",
    "Person.pin_code": "to find the booth the person means; until purge",
    "Person.skills": "to offer fitting work; until purge",
    "Person.languages": "to write in the person's language and find who speaks it; until purge",
    "ContactPoint.index": "to find the person by number; until purge",
    "ContactPoint.cipher": "to reach the person; until purge",
    "Invitee.name": "to address one invitation; 30 days",
    "Invitee.index": "to recognise the invited number at login; 30 days",
    "Invitee.cipher": "to send one invitation; 30 days",
    "NameKey.key": "sounds of the name, to suggest duplicates; until purge",
}


class Person(models.Model):
    """A human being of 18 years or more. The id stays as a tombstone after a purge."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        SEALED = "sealed", _("Sealed")
        MERGED = "merged", _("Joined with another entry")
        PURGED = "purged", _("Purged")

    class ContactPreference(models.TextChoices):
        ANY = "any", _("Anyone of the team may call")
        WOMEN = "women", _("Only women may call")
        APP = "app", _("Only messages in the app")

    class Gender(models.TextChoices):
        FEMALE = "female", _("Woman")
        MALE = "male", _("Man")
        OTHER = "other", _("Other")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    holder = models.OneToOneField("accounts.Holder", null=True, on_delete=models.PROTECT, related_name="person")
    name = models.TextField(blank=True)
    tokens = ArrayField(models.TextField(), default=list)
    birth_year = models.SmallIntegerField(null=True)
    gender = models.TextField(choices=Gender.choices, blank=True)
    languages = ArrayField(models.TextField(), default=list)
    place_text = models.TextField(blank=True)
    pin_code = models.TextField(blank=True)
    skills = ArrayField(models.TextField(), default=list)
    contact_preference = models.TextField(choices=ContactPreference.choices, default=ContactPreference.ANY)
    state = models.TextField(choices=State.choices, default=State.ACTIVE)
    duplicate_flag = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    purge_after = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    merged_from = ArrayField(models.BigIntegerField(), null=True)
    """Ids of the entries joined into this one, theirs included: records and answers keep the old ids."""

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], name="people_person_tokens"),
            models.Index(fields=["purge_after"], name="people_person_purge", condition=models.Q(state="sealed")),
            models.Index(fields=["purge_after"], name="people_merged_purge", condition=models.Q(state="merged")),
        ]

    @property
    def ids(self) -> list[int]:
        """The person's id, and those of the entries joined into it."""
        return [self.pk, *(self.merged_from or [])]


class ContactPoint(models.Model):
    """A number or another way to a person, dated: numbers are reissued, so it is not unique across persons."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        PUSH = "push", _("Browser")
        TELEGRAM = "telegram", "Telegram"
        EMAIL = "email", _("E-mail")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.TextField(choices=Kind.choices, default=Kind.PHONE)
    index = models.BinaryField()
    cipher = models.BinaryField()
    key_version = models.SmallIntegerField()
    last_digits = models.TextField(default="")
    """The last three digits: what a masked number shows without opening the cipher."""
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["index"], name="people_contact_index")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(valid_to=None) & ~models.Q(kind="push"),
                name="people_one_live_contact_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "index"], condition=models.Q(valid_to=None), name="people_contact_once"
            ),
        ]


class Qualification(models.Model):
    """Something a person has shown, such as a course passed; granted downward by the room that saw it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.TextField()
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    source_ref = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "source_ref"], name="people_qualification_once")
        ]


class Hold(models.Model):
    """Why a person's values may not be purged yet."""

    ref = models.UUIDField(default=uuid7, db_default=RandomUUID(), unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()
    """The case's number and the law it rests on: never a person's name."""
    until = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)
    set_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_id = models.BigIntegerField(null=True)


class Erasure(models.Model):
    """The proof of a purge: what was erased, when and by which rule. It holds no value of the person."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="erasure")
    rule = models.TextField()
    sealed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField()
    rows = models.JSONField()
    """{column: how many rows held a value before}."""
    record_id = models.BigIntegerField(null=True)
    """The record of it, whose place in the chain shows that it was not written later."""


class NameKey(models.Model):
    """How the first and last word of a name sound, whatever the script: two persons with one key may be one."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="name_keys")
    key = models.TextField(db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["key"], name="people_name_key")]


class DuplicatePair(models.Model):
    """Two entries that may be one person: found by the machine, decided by a person."""

    class State(models.TextChoices):
        OPEN = "open", _("To look at")
        DIFFERENT = "different", _("Not the same person")
        MERGED = "merged", _("Joined")

    class Why(models.TextChoices):
        NUMBER_AND_NAME = "number_and_name", _("Same number and name")
        NAME_HOME_YEAR = "name_home_year", _("Same name, home and year of birth")
        NAME_YEAR = "name_year", _("Same name and year of birth, same district")
        NAME_HOME = "name_home", _("Same name and home")
        NUMBER = "number", _("Same number, another name: often a family's phone")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    a = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    b = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(choices=Why.choices)
    score = models.SmallIntegerField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="people_pair_once"),
            models.CheckConstraint(condition=models.Q(a__lt=models.F("b")), name="people_pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["-score", "id"], name="people_open_pairs", condition=models.Q(state="open")),
            models.Index(fields=["b"], name="people_pair_b"),
        ]


class Merge(models.Model):
    """One entry joined into another. It can be taken back until `undo_until`; it holds no value of a person."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    swapped = ArrayField(models.TextField(), default=list)
    """Columns whose value was taken from the entry that went; it holds the other value since."""
    before = models.JSONField(default=dict)
    """What else the undo needs: ids, states and dates."""
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by_id = models.BigIntegerField(null=True)


class MergeMove(models.Model):
    """A row that was re-pointed from one entry to the other, so that an undo finds it."""

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="moves")
    model = models.TextField()
    column = models.TextField()
    row_id = models.BigIntegerField()


class Invitee(models.Model):
    """A number that somebody else gave: good for ONE invitation, then for nothing until its owner logs in."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.TextField(blank=True)
    index = models.BinaryField(null=True)
    cipher = models.BinaryField(null=True)
    key_version = models.SmallIntegerField(null=True)
    last_digits = models.TextField(default="")
    source = models.TextField()
    """Where the number came from and who vouches for it: a batch's words, never a person's name."""
    vouched_by_id = models.BigIntegerField(null=True)
    imported_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="invitations")
    erase_on = models.DateField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["index"], name="people_invitee_index"),
            models.Index(fields=["erase_on"], name="people_invitee_erase", condition=models.Q(erased_at=None)),
        ]
