"""Input of the login pages."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toli.accounts import rules, services, sessions
from toli.accounts.services import Tried
from toli.accounts.services.factors import GARBLED
from toli.kit.errors import BadInput
from toli.kit.text import ascii_digits

DIGITS: dict[str, Any] = {"inputmode": "numeric", "autofocus": True}


def _forgetful(form: forms.Form, kiosk: bool) -> None:
    """On a shared phone the browser neither keeps nor offers what was typed."""
    if kiosk:
        for field in form.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Your mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
        error_messages={"required": _("Please write your mobile number.")},
    )

    def __init__(self, *args: Any, kiosk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _forgetful(self, kiosk)

    def clean_phone(self) -> str:
        try:
            return sessions.read_phone(self.cleaned_data["phone"])
        except BadInput as error:
            raise forms.ValidationError(str(error.fields.get("phone", error.sentence)))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits of the SMS"),
        max_length=20,
        widget=forms.TextInput(attrs={**DIGITS, "autocomplete": "one-time-code", "class": "code"}),
        error_messages={"required": _("Please write the code.")},
    )

    def __init__(self, *args: Any, kiosk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _forgetful(self, kiosk)

    def clean_code(self) -> str:
        digits = "".join(c for c in ascii_digits(self.cleaned_data["code"]) if c.isdigit())
        if len(digits) != rules.CODE_DIGITS:
            raise forms.ValidationError(_("The code has six digits."))
        return digits


def _pin_field(label: Any, autocomplete: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=12,
        required=required,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": autocomplete, "class": "code"}),
        error_messages={"required": _("Please write the PIN.")},
    )


class NewPinForm(forms.Form):
    pin = _pin_field(_("PIN of 4 to 6 digits"), "new-password")


class PinForm(forms.Form):
    pin = _pin_field(_("Your PIN"), "current-password")


class WhoForm(forms.Form):
    who = forms.UUIDField(error_messages={"required": _("Please say who you are.")})
    pin = _pin_field(_("Your PIN, if you set one"), "current-password", required=False)


PROOF_PROBLEMS = {
    "wrong": _("This is not the code. Please wait for the next one and try again."),
    "locked": _("Too many wrong codes. Please try again in an hour."),
}
NO_PASSKEY = _("The passkey did not open. Please try again.")


def _opened(tried: Tried, sentence: Any = None) -> Any:
    """What a try found. Raises ValidationError with what to do."""
    if tried.problem:
        wrong = sentence if sentence and tried.problem == "wrong" else PROOF_PROBLEMS[tried.problem]
        raise forms.ValidationError(wrong)
    return tried.found


class _CodeTried:
    """Takes the place of allauth's own check, which counts in the memory of one process."""

    def clean_code(self: Any) -> str:
        typed: str = self.cleaned_data["code"]
        self.authenticator = _opened(services.try_code(login_id=self.user.pk, typed=typed, now=timezone.now()))
        self.authenticator.user = self.user
        return typed


class ProofForm(_CodeTried, AuthenticateForm):
    """The second proof after the code."""


class ProofAgainForm(_CodeTried, ReauthenticateForm):
    """The second proof inside a session."""


class AppForm(ActivateTOTPForm):
    """The first code of an app that makes codes."""

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        login_id = self.user.pk
        _opened(services.try_new_app(login_id=login_id, secret=self.secret, typed=typed, now=timezone.now()))
        return typed


class _PasskeyTried:
    def clean_credential(self: Any) -> Any:
        said = self.cleaned_data["credential"]
        return _opened(services.try_passkey(login=self.user, credential=said, now=timezone.now()), NO_PASSKEY)


class PasskeyForm(_PasskeyTried, AuthenticateWebAuthnForm):
    """A passkey after the code."""


class PasskeyAgainForm(_PasskeyTried, ReauthenticateWebAuthnForm):
    """A passkey inside a session."""


class NewPasskeyForm(AddWebAuthnForm):
    """A passkey being set up. Whatever the browser sends, it is refused with a sentence."""

    name = forms.CharField(required=False, max_length=60, label=_("A name for it, such as: my phone"))

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except GARBLED:
            raise forms.ValidationError(_("The passkey was not set up. Please try again."))
        return cleaned
