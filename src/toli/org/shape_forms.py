"""Input of the pages that change the tree, norms, delegations and the directory."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.kit import language
from toli.org.models.directory import Handle, Term
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


class NormForm(forms.Form):
    scope = forms.ChoiceField(label=_("Where"))
    team_kind = forms.ChoiceField(label=_("Team"))
    role = forms.ChoiceField(label=_("Role"))
    wing = forms.ChoiceField(label=_("Wing"), required=False)
    count = forms.IntegerField(label=_("Seats in each team"), min_value=1, max_value=200)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, scopes: list[Any], kinds: Any, roles: Any, wings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "scope": [(str(unit.ref), named(unit)) for unit in scopes],
            "team_kind": [(kind.key, language.text_of(kind.names)) for kind in kinds],
            "role": [(role.key, language.text_of(role.names)) for role in roles],
            "wing": [("", _("All wings")), *((wing.key, language.text_of(wing.names)) for wing in wings)],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]


class DirectoryForm(forms.Form):
    """What the directory shows; stands in the address."""

    q = forms.CharField(label=_("Name, office or place, in any spelling"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Term.Kind.choices])
    former = forms.BooleanField(label=_("Former ones too"), required=False)


class DirectoryFile(forms.Form):
    file = forms.FileField(label=_("The sheet (CSV or workbook)"))
    write = forms.BooleanField(label=_("Write it; otherwise it is only read"), required=False)


class HandleForm(forms.Form):
    unit = forms.ChoiceField(label=_("Whose account"))
    platform = forms.ChoiceField(label=_("Platform"), choices=Handle.Platform.choices)
    handle = forms.CharField(label=_("Name of the account"), max_length=100)
    url = forms.URLField(label=_("Its address"), max_length=300, assume_scheme="https")
    automation = forms.CharField(
        label=_("What a machine posts there"), required=False, max_length=300,
        help_text=_("The public reads this. Leave it empty when every post is a person's."),
    )  # fmt: skip

    def __init__(self, *args: Any, scopes: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(str(unit.ref), named(unit)) for unit in scopes]  # type: ignore[attr-defined]


class WorkForm(forms.Form):
    q = forms.CharField(label=_("Village, block or district, in any spelling"), max_length=80, required=False)
