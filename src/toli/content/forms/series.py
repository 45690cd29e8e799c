"""Input of the pages of campaigns, series and episodes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.content.models import Item
from toli.content.rules import LANGUAGES, TITLE_LENGTH
from toli.content.services import Plan
from toli.kit import language
from toli.org.models import Unit
from toli.ui.forms import UnitChoice

LANGUAGE_NAMES = [("hi", "हिंदी"), ("en", "English")]
WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
]  # fmt: skip
KINDS = [(key, name) for key, name in Item.Kind.choices if key != Item.Kind.TEMPLATE]


def _title(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=TITLE_LENGTH)


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}))


class TitledForm(forms.Form):
    """What has a name in both languages."""

    title_hi = _title(_("Name in Hindi"))
    title_en = _title(_("Name in English"))

    @property
    def titles(self) -> dict[str, str]:
        return {tag: self.cleaned_data[f"title_{tag}"] for tag in LANGUAGES}


class CampaignForm(TitledForm):
    unit = UnitChoice(label=_("For"), queryset=None, to_field_name="ref")
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))

    def __init__(self, *args: Any, desks: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset, fields["unit"].initial = desks, getattr(desks.first(), "ref", None)


class SeriesForm(TitledForm):
    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS, initial=Item.Kind.VIDEO)
    from_on = _day(_("First day"))
    until_on = _day(_("Last day"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days of the week"), choices=WEEKDAYS, coerce=int, initial=list(range(7)),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Made in"), choices=LANGUAGE_NAMES, initial=list(LANGUAGES), widget=forms.CheckboxSelectMultiple
    )
    every_seat = forms.BooleanField(
        label=_("Every constituency of the campaign gets a variant of its own"), required=False
    )
    seats: Any = forms.ModelMultipleChoiceField(
        label=_("Or only these constituencies"), queryset=None, to_field_name="ref", required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )  # fmt: skip

    def __init__(self, *args: Any, constituencies: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["seats"]
        field.queryset, field.label_from_instance = constituencies, lambda unit: language.text_of(unit.names)

    @property
    def plan(self) -> Plan:
        found = self.cleaned_data
        every: QuerySet[Unit] = self.fields["seats"].queryset  # type: ignore[attr-defined]
        seats = every if found["every_seat"] else found["seats"]
        return Plan(
            self.titles, found["kind"], found["from_on"], found["until_on"], found["weekdays"], found["languages"],
            [unit.pk for unit in seats],
        )  # fmt: skip


class EpisodeForm(TitledForm):
    on_date = _day(_("Day"))

    field_order = ("on_date", "title_hi", "title_en")


class FillForm(forms.Form):
    """Which item is the episode, in which language, and for whom."""

    item: Any = forms.ModelChoiceField(
        label=_("Item"), queryset=None, to_field_name="ref",
        error_messages={"required": _("Please choose what the episode is.")},
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of speech or picture"), required=False)
    constituency = UnitChoice(label=_("Variant of a constituency"), queryset=None, to_field_name="ref", required=False)

    def __init__(
        self, *args: Any, items: QuerySet[Item], languages: list[str], seats: QuerySet[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["item"].queryset, fields["item"].label_from_instance = items, _item_label
        wanted = [(tag, name) for tag, name in LANGUAGE_NAMES if tag in languages]
        fields["language"].choices = [("", _("It serves every language")), *wanted]
        fields["constituency"].queryset, fields["constituency"].empty_label = seats, _("For everybody")
        if not seats:
            del self.fields["constituency"]


def _item_label(item: Any) -> str:
    place = f" · {language.text_of(item.constituency.names)}" if item.constituency else ""
    return f"{language.text_of(item.texts_by_language)[:70]}{place} · {item.get_state_display()}"
