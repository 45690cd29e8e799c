"""Input of the pages of facts and cards."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.content import facts as reading
from toli.content.facts import SOURCE_LENGTH, TITLE_LENGTH, FactRow
from toli.content.models import Fact, Item, Media
from toli.kit.ids import uuid7
from toli.org.models import Unit
from toli.ui.forms import UnitChoice


def _text(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 2})
    )


class FactForm(forms.Form):
    """One fact. What is missing is said by the same rule that reads a sheet."""

    place = forms.CharField(
        label=_("Place"), required=False, max_length=120,
        help_text=_("A name, the number of a constituency, or an official code."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What it is"), choices=[("announcement", _("Announcement")), ("work", pgettext_lazy("fact", "Work"))]
    )
    title_hi = _text(_("What was announced or built, in Hindi"), TITLE_LENGTH)
    title_en = _text(_("The same in English"), TITLE_LENGTH)
    amount = forms.CharField(
        label=_("Amount, as the source states it"), required=False, max_length=60,
        help_text=_("For example ₹12.5 crore. Leave it empty where there is none."),
    )  # fmt: skip
    on_date = forms.CharField(label=_("Day"), required=False, help_text=_("Like 12/03/2024."))
    source_hi = forms.CharField(label=_("Who published it, in Hindi"), required=False, max_length=SOURCE_LENGTH)
    source_en = forms.CharField(label=_("Who published it, in English"), required=False, max_length=SOURCE_LENGTH)
    link = forms.CharField(label=_("Address of the source"), required=False, max_length=500)
    document: Any = forms.ModelChoiceField(
        label=_("Or its document in the library"), queryset=None, required=False, to_field_name="ref"
    )

    def __init__(self, *args: Any, documents: QuerySet[Media], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["document"]
        field.queryset = documents
        field.label_from_instance = lambda media: media.title

    def row(self, today: date) -> FactRow:
        """Raises BadInput naming the fields."""
        return reading.fact_of({n: v for n, v in self.cleaned_data.items() if isinstance(v, str)}, today=today)


class FactImportForm(forms.Form):
    file = forms.FileField(label=_("CSV file"), help_text=_("The columns stand below. At most 5,000 rows."))


class FactFilterForm(forms.Form):
    q = forms.CharField(label=_("Words"), required=False)
    kind = forms.ChoiceField(label=_("What it is"), required=False, choices=[("", _("All")), *Fact.Kind.choices])


class OrderForm(forms.Form):
    """Which facts become cards, and whose cards they are."""

    ref = forms.UUIDField(widget=forms.HiddenInput)
    unit = UnitChoice(label=_("For"), queryset=None, to_field_name="ref")
    title = forms.CharField(label=_("Name of these cards"), max_length=80)
    matter = forms.ChoiceField(label=_("What it is about"), choices=Item.Matter.choices)
    source_hi = forms.CharField(label=_("Whose text it is, in Hindi"), max_length=SOURCE_LENGTH)
    source_en = forms.CharField(label=_("Whose text it is, in English"), max_length=SOURCE_LENGTH)
    facts: Any = forms.ModelMultipleChoiceField(
        label=_("Facts"), queryset=None, to_field_name="ref", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one fact.")},
    )  # fmt: skip

    def __init__(self, *args: Any, desks: QuerySet[Unit], facts: QuerySet[Fact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset, fields["facts"].queryset = desks, facts
        fields["unit"].initial = getattr(desks.first(), "ref", None)
        fields["ref"].initial = uuid7()
        fields["facts"].label_from_instance = fact_label

    @property
    def texts_source(self) -> dict[str, str]:
        return {tag: self.cleaned_data[f"source_{tag}"] for tag in ("hi", "en")}


def fact_label(fact: Any) -> str:
    from toli.kit import dates, language
    from toli.kit.numbers import rupees_said

    amount = f"{rupees_said(fact.amount_paise, language.current())} · " if fact.amount_paise else ""
    day = dates.date_text(fact.on_date, language.current())
    return f"{language.text_of(fact.unit.names)} · {amount}{language.text_of(fact.title)} · {day}"
