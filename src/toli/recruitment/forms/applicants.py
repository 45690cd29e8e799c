"""Input of the desk's list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.recruitment import queries
from toli.recruitment.models import Application
from toli.recruitment.rules import SKILLS


class ApplicantFilter(forms.Form):
    """What the list of applicants is narrowed to; it stands in the address."""

    words = forms.CharField(label=_("Name"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Application.State.choices])
    skill = forms.ChoiceField(label=_("Good at"), required=False, choices=[("", _("All")), *SKILLS.items()])
    drive = forms.SlugField(required=False, widget=forms.HiddenInput)
    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def filters(self) -> queries.Filters:
        """The filters that could be read; a broken one is left out rather than refused."""
        self.is_valid()
        return queries.Filters(**{key: value for key, value in self.cleaned_data.items() if value})
