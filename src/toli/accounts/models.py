"""Ways in. A login is a proved number, a holder one of the people on it; `people.Person` points at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from toli.kit.ids import uuid7

PERSONAL = {
    "Login.key": "keyed blind index, to recognise the number at the door; until the last holder is purged",
    "Holder.initial": "a letter to tell the people of one number apart; until the person leaves",
    "LoginCode.login_key": "to find the live codes of a number; 2 days",
    "LoginCode.phone_cipher": "to send the code and to give the proved number to the person's row; 2 days",
    "LoginCode.code_cipher": "to repeat the same code; wiped when used or expired",
    "Draft.payload_cipher": "the form a person filled before proving the number; until used, at most 2 days",
    "Draft.phone_key": "to give the form back only to whoever proved the number; until used, at most 2 days",
    "Attempt.key": "to count failures per number, device and address; 2 days",
    "Usage.who": "keyed index, to count what a person, a device or an address does; 2 days",
}

MAX_HOLDERS = 5


class LoginManager(BaseUserManager["Login"]):
    def get_by_natural_key(self, username: str | None) -> Login:
        return self.get(key=username)


class Login(AbstractBaseUser):
    """A way in: one number, kept only as a keyed index."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    key = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8, default="hi")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    epoch = models.IntegerField(default=0)
    """Raised to end every session of this login at once."""
    created_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(null=True)
    """When a code last proved the number."""

    USERNAME_FIELD = "key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = LoginManager()

    def __str__(self) -> str:
        return f"login {self.pk}"

    def get_session_auth_hash(self) -> str:
        return salted_hmac("toli.accounts.login", f"{self.pk}:{self.epoch}", algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return iter(())


class Holder(models.Model):
    """One of up to five people on a login. Name and everything else lie in `people`."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    login = models.ForeignKey(Login, on_delete=models.PROTECT, related_name="holders")
    slot = models.SmallIntegerField()
    initial = models.CharField(max_length=4, blank=True)
    """What the choice screen shows beside the slot: a mark the person chose, never a full name."""
    pin_hash = models.CharField(max_length=160, blank=True)
    pin_set_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    epoch = models.IntegerField(default=0)
    """Raised to end this person's sessions and leave the others of the number alone."""
    ended_at = models.DateTimeField(null=True)
    """When all sessions were last ended: a proof and a phone's trust from before open nothing any more."""
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True)
    """When this person last came in: after 90 idle days the number may be another's, the code alone does not open."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["login", "slot"], name="accounts_holder_slot_once"),
            models.CheckConstraint(
                condition=models.Q(slot__gte=1, slot__lte=MAX_HOLDERS), name="accounts_holder_slot_1_to_5"
            ),
        ]

    @property
    def has_pin(self) -> bool:
        return bool(self.pin_hash)


class Device(models.Model):
    """A browser that asked for a code. Trusted for 90 days once its person set a PIN."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    login = models.ForeignKey(Login, null=True, on_delete=models.PROTECT, related_name="devices")
    holder = models.ForeignKey(Holder, null=True, on_delete=models.PROTECT, related_name="devices")
    secret_digest = models.CharField(max_length=64)
    trusted_until = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    kiosk = models.BooleanField(default=False)
    agent = models.CharField(max_length=60, blank=True, default="", db_default="")
    """What kind of browser it is, in two words: "Chrome · Android"."""
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="accounts_device_unused", condition=models.Q(login=None))]


class LoginCode(models.Model):
    """One code on its way to one number, good on the device that asked for it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Sending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        VOICE = "voice", _("Call")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    login_key = models.CharField(max_length=64)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="codes")
    phone_cipher = models.BinaryField()
    key_version = models.SmallIntegerField()
    code_digest = models.CharField(max_length=64)
    code_cipher = models.BinaryField(null=True)
    language = models.CharField(max_length=8, default="hi")
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    login = models.ForeignKey(Login, null=True, on_delete=models.PROTECT, related_name="+")
    """Whose number it proved, when it was used."""
    heard_at = models.DateTimeField(null=True)
    """When the number itself sent us the word of this code: as good as the six digits."""
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.SMS, db_default=Channel.SMS)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    send_after = models.DateTimeField()
    """A busy address is slowed by sending later, never by refusing."""
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    asked_times = models.SmallIntegerField(default=1)
    send_times = models.SmallIntegerField(default=0)
    provider = models.CharField(max_length=40, blank=True)
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["login_key", "-created_at"], name="accounts_code_of_number"),
            models.Index(
                fields=["send_after"],
                name="accounts_code_waiting",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["sent_at"], name="accounts_code_sent_at"),
            models.Index(fields=["created_at"], name="accounts_code_created_at"),
        ]


class Attempt(models.Model):
    """One ask or one failure, appended; limits count rows inside a window."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("Asked")
        FAILED = "failed", _("Failed")
        PROOF = "proof", _("Wrong second proof")
        USED = "used", _("App code used")

    class Scope(models.TextChoices):
        LOGIN = "login", _("Login")
        NUMBER = "number", _("Number")
        DEVICE = "device", _("Device")
        ADDRESS = "address", _("Address")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    scope = models.CharField(max_length=8, choices=Scope.choices)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["scope", "key", "kind", "at"], name="accounts_attempt_window"),
            models.Index(fields=["at"], name="accounts_attempt_at"),
        ]


class Usage(models.Model):
    """How often something limited was done in one window of time. Unlogged: a crash may forget it."""

    act = models.CharField(max_length=16)
    scope = models.CharField(max_length=8)
    who = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "scope", "who", "starts_at"], name="accounts_usage_window"),
        ]
        indexes = [models.Index(fields=["starts_at"], name="accounts_usage_starts_at")]


class Draft(models.Model):
    """A form filled before the code was asked: encrypted, given back only to whoever proved the number."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    payload_cipher = models.BinaryField(null=True)
    key_version = models.SmallIntegerField()
    phone_key = models.CharField(max_length=64, blank=True)
    login = models.ForeignKey(Login, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="accounts_draft_expiry")]


class CampPass(models.Model):
    """Makes any phone a shared one for a camp: so many hours, so many people. `org` decides who may make one."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    unit_id = models.BigIntegerField()
    """The unit of the camp, by id: units lie on a higher shelf."""
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    max_uses = models.IntegerField()
    uses = models.IntegerField(default=0)
    """How many times somebody came in with it."""
    joined = models.IntegerField(default=0)
    """How many of them came for the first time."""
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_id", "-created_at"], name="accounts_pass_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uses__gte=0, uses__lte=models.F("max_uses")), name="accounts_pass_within_its_uses"
            ),
        ]


class Deployment(models.Model):
    """The one row that says what this installation is. `is_demo` is set when it is made and never again."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    is_demo = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now)
    data_version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="accounts_one_deployment")]
