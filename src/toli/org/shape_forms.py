"""Input of the pages that change the tree, norms, delegations and the directory."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit import language
from toli.org.models.units import Hierarchy


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, picked in the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class TreeForm(forms.Form):
    """What the tree shows; stands in the address."""

    q = forms.CharField(label=_("Place, in any spelling"), required=False, max_length=80)
    h = forms.ChoiceField(label=pgettext_lazy("tree", "Tree"), required=False, choices=Hierarchy.choices)
    former = forms.BooleanField(label=_("Former units and places too"), required=False)
    open = forms.UUIDField(required=False, widget=forms.HiddenInput)


class PlaceForm(forms.Form):
    """Which other unit: a search first, then one of what it found."""

    q = forms.CharField(label=_("The other unit, in any spelling"), max_length=80, required=False)


class MoveForm(forms.Form):
    on = day_field(_("From which day"), help_text=_("A day to come is planned and done by itself on that day."))
    to = forms.ChoiceField(label=_("Where to"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, targets: list[Any], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(unit.ref), named(unit)) for unit in targets]  # type: ignore[attr-defined]


class SplitForm(forms.Form):
    name_hi = forms.CharField(label=_("Name of the new unit in Hindi"), max_length=120)
    name_en = forms.CharField(label=_("Name of the new unit in English"), max_length=120)
    code = forms.CharField(label=_("Its code, where there is one"), max_length=60, required=False)
    on = day_field(_("From which day"))
    units = forms.MultipleChoiceField(
        label=_("What goes to the new unit, with people and seats"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, children: list[Any], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(str(u.ref), named(u)) for u in children]  # type: ignore[attr-defined]

    def refs(self) -> list[UUID]:
        return [UUID(ref) for ref in self.cleaned_data["units"]]

    def names(self) -> dict[str, str]:
        return {"hi": self.cleaned_data["name_hi"], "en": self.cleaned_data["name_en"]}


class ReorganisationFile(forms.Form):
    file = forms.FileField(label=_("The sheet (CSV or workbook)"))
    title = forms.CharField(label=_("What it is called"), max_length=120)
    on = day_field(_("From which day"))


def named(unit: Any) -> str:
    """ "Sahara, Constituency" in the page's language."""
    return f"{language.text_of(unit.names)}, {language.text_of(unit.level.names)}"


class DelegationForm(forms.Form):
    person = forms.ChoiceField(label=_("Who may act"), widget=forms.RadioSelect)
    rights = forms.MultipleChoiceField(label=_("What they may do"), widget=forms.CheckboxSelectMultiple)
    unit = forms.ChoiceField(label=_("Where"))
    starts_on = day_field(_("From which day"), required=False, help_text=_("Empty: from now."))
    ends_on = day_field(_("Until the end of which day"), help_text=_("90 days at most."))

    def __init__(self, *args: Any, cards: list[Any], areas: list[Any], rights: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sensitive = _("needs a second proof")
        choices = {
            "person": [(str(card.ref), _card(card)) for card in cards],
            "rights": [(r.name, f"{r.says} ({sensitive})" if r.sensitive else r.says) for r in rights],
            "unit": [(str(unit.ref), named(unit)) for unit in areas],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]


def _card(card: Any) -> str:
    where = [language.text_of(seat) for seat in card.seats] or [language.text_of(card.home)]
    return f"{card.name}, {where[0]}" if where[0] else card.name
