"""Input of the login pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.accounts import rules, sessions
from toli.kit.errors import BadInput
from toli.kit.text import ascii_digits

DIGITS: dict[str, Any] = {"inputmode": "numeric", "autofocus": True}


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Your mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
        error_messages={"required": _("Please write your mobile number.")},
    )

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
