"""Input about interviews: of the desk that plans them, of the scorer, of the candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from toli.kit import language
from toli.org.models import Level
from toli.recruitment import interviewing
from toli.recruitment.forms.answers import AnswerFileField
from toli.recruitment.models import Panel, Round


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class RoundForm(forms.Form):
    """One more round of a drive."""

    name_hi = forms.CharField(label=_("Name of the round in Hindi"), max_length=80)
    name_en = forms.CharField(label=_("Name of the round in English"), max_length=80)
    kind = forms.ChoiceField(label=_("How"), choices=Round.Kind.choices)
    criteria = forms.MultipleChoiceField(
        label=_("What is scored, each from 0 to 5"), choices=[], widget=forms.CheckboxSelectMultiple
    )
    blind = forms.BooleanField(
        label=_("Scorers see no name, only the end of the receipt number"), required=False
    )  # fmt: skip
    scores_needed = forms.IntegerField(label=_("Scores for each person"), min_value=1, max_value=5, initial=2)
    minutes = forms.IntegerField(label=_("Minutes for each person"), min_value=5, max_value=120, initial=10)
    weight = forms.IntegerField(
        label=_("Weight of this round"), min_value=0, max_value=100, initial=1,
        help_text=_("Against the other rounds; 0 is only a talk that does not count."),
    )  # fmt: skip
    minimum = forms.IntegerField(
        label=_("Points needed for the next round"), min_value=0, max_value=100, required=False,
        help_text=_("Of 100; empty: nobody is left out."),
    )  # fmt: skip
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(key, language.text_of(names)) for key, names in interviewing.RUBRIC.items()]
        self.fields["criteria"].choices = names  # type: ignore[attr-defined]

    def round(self) -> dict[str, Any]:
        """What `services.add_round` takes."""
        given = dict(self.cleaned_data)
        minimum = given.pop("minimum")
        names = {"hi": given.pop("name_hi"), "en": given.pop("name_en")}
        return {**given, "names": names, "minimum": None if minimum is None else minimum * 100}


class PanelForm(forms.Form):
    """The hours and languages of a panel."""

    languages = forms.MultipleChoiceField(
        label=_("Languages of the panel"), choices=[], widget=forms.CheckboxSelectMultiple
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"), choices=list(WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple
    )
    begins = _clock(_("From"))
    ends = _clock(_("To"))
    place_text = forms.CharField(
        label=_("Place of the meeting"), max_length=200, required=False,
        help_text=_("A public place; nobody's home."),
    )  # fmt: skip
    link = forms.URLField(label=_("Address of the video room"), required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(tag, language.text_of(names)) for tag, names in interviewing.LANGUAGES.items()]
        self.fields["languages"].choices = names  # type: ignore[attr-defined]

    def panel(self) -> dict[str, Any]:
        """What `services.add_panels` and `change_panel` take. Raises BadInput."""
        given = self.cleaned_data
        weekdays = [int(day) for day in given["weekdays"]]
        hours = interviewing.hours_of(weekdays, given["begins"], given["ends"])
        return {key: given[key] for key in ("languages", "place_text", "link")} | {"hours": hours}

    @staticmethod
    def shown(panel: Panel) -> dict[str, Any]:
        """The panel as it stands, as the form's first values."""
        spans = [(day, span) for day, spans in sorted(panel.hours.items()) for span in spans]
        begins, ends = spans[0][1] if spans else (600, 780)
        return {
            "languages": panel.languages, "weekdays": [day for day, _span in spans], "begins": _as_clock(begins),
            "ends": _as_clock(ends), "place_text": panel.place_text, "link": panel.link,
        }  # fmt: skip


def _as_clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class PanelsForm(PanelForm):
    """Panels in bulk: so many in every unit of a level."""

    level = forms.ChoiceField(label=_("In every unit of this level"), choices=[])
    each = forms.IntegerField(label=_("Panels in each"), min_value=1, max_value=20, initial=1)
    field_order = ("level", "each")

    def __init__(self, *args: Any, levels: Sequence[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(level.key, language.text_of(level.names)) for level in levels]
        self.fields["level"].choices = named  # type: ignore[attr-defined]


class SlotsForm(forms.Form):
    """From which day to which the slots of the panels' hours are made."""

    first = _day(_("First day"))
    last = _day(_("Last day"))

    def days(self) -> dict[str, date]:
        return {"first": self.cleaned_data["first"], "last": self.cleaned_data["last"]}


class ScoreForm(forms.Form):
    """A mark for each criterion, and a note."""

    def __init__(self, *args: Any, criteria: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [criterion["key"] for criterion in criteria]
        for criterion in criteria:
            marks = [(mark, str(mark)) for mark in range(criterion["scale"] + 1)]
            self.fields[criterion["key"]] = forms.TypedChoiceField(
                label=language.text_of(criterion["names"]), choices=marks, coerce=int,
                widget=forms.RadioSelect(attrs={"class": "marks"}),
                error_messages={"invalid_choice": _("Please give 0 to %d.") % criterion["scale"]},
            )  # fmt: skip
        self.fields["note"] = forms.CharField(
            label=_("Note for the file"), required=False, max_length=interviewing.LONGEST_NOTE,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Why you gave these marks. The person reads it when the placement is signed."),
        )  # fmt: skip

    def marks(self) -> dict[str, int]:
        return {key: self.cleaned_data[key] for key in self.keys}


class SampleForm(forms.Form):
    """The candidate's work: as text, as a file, or as an address."""

    text = forms.CharField(
        label=_("Your work"), required=False, max_length=interviewing.LONGEST_SAMPLE,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    handed = AnswerFileField(
        label=_("Or a file"), required=False, help_text=_("A picture or a PDF of at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )  # fmt: skip
    link = forms.URLField(
        label=_("Or the address where it is published"), required=False, assume_scheme="https"
    )  # fmt: skip

    def __init__(self, *args: Any, blind: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if blind:
            self.fields["text"].help_text = _("Do not write your name: whoever scores it does not see whose it is.")
