"""What the pages of the war room take in."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from toli.kit import dates
from toli.kit.language import text_of
from toli.org.models import Level, TeamKind, Wing
from toli.ui.figures import FIGURES
from toli.warroom import rules
from toli.warroom.models import Flag

ONLY = [
    ("", _("All units")),
    ("short", _("Short of people")),
    ("silent", _("With silent holders")),
    ("off_duty", _("Nobody on duty")),
]


FIGURES_OF_MAPS = [(key, FIGURES[key].label) for key in rules.OF]


class BoardFilter(forms.Form):
    """The filter bar of the board; its state stands in the address."""

    q = forms.CharField(label=_("Name"), required=False, max_length=80)
    only = forms.ChoiceField(label=_("Which units"), required=False, choices=ONLY)
    level = forms.ChoiceField(label=_("Side by side"), required=False)
    wing = forms.ChoiceField(label=_("Wing"), required=False)
    figure = forms.ChoiceField(label=_("Figure"), required=False, choices=FIGURES_OF_MAPS)
    day = forms.DateField(
        label=_("As on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    show = forms.CharField(required=False, widget=forms.HiddenInput)
    as_on = forms.CharField(required=False, max_length=13, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, levels: list[Level], wings: list[Wing]) -> None:
        super().__init__(_with_the_day(data), auto_id="board_%s")
        if data.get("show") not in ("tiles", "map"):
            del self.fields["figure"]
        self.fields["level"].choices = [("", _("The next level"))] + [(v.key, text_of(v.names)) for v in levels]  # type: ignore[attr-defined]
        self.fields["wing"].choices = [("", _("All wings"))] + [(w.key, text_of(w.names)) for w in wings]  # type: ignore[attr-defined]

    def value(self, name: str) -> str:
        """A filter that cannot be used is no filter: an address may be old."""
        if not hasattr(self, "cleaned_data"):
            self.is_valid()
        return str(self.cleaned_data.get(name) or "")


def _with_the_day(data: QueryDict) -> QueryDict:
    """The moment stands in `as_on`, and its day in the field that people change; a changed or emptied day wins."""
    found = data.copy()
    kept, day = str(found.get("as_on", "")), str(found.get("day", ""))
    if "day" not in found:
        found["day"] = kept[:10]
    elif not day or not kept.startswith(day):
        found["as_on"] = day
    return found


class RosterForm(forms.Form):
    """A day's shifts for a whole team in one go."""

    team_kind = forms.ChoiceField(label=_("Team"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    hour = forms.TypedChoiceField(
        label=_("First shift begins"), coerce=int, choices=[(h, f"{h:02d}:00") for h in range(24)], initial=6
    )
    watches = forms.TypedChoiceField(
        label=_("Shifts in a day"), coerce=int, choices=[(n, str(n)) for n in rules.WATCH_COUNTS], initial=3
    )

    def __init__(self, *args: object, teams: list[TeamKind], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["team_kind"].choices = [(t.key, text_of(t.names)) for t in teams]  # type: ignore[attr-defined]

    def start(self) -> datetime:
        """The instant the first shift begins."""
        return dates.local_at(self.cleaned_data["day"], time(self.cleaned_data["hour"]))


class ShiftForm(forms.Form):
    """Oneself on duty, now or later today."""

    team_kind = forms.ChoiceField(label=_("Team"))
    starts = forms.TypedChoiceField(
        label=_("Begins"), coerce=int, initial=0, choices=[(0, _("Now")), (1, _("In 1 hour")), (2, _("In 2 hours")),
                                                            (4, _("In 4 hours")), (8, _("In 8 hours"))]
    )  # fmt: skip
    hours = forms.TypedChoiceField(
        label=_("How many hours"), coerce=int, initial=8, choices=[(n, n) for n in (2, 4, 6, 8, 12)]
    )

    def __init__(self, *args: object, teams: list[TeamKind], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["team_kind"].choices = [(t.key, text_of(t.names)) for t in teams]  # type: ignore[attr-defined]

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        starts_at = now + timedelta(hours=self.cleaned_data["starts"])
        return starts_at, starts_at + timedelta(hours=self.cleaned_data["hours"])


class HandOverForm(forms.Form):
    text = forms.CharField(
        label=_("Hand-over note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is done, what is open, whom to call. No phone numbers of volunteers."),
    )  # fmt: skip


class FlagForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it about"), choices=Flag.Kind.choices)
    text = forms.CharField(label=_("What has happened"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class CloseForm(forms.Form):
    text = forms.CharField(label=_("What came of it"), max_length=1000)


class MapForm(forms.Form):
    """A map from a file."""

    file = forms.FileField(
        label=_("Map file"), widget=forms.FileInput(attrs={"accept": ".json,.geojson,.topojson"}),
        help_text=_("GeoJSON or TopoJSON with the borders of the units, at most 8 MB."),
    )  # fmt: skip
    level = forms.ChoiceField(label=_("Whose borders are these"))
    name_field = forms.CharField(
        label=_("Field with the name"), required=False, max_length=100,
        help_text=_("Leave empty: the field whose words fit the units best is taken."),
    )  # fmt: skip

    def __init__(self, *args: object, levels: list[Level], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["level"].choices = [(level.key, text_of(level.names)) for level in levels]  # type: ignore[attr-defined]
