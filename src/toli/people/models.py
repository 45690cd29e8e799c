"""Every personal value of the system lies in these tables (data decision 9)."""

from django.contrib.postgres.fields import ArrayField
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
    "Person.languages": "to write in the person's language; until purge",
    "ContactPoint.index": "to find the person by number; until purge",
    "ContactPoint.cipher": "to reach the person; until purge",
    "Invitee.name": "to address one invitation; 30 days",
    "Invitee.index": "to recognise the invited number at login; 30 days",
    "Invitee.cipher": "to send one invitation; 30 days",
}


class Person(models.Model):
    """A human being of 18 years or more. The id stays as a tombstone after a purge."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        SEALED = "sealed", _("Sealed")
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

    class Meta:
        indexes = [
            GinIndex(fields=["tokens"], name="people_person_tokens"),
            models.Index(fields=["purge_after"], name="people_person_purge", condition=models.Q(state="sealed")),
        ]


class ContactPoint(models.Model):
    """A number of a person, dated: numbers are reissued, so it is not unique across persons."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")

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
                fields=["person", "kind"], condition=models.Q(valid_to=None), name="people_one_live_contact_of_a_kind"
            )
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

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField()
    until = models.DateTimeField()


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
