"""Input of the pages that run a drive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.kit.dates import day_bounds
from toli.kit.language import text_of
from toli.org.models import Unit, Wing
from toli.ui.forms import UnitChoice


def intro_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DriveForm(forms.Form):
    """A new call to join."""

    name_hi = forms.CharField(label=_("Name in Hindi"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    intro_hi = intro_field(_("A few words of welcome in Hindi"))
    intro_en = intro_field(_("A few words of welcome in English"))
    key = forms.SlugField(
        label=_("Word in the address"), max_length=40, help_text=_("Small Latin letters and hyphens, no blanks.")
    )
    scope = UnitChoice(
        label=_("For whom"), queryset=None, to_field_name="ref",
        help_text=_("People choose a place inside it. It stands in the tree of the organisation."),
    )  # fmt: skip
    wings = forms.MultipleChoiceField(
        label=_("Wings to choose from"), required=False, widget=forms.CheckboxSelectMultiple
    )
    opens_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    closes_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave empty to close it by hand."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Unit], wings: list[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].queryset = units  # type: ignore[attr-defined]
        self.fields["wings"].choices = [(w.key, text_of(w.names)) for w in wings]  # type: ignore[attr-defined]

    def clean_key(self) -> str:
        return str(self.cleaned_data["key"]).lower()

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("opens_on"), self.cleaned_data.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("The end must come after the beginning."))
        return self.cleaned_data

    def drive(self, now: datetime) -> dict[str, Any]:
        """What `services.open_drive` takes. Both days are whole Indian days; today begins now."""
        given = self.cleaned_data
        last = given["closes_on"]
        return {
            "key": given["key"], "scope": given["scope"], "wings": given["wings"],
            "names": {"hi": given["name_hi"], "en": given["name_en"]},
            "intro": {"hi": given["intro_hi"], "en": given["intro_en"]},
            "opens_at": max(now, day_bounds(given["opens_on"])[0]), "closes_at": day_bounds(last)[1] if last else None,
        }  # fmt: skip
