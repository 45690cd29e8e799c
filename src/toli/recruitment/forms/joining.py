"""Input of the join page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.accounts import sessions
from toli.consent.models import Notice
from toli.consent.purposes import PURPOSES
from toli.kit.errors import BadInput
from toli.kit.forbidden import refused_name
from toli.kit.language import text_of
from toli.kit.numbers import parse_whole
from toli.people.models import Person
from toli.recruitment import files, queries, questions
from toli.recruitment.forms.answers import answer_field
from toli.recruitment.models import Drive, FormVersion
from toli.recruitment.rules import SKILLS

NOT_ANSWERS = {"csrfmiddlewaretoken"}


KEPT_ON_THE_PHONE = ("name", "place_text", "skills")
"""What a phone may keep until the form is sent, beside the drive's own questions: nothing that is sensitive."""
ABOUT_THE_PERSON = ("name", "phone", "birth_year", "gender", "contact_preference", "place_text")


class JoinForm(forms.Form):
    """The whole application. Purposes are separate ticks, none ticked beforehand (DPDP Act 2023, section 6)."""

    unit = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": _("Please choose your place first.")})
    notice = forms.UUIDField(widget=forms.HiddenInput)
    via = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    """Which version of the drive's questions the page showed."""
    invitation = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    name = forms.CharField(
        label=_("Your name"), error_messages={"required": _("Please write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Your mobile number"), help_text=_("A code comes to it by SMS."),
        error_messages={"required": _("Please write your mobile number.")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
    )  # fmt: skip
    birth_year = forms.CharField(
        label=_("Year of your birth"), help_text=_("For example 1998. You must be 18 or older."),
        error_messages={"required": _("Please write the year of your birth, such as 1998.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"}),
    )  # fmt: skip
    gender = forms.ChoiceField(
        label=_("You are"), required=False, choices=[("", _("I do not want to say")), *Person.Gender.choices]
    )
    contact_preference = forms.ChoiceField(
        label=_("Who may call you?"), required=False, choices=Person.ContactPreference.choices
    )
    place_text = forms.CharField(
        label=_("Village, ward or street"), required=False, help_text=_("If you do not know your booth, this helps."),
    )  # fmt: skip
    skills = forms.MultipleChoiceField(
        label=_("What are you good at?"), required=False, choices=list(SKILLS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    declared = forms.BooleanField(
        required=False,
        label=_("I am not a government servant, not a booth-level officer and not on polling duty."),
    )

    def __init__(
        self, *args: Any, drive: Drive, notice: Notice, known: bool, language: str, version: FormVersion | None = None,
        wishes: list[queries.Wished] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.drive, self.language, self.version, self.wishes = drive, language, version, wishes or []
        self.questions = questions.read(version.questions) if version else []
        self.known = known
        if known:  # they joined before and are signed in: number, name and year are known and stay as they are
            for name in ABOUT_THE_PERSON:
                del self.fields[name]
        wings = [(wing.key, text_of(wing.names)) for wing in queries.wings(drive)]
        if wings:
            none = ("", _("No wing in particular"))
            self.fields["wing"] = forms.ChoiceField(label=_("Wing"), required=False, choices=[none, *wings])
        for question in self.questions:
            self.fields[question.field] = answer_field(question, language)
        self.purposes = [key for key in notice.purposes if key in PURPOSES]
        for key in self.purposes:
            self.fields[f"purpose_{key}"] = _purpose_field(key)

    def clean_phone(self) -> str:
        try:
            return sessions.read_phone(self.cleaned_data["phone"])
        except BadInput as error:
            raise forms.ValidationError(error.fields["phone"])

    def clean_birth_year(self) -> int:
        try:
            return parse_whole(self.cleaned_data["birth_year"])
        except BadInput:
            raise forms.ValidationError(_("Please write the year of your birth, such as 1998."))

    def clean(self) -> dict[str, Any]:
        """A field that was added to the page by somebody else is refused by its name when it is a forbidden one."""
        for name in set(self.data) - set(self.fields) - NOT_ANSWERS:
            if refusal := refused_name(name):
                raise forms.ValidationError(
                    _("Toli never asks for this: %(what)s. Nothing was kept."), params={"what": refusal.label}
                )
        self._check_answers()
        return self.cleaned_data

    def _check_answers(self) -> None:
        given = {one.key: self.cleaned_data.get(one.field) for one in self.questions}
        self.handed = {key: value for key, value in given.items() if isinstance(value, files.Handed)}
        asked = [one for one in self.questions if one.field not in self.errors]
        self.answers: dict[str, Any] = {}
        try:
            self.answers = questions.check_answers(
                asked, given | {key: file.digest for key, file in self.handed.items()}
            )
        except BadInput as error:
            for field, sentence in error.fields.items():
                self.add_error(field, str(sentence))

    def payload(self) -> dict[str, Any]:
        """The answers as plain values for the draft; the number travels apart."""
        given = self.cleaned_data
        return {
            "drive": self.drive.key,
            "unit": str(given["unit"]),
            "invitation": given["invitation"],
            "notice": str(given["notice"]),
            "name": given.get("name", ""),
            "birth_year": given.get("birth_year"),
            "gender": given.get("gender", ""),
            "contact_preference": given.get("contact_preference") or Person.ContactPreference.ANY,
            "place_text": given.get("place_text", ""),
            "skills": given["skills"],
            "wing": given.get("wing", ""),
            "declared": given["declared"],
            "purposes": [key for key in self.purposes if given.get(f"purpose_{key}")],
            "via": given.get("via", ""),
            "form": self.version.pk if self.version else None,
            "answers": {key: answer for key, answer in self.answers.items() if key not in self.handed},
            "files": self.handed,
            "file_questions": list(self.handed),
            "wish": [wish.code for wish in self.wishes],
        }

    @property
    def kept_names(self) -> str:
        own = [one.field for one in self.questions if one.kind != "file"]
        return " ".join([*KEPT_ON_THE_PHONE, *own])

    def tick_fields(self) -> list[Any]:
        return [self[f"purpose_{key}"] for key in self.purposes]

    def answer_fields(self) -> list[Any]:
        """What everybody has to answer."""
        return [field for field in self._answers() if self._is_asked(field)]

    def more_fields(self) -> list[Any]:
        """What nobody has to: folded away, so that the form is short."""
        return [field for field in self._answers() if not self._is_asked(field)]

    def _is_asked(self, field: Any) -> bool:
        """What a drive asks of its own is never folded away."""
        return field.field.required or hasattr(field.field, "is_question")

    def _answers(self) -> list[Any]:
        ticks = {f"purpose_{key}" for key in self.purposes} | {"declared"}
        return [field for field in self.visible_fields() if field.name not in ticks]


def _purpose_field(key: str) -> forms.BooleanField:
    purpose = PURPOSES[key]
    return forms.BooleanField(required=False, label=text_of(purpose.names), help_text=text_of(purpose.explains))
