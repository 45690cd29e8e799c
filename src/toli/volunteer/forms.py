"""Input of a person about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.consent.models import Notice
from toli.consent.purposes import PURPOSES
from toli.kit.language import text_of
from toli.people.models import Person


class JoinForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please write your name.")},
    )
    birth_year = forms.IntegerField(
        label=_("The year you were born"),
        help_text=_("Toli is for people of 18 years and older."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"}),
        error_messages={
            "required": _("Please write the year of your birth, such as 1998."),
            "invalid": _("Please write the year of your birth, such as 1998."),
        },
    )
    purposes = forms.MultipleChoiceField(
        label=_("What do you agree to?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, notice: Notice | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = notice.purposes if notice else []
        field = self.fields["purposes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, f"{text_of(PURPOSES[key].names)}: {text_of(PURPOSES[key].explains)}") for key in asked]


class SelfForm(forms.Form):
    """What a person may correct about themselves."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    birth_year = forms.IntegerField(
        label=_("The year you were born"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    contact_preference = forms.ChoiceField(
        label=_("Who may call you?"), choices=Person.ContactPreference.choices, widget=forms.RadioSelect
    )
