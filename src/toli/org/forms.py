"""Input of the desk's pages about people, seats and units."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
