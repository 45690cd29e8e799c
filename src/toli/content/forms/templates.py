"""Input of filling a template, and of other words for one channel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.content.forms.facts import fact_label
from toli.content.models import ChannelText, Fact
from toli.content.rules import LANGUAGES, TEXT_LENGTH
from toli.kit import language
from toli.org.models import Unit
from toli.ui.forms import UnitChoice


class FillTemplateForm(forms.Form):
    """For whom an approved template is filled, and from which fact."""

    unit = UnitChoice(label=_("Desk"), queryset=None, to_field_name="ref")
    title = forms.CharField(label=_("Name of the sheet"), max_length=120)
    fact: Any = forms.ModelChoiceField(
        label=_("Fact"), queryset=None, to_field_name="ref", required=False,
        help_text=_("Where the template has blanks of a fact."),
    )  # fmt: skip
    every_seat = forms.BooleanField(label=_("Every constituency of my charge"), required=False)
    seats: Any = forms.ModelMultipleChoiceField(
        label=_("Or only these constituencies"), queryset=None, to_field_name="ref", required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, desks: QuerySet[Unit], facts: QuerySet[Fact], constituencies: QuerySet[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset, fields["unit"].initial = desks, getattr(desks.first(), "ref", None)
        fields["fact"].queryset, fields["fact"].label_from_instance = facts, fact_label
        fields["seats"].queryset = constituencies
        fields["seats"].label_from_instance = lambda unit: language.text_of(unit.names)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not found.get("every_seat") and not found.get("seats"):
            self.add_error("seats", _("Please choose at least one constituency."))
        return found

    @property
    def chosen(self) -> list[Unit]:
        every: QuerySet[Unit] = self.fields["seats"].queryset  # type: ignore[attr-defined]
        return list(every if self.cleaned_data["every_seat"] else self.cleaned_data["seats"])


class ChannelForm(forms.Form):
    """Other words for one channel; left empty, the item's own go there."""

    channel = forms.ChoiceField(label=_("Channel"), choices=ChannelText.Channel.choices)
    text_hi = forms.CharField(
        label=_("Text in Hindi"), max_length=TEXT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    text_en = forms.CharField(
        label=_("Text in English"), max_length=TEXT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    @property
    def texts(self) -> dict[str, str]:
        return {tag: self.cleaned_data[f"text_{tag}"] for tag in LANGUAGES}
