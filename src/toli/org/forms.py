"""Input of the desk's pages about people, seats and units."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.accounts import sessions
from toli.accounts.forms import CodeForm
from toli.kit import language
from toli.kit.errors import BadInput
from toli.people.models import DuplicatePair
from toli.people.queries import Entry


class PeopleFilter(forms.Form):
    """What the list of people may be narrowed by; stands in the address."""

    q = forms.CharField(label=_("Name, in any spelling"), required=False, max_length=80)


class SeatFilter(forms.Form):
    q = forms.CharField(label=_("Place, in any spelling"), required=False, max_length=80)
    wing = forms.ChoiceField(label=_("Wing"), required=False)

    def __init__(self, *args: object, wings: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["wing"].choices = [("", _("All wings")), *wings]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Every act against a person's seat or number carries a reason, which is kept."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class HandOverForm(forms.Form):
    days = forms.IntegerField(label=_("Days that both work together"), min_value=0, max_value=30, initial=3)


class PairFilter(forms.Form):
    why = forms.ChoiceField(
        label=_("Why"), required=False, choices=[("", _("All reasons")), *DuplicatePair.Why.choices]
    )


MERGE_LABELS = {
    "name": _("Name"),
    "birth_year": _("Year of birth"),
    "gender": _("Gender"),
    "languages": _("Languages"),
    "place_text": _("Place"),
    "pin_code": _("Postal PIN code"),
    "skills": _("Skills"),
    "contact_preference": _("May be called by"),
    "home": _("Home"),
}


class MergeForm(forms.Form):
    """One choice per value in which two entries differ: that of the entry that stays, or that of the other."""

    def __init__(self, *args: Any, entries: Sequence[Entry], homes: Sequence[Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine, other = ({**e.values, "home": language.text_of(home)} for e, home in zip(entries, homes, strict=True))
        for name, label in MERGE_LABELS.items():
            if mine[name] != other[name]:
                choices = [("kept", mine[name] or _("nothing")), ("gone", other[name] or _("nothing"))]
                self.fields[name] = forms.ChoiceField(
                    label=label, choices=choices, widget=forms.RadioSelect, initial="kept" if mine[name] else "gone"
                )

    @staticmethod
    def choices_in(sent: Mapping[str, Any]) -> dict[str, str]:
        """What was chosen; the service judges the values."""
        return {name: str(sent[name]) for name in MERGE_LABELS if sent.get(name)}


class MovedForm(forms.Form):
    """Somebody who was here with another number."""

    phone = forms.CharField(
        label=_("Your old number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Your name, as you gave it"), max_length=120)
    pin = forms.CharField(
        label=_("Your PIN"),
        max_length=12,
        required=False,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Forgot it, or never had one? Leave it empty: your coordinator is asked."),
    )

    def clean_phone(self) -> str:
        try:
            return sessions.read_phone(self.cleaned_data["phone"])
        except BadInput as error:
            raise forms.ValidationError(str(error.fields.get("phone", error.sentence)))


class ProvedNumberForm(CodeForm):
    """The code of a new number, with the PIN of whoever moves there."""

    pin = forms.CharField(
        label=_("Your PIN"),
        max_length=12,
        required=False,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Forgot it, or never had one? Leave it empty: your coordinator is asked."),
    )


class CampForm(forms.Form):
    hours = forms.IntegerField(label=_("Good for how many hours"), min_value=1, max_value=24, initial=8)
    max_uses = forms.IntegerField(label=_("For how many people at most"), min_value=1, max_value=1000, initial=100)
