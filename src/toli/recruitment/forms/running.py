"""Input of the pages that run a drive: what it is, what it asks, which places it offers, in which order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.kit.dates import day_bounds, local_day
from toli.kit.language import text_of
from toli.org.models import Level, Role, TeamKind, Unit, Wing
from toli.recruitment.forms.drives import intro_field
from toli.recruitment.models import Drive, DrivePlace
from toli.recruitment.questions import KINDS, LONGEST_QUESTION, MOST_QUESTIONS, Question
from toli.ui.forms import UnitChoice

DAY = {"type": "date"}
EMPTY_ROWS = 2


class DriveChangeForm(forms.Form):
    """What a drive is."""

    name_hi = forms.CharField(label=_("Name in Hindi"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    intro_hi = intro_field(_("A few words of welcome in Hindi"))
    intro_en = intro_field(_("A few words of welcome in English"))
    opens_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    closes_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("Leave empty to close it by hand."),
    )  # fmt: skip
    target = forms.IntegerField(label=_("Applications wanted"), required=False)
    wishes = forms.IntegerField(label=_("Wishes one application may name"))
    levels = forms.MultipleChoiceField(
        label=_("Levels whose teams are offered"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all."),
    )  # fmt: skip
    wings = forms.MultipleChoiceField(
        label=_("Wings to choose from"), required=False, widget=forms.CheckboxSelectMultiple
    )
    offer_days = forms.IntegerField(label=_("Days to answer an offer"))
    appeal_days = forms.IntegerField(label=_("Days to appeal"))
    tie_seed = forms.CharField(
        label=_("Seed that breaks ties"), max_length=64,
        help_text=_("Shown on the public page. It cannot change after the first placement."),
    )  # fmt: skip

    def __init__(self, *args: Any, drive: Drive, levels: list[Level], wings: list[Wing], **kwargs: Any) -> None:
        super().__init__(*args, initial=_as_initial(drive), **kwargs)
        self.drive = drive
        self.fields["levels"].choices = [(one.key, text_of(one.names)) for one in levels]  # type: ignore[attr-defined]
        self.fields["wings"].choices = [(one.key, text_of(one.names)) for one in wings]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """What `services.change_drive` takes. A day that stays keeps its exact moment."""
        given = self.cleaned_data
        first, last = given["opens_on"], given["closes_on"]
        same_first = first == local_day(self.drive.opens_at)
        same_last = self.drive.closes_at is not None and last == _last_day(self.drive)
        plain = ("target", "wishes", "levels", "wings", "offer_days", "appeal_days", "tie_seed")
        return {name: given[name] for name in plain} | {
            "names": {"hi": given["name_hi"], "en": given["name_en"]},
            "intro": {"hi": given["intro_hi"], "en": given["intro_en"]},
            "opens_at": self.drive.opens_at if same_first else day_bounds(first)[0],
            "closes_at": self.drive.closes_at if same_last else day_bounds(last)[1] if last else None,
        }


def _last_day(drive: Drive) -> Any:
    return local_day(drive.closes_at - timedelta(microseconds=1)) if drive.closes_at else None


def _as_initial(drive: Drive) -> dict[str, Any]:
    plain = ("target", "wishes", "levels", "wings", "offer_days", "appeal_days", "tie_seed")
    return {name: getattr(drive, name) for name in plain} | {
        "name_hi": drive.names.get("hi", ""), "name_en": drive.names.get("en", ""),
        "intro_hi": drive.intro.get("hi", ""), "intro_en": drive.intro.get("en", ""),
        "opens_on": local_day(drive.opens_at), "closes_on": _last_day(drive),
    }  # fmt: skip


class QuestionForm(forms.Form):
    """One question. A row whose texts are empty asks nothing; options stand one in a line, "हिंदी | English"."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=40)
    place = forms.IntegerField(label=_("Order"), required=False, min_value=1, max_value=99)
    hi = forms.CharField(label=_("Question in Hindi"), required=False, max_length=LONGEST_QUESTION)
    en = forms.CharField(label=_("Question in English"), required=False, max_length=LONGEST_QUESTION)
    kind = forms.ChoiceField(label=_("Answer"), choices=list(KINDS.items()), required=False)
    options = forms.CharField(
        label=_("Answers to choose from"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=6000,
        help_text=_("One in each line: Hindi | English"),
    )  # fmt: skip
    least = forms.IntegerField(label=_("Smallest number"), required=False)
    most = forms.IntegerField(label=_("Largest number"), required=False)
    required = forms.BooleanField(label=_("Must be answered"), required=False)

    def is_blank(self) -> bool:
        given = self.cleaned_data
        return not (given.get("hi") or given.get("en"))

    def question(self, fresh_key: str) -> Question:
        given = self.cleaned_data
        lines = [line.partition("|") for line in given.get("options", "").splitlines() if line.strip()]
        options = tuple((f"o{n}", {"hi": hi, "en": en or hi}) for n, (hi, _bar, en) in enumerate(lines, start=1))
        kind = given.get("kind") or "text"
        is_number = kind == "number"
        return Question(
            given.get("key") or fresh_key, kind, {"hi": given.get("hi", ""), "en": given.get("en", "")},
            given["required"], options if kind in ("choice", "choices") else (),
            given["least"] if is_number else None, given["most"] if is_number else None,
        )  # fmt: skip


def question_rows(asked: list[Question], data: Any = None) -> list[QuestionForm]:
    """A form for each question and two empty ones; from sent data as many as came."""
    if data is not None:
        count = min(MOST_QUESTIONS + EMPTY_ROWS, sum(f"r{n}-hi" in data for n in range(MOST_QUESTIONS + EMPTY_ROWS)))
        return [QuestionForm(data, prefix=f"r{n}") for n in range(count)]
    first = [_question_initial(n, one) for n, one in enumerate(asked, start=1)]
    rows = [*first, *({"place": len(first) + n + 1} for n in range(EMPTY_ROWS))]
    return [QuestionForm(prefix=f"r{n}", initial=row) for n, row in enumerate(rows)]


def _question_initial(place: int, one: Question) -> dict[str, Any]:
    options = "\n".join(f"{names.get('hi', '')} | {names.get('en', '')}" for _key, names in one.options)
    return {
        "key": one.key, "place": place, "hi": one.names.get("hi"), "en": one.names.get("en"), "kind": one.kind,
        "options": options, "least": one.least, "most": one.most, "required": one.required,
    }  # fmt: skip


def asked_in(rows: list[QuestionForm]) -> list[tuple[QuestionForm, Question]]:
    """The questions of filled rows in the order asked for, each with its row. Keys of old questions stay."""
    filled = [row for row in rows if not row.is_blank()]
    taken = {row.cleaned_data.get("key") for row in filled}
    fresh = (f"q{n}" for n in range(1, 200) if f"q{n}" not in taken)
    filled.sort(key=lambda row: row.cleaned_data.get("place") or 99)
    return [(row, row.question(next(fresh))) for row in filled]


class PlaceForm(forms.Form):
    """So many places of a role in one unit."""

    unit = UnitChoice(
        label=_("Unit"), queryset=None, to_field_name="ref",
        help_text=_("For a block, search for its name above; then it stands here."),
    )  # fmt: skip
    team: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Team"), queryset=None, to_field_name="key")
    role: forms.ModelChoiceField = forms.ModelChoiceField(label=_("Role"), queryset=None, to_field_name="key")
    capacity = forms.IntegerField(label=_("Places"), min_value=0, max_value=10_000)

    def __init__(self, *args: Any, units: Any, teams: Any, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("unit", units), ("team", teams), ("role", roles)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        for name in ("team", "role"):
            self.fields[name].label_from_instance = _named  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"unit_ref": given["unit"].ref, "team": given["team"].key, "role": given["role"].key,
                "capacity": given["capacity"]}  # fmt: skip


def _named(one: Unit | TeamKind | Role) -> str:
    return text_of(one.names)


class PlaceRulesForm(forms.Form):
    """What places ask and prefer, in points of a hundred; a share is reserved by one rule at a time."""

    min_score = forms.DecimalField(label=_("Minimum score"), required=False, decimal_places=2, max_digits=6,
                                   help_text=_("0 to 100; empty: none."))  # fmt: skip
    residents = forms.DecimalField(label=_("Points for those who live there"), required=False, max_digits=6,
                                   decimal_places=2, min_value=0)  # fmt: skip
    wing_points = forms.DecimalField(label=_("Points for members of the place's wing"), required=False, max_digits=6,
                                     decimal_places=2, min_value=0)  # fmt: skip
    share_women = forms.IntegerField(label=_("Places kept for women"), required=False, min_value=0)
    share_residents = forms.IntegerField(label=_("Places kept for those who live there"), required=False, min_value=0)
    share_young = forms.IntegerField(label=_("Places kept for ages 18 to 25"), required=False, min_value=0)

    def rules(self) -> dict[str, Any]:
        """What `services.set_place_rules` takes."""
        given = self.cleaned_data
        points = {"residents": given["residents"], "wing": given["wing_points"]}
        asked: list[tuple[str, dict[str, Any], dict[str, str]]] = [
            ("women", {"gender": "female"}, {"hi": "महिलाएँ", "en": "Women"}),
            ("residents", {"residents": True}, {"hi": "वहीं रहने वाले", "en": "Residents"}),
            ("young", {"age": [18, 25]}, {"hi": "18 से 25 वर्ष", "en": "Ages 18 to 25"}),
        ]
        return {
            "min_score": None if given["min_score"] is None else round(given["min_score"] * 100),
            "preferences": {key: round(value * 100) for key, value in points.items() if value},
            "shares": [{"key": key, "names": names, "count": n, **rule}
                       for key, rule, names in asked if (n := given[f"share_{key}"])],
        }  # fmt: skip


def rules_initial(place: DrivePlace | None) -> dict[str, Any]:
    """The rules of one place as the form shows them."""
    if place is None:
        return {}
    shares = {f"share_{share['key']}": share["count"] for share in place.shares}
    return shares | {
        "min_score": None if place.min_score is None else place.min_score / 100,
        "residents": place.preferences.get("residents", 0) / 100 or None,
        "wing_points": place.preferences.get("wing", 0) / 100 or None,
    }


class RankForm(forms.Form):
    """A unit's place in the order of interviews."""

    unit = forms.UUIDField()
    rank = forms.IntegerField(required=False, min_value=1, max_value=400)
    reason = forms.CharField(required=False, max_length=300)
