"""Help for people who cannot sign in: asked by them, given by officers who know them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit.ids import uuid7


class SignInHelp(models.Model):
    """Somebody lost a second proof, a PIN or a number. So many officers above must know the person, then it is done."""

    class Kind(models.TextChoices):
        PROOF = "proof", _("Lost second proof")
        NUMBER = "number", _("New number")
        BACK = "back", _("Back after 90 days")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("help to sign in", "Waits for officers")
        DONE = "done", pgettext_lazy("help to sign in", "Done")
        REFUSED = "refused", pgettext_lazy("help to sign in", "Refused")
        CANCELLED = "cancelled", pgettext_lazy("help to sign in", "Cancelled")
        LAPSED = "lapsed", pgettext_lazy("help to sign in", "Nobody answered")

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=Kind.choices)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    needed = models.SmallIntegerField()
    """How many officers must confirm; none where the person's own PIN did it."""
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    waits_until = models.DateTimeField(null=True)
    """A new number that one officer confirmed is given at this hour, unless the old number stops it."""
    closed_at = models.DateTimeField(null=True)
    new_login = models.ForeignKey("accounts.Login", null=True, on_delete=models.PROTECT, related_name="+")
    """Whose number was proved, for a new number."""
    new_cipher = models.BinaryField(null=True)
    """The new number until it is given to the person or the request is over."""
    new_key_version = models.SmallIntegerField(null=True)
    old_contact = models.ForeignKey("people.ContactPoint", null=True, on_delete=models.SET_NULL, related_name="+")
    """The number that was closed: it gets one notice."""

    class Meta:
        db_table = "org_signinhelp"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state="waiting"), name="org_one_open_help_of_a_kind"
            )
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="org_help_waiting", condition=Q(state="waiting")),
            models.Index(
                fields=["waits_until"], name="org_help_due", condition=Q(state="waiting", waits_until__isnull=False)
            ),
        ]


class HelpConfirmation(models.Model):
    """One officer who knows the person. The second one is another."""

    help = models.ForeignKey(SignInHelp, on_delete=models.PROTECT, related_name="confirmations")
    officer = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "org_helpconfirmation"
        constraints = [models.UniqueConstraint(fields=["help", "officer"], name="org_one_confirmation_each")]
