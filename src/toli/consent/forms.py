"""Input of the pages about a person's data, complaints and breaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.consent.breach_parts import DATA_KINDS, LONGEST, PARTS
from toli.consent.models import Grievance
from toli.consent.queries.grievances import Around
from toli.kit.dates import local_at
from toli.kit.language import text_of
from toli.people.queries import LONGEST_REASON, REVEAL_REASONS

WORDS = _("What is it about?")
WORDS_HELP = _("A few words, without any name or number: they are kept, and the person sees them.")


class WordsForm(forms.Form):
    """Every act about a person's data carries a reason in words."""

    words = forms.CharField(label=_("Reason"), help_text=WORDS_HELP, max_length=LONGEST_REASON)


class RevealForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why do you call?"), choices=[("", _("Choose")), *REVEAL_REASONS.items()])
    words = forms.CharField(label=WORDS, help_text=WORDS_HELP, max_length=LONGEST_REASON)


class CorrectForm(WordsForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    birth_year = forms.IntegerField(label=_("Year of birth"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    place_text = forms.CharField(label=_("Place"), required=False, max_length=200)
    pin_code = forms.RegexField(
        r"^[1-9][0-9]{5}$", label=_("Postal PIN code"), required=False,
        error_messages={"invalid": _("A postal PIN code has six digits.")},
    )  # fmt: skip
    field_order = ("name", "birth_year", "place_text", "pin_code", "words")


class HoldForm(WordsForm):
    until = forms.DateField(label=_("Keep until"), widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("words", "until")

    def clean_until(self) -> datetime:
        day: date = self.cleaned_data["until"]
        return local_at(day, time.min)


class ErasureFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("All")), ("sealed", _("Sealed, waiting for its day")), ("purged", _("Erased"))],
    )  # fmt: skip


class ComplaintForm(forms.Form):
    """From one's own phone: what happened, and whom it is about, where that can be said by a seat."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=Grievance.Kind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What happened?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Write as you like. Only the state's desk reads it."),
    )  # fmt: skip
    about = forms.ChoiceField(label=_("Who was it?"), required=False)

    def __init__(self, *args: Any, around: Sequence[Around], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.ref), f"{text_of(one.seat)} {one.given_name}".strip()) for one in around]
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Somebody else, or I would rather not say")), *named]


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))


class ComplaintFilter(forms.Form):
    show = forms.ChoiceField(label=_("Show"), required=False, choices=[("", _("Open")), ("all", _("All"))])


PART_LABELS = {
    "what": _("What happened, how far it reached and when"),
    "where": _("Where it happened"),
    "consequences": _("What it may mean for the persons"),
    "measures": _("What was done and is being done"),
    "advice": _("What a person can do to be safe"),
    "cause": _("Cause and what is known of who caused it (for the Board)"),
}
LANGUAGE_NAMES = {"hi": _("in Hindi"), "en": _("in English")}
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class BreachForm(forms.Form):
    """The parts rule 7 asks for, in both languages: they go to the persons and to the Board as they stand."""

    noticed_at = forms.DateTimeField(label=_("When it was noticed"), widget=_MOMENT)
    began_at = forms.DateTimeField(label=_("When it began, if known"), widget=_MOMENT, required=False)
    data_kinds = forms.MultipleChoiceField(
        label=_("Which data"), choices=list(DATA_KINDS.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS:
            for tag, name in LANGUAGE_NAMES.items():
                self.fields[f"{part}_{tag}"] = forms.CharField(
                    label=f"{PART_LABELS[part]} ({name})", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
                )

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        return {tag: {part: self.cleaned_data[f"{part}_{tag}"] for part in PARTS} for tag in LANGUAGE_NAMES}


class BreachPersonsForm(forms.Form):
    """Whose data it was: one of three ways to say it."""

    how = forms.ChoiceField(
        label=_("Whose data was it?"), widget=forms.RadioSelect,
        choices=[
            ("unit", _("Everybody at home in a unit (paste its address)")),
            ("reader", _("Whatever one person opened in a time (paste the address of their page)")),
            ("everybody", _("Everybody")),
        ],
    )  # fmt: skip
    address = forms.CharField(label=_("Address of the unit's or person's page"), required=False, max_length=300)
    since = forms.DateTimeField(label=_("From"), required=False, widget=_MOMENT)
    until = forms.DateTimeField(label=_("Until"), required=False, widget=_MOMENT)
