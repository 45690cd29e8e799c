"""Input of the pages of tasks, to clean values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from toli.kit.dates import local_at, local_day
from toli.kit.errors import BadInput
from toli.kit.ids import parse_ref, uuid7
from toli.kit.language import text_of
from toli.kit.numbers import parse_whole
from toli.org.models import Level, Unit, Wing
from toli.tasks import rules
from toli.tasks.models import Kind, Proof, Task, TaskTemplate
from toli.tasks.photos import LARGEST_FILE, CleanPhoto, clean_photo
from toli.tasks.queries import Trouble

LANGUAGES: list[str] = [tag for tag, _name in settings.LANGUAGES]
MOST_PARTS = 60
EVENING = time(20)
"""The hour (IST) at which a task is due unless its giver says otherwise."""


class WholeNumber(forms.CharField):
    """A whole number in any digits and grouping: १२,३४५ as well as 12345."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_whole(text)
        except BadInput as error:
            raise forms.ValidationError(str(error)) from None


def whole_number(label: Any, **more: Any) -> WholeNumber:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return WholeNumber(label=label, max_length=20, widget=widget, **more)


class MintedRef(forms.CharField):
    """A ref the page minted: the same page sent twice is taken once."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid7, max_length=40)

    def clean(self, value: Any) -> UUID:
        try:
            return parse_ref(str(value or ""))
        except BadInput as error:
            raise forms.ValidationError(str(error)) from None


class TaskFilter(forms.Form):
    """What the list of tasks is narrowed by."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Task.State.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices])


class TroubleFilter(forms.Form):
    """What the list of exceptions is narrowed by."""

    unit = forms.UUIDField(widget=forms.HiddenInput, required=False)
    task = forms.UUIDField(widget=forms.HiddenInput, required=False)
    trouble = forms.ChoiceField(label=_("What is wrong"), required=False, choices=[("", _("All")), *Trouble.choices])


class PlaceForm(forms.Form):
    """Where a task goes and from which template: the part of the page that stands in its address."""

    unit = forms.ChoiceField(label=_("Where"))
    template = forms.ChoiceField(label=_("Template"), required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], templates: Iterable[TaskTemplate], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (u.ref, f"{text_of(u.names)} ({text_of(u.level.names)})") for u in units
        ]
        self.fields["template"].choices = [("", _("A new task")), *_template_choices(templates)]  # type: ignore[attr-defined]


def _template_choices(templates: Iterable[TaskTemplate]) -> list[tuple[UUID, str]]:
    return [(t.ref, f"{text_of(t.level.names)}: {text_of(t.title)}") for t in templates]


_WORDS: dict[str, tuple[Any, int, int]] = {
    "title": (_("What is to be done (%(language)s)"), 400, 1),
    "instructions": (_("How (%(language)s)"), 4000, 3),
    "measure": (_("What is counted (%(language)s)"), 60, 1),
}
"""The texts of a task: label, most letters a form takes, rows of the field."""


class GiveForm(forms.Form):
    """A task: its words in every language, what is counted, for whom and until when."""

    ref = MintedRef()
    level = forms.ChoiceField(label=_("Who does it"))
    wing = forms.ChoiceField(label=_("Wing"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.INTERNAL,
        help_text=_("In the hours of silence the law holds appeals back; the other two kinds go on."),
    )  # fmt: skip
    proofs = forms.MultipleChoiceField(
        label=_("Proof asked for"), choices=Proof.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    target = whole_number(_("Target for all together"))
    due_at = forms.DateTimeField(
        label=_("Due"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    only = forms.MultipleChoiceField(
        label=_("Only in these places"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Tick none to give it everywhere here."),
    )  # fmt: skip
    keep = forms.BooleanField(label=_("Keep these words as a template"), required=False)

    def __init__(
        self, *args: Any, levels: Sequence[Level], wings: Sequence[Wing], parts: Sequence[Unit], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._levels = {str(level.pk): level for level in levels}
        self._wings = {str(wing.pk): wing for wing in wings}
        self._parts = {str(part.ref): part for part in parts}
        self.fields["level"].choices = [(pk, text_of(level.names)) for pk, level in self._levels.items()]  # type: ignore[attr-defined]
        wing_choices = [(pk, text_of(wing.names)) for pk, wing in self._wings.items()]
        self.fields["wing"].choices = [("", _("All")), *wing_choices]  # type: ignore[attr-defined]
        self.fields["only"].choices = [(ref, text_of(part.names)) for ref, part in self._parts.items()]  # type: ignore[attr-defined]
        if not 1 < len(parts) <= MOST_PARTS:
            del self.fields["only"]
        self._add_words()

    def _add_words(self) -> None:
        words: dict[str, forms.Field] = {}
        for name, (label, most, rows) in _WORDS.items():
            for tag, language in settings.LANGUAGES:
                words[f"{name}_{tag}"] = forms.CharField(
                    label=label % {"language": language}, max_length=most,
                    required=name == "title" and tag == LANGUAGES[0],
                    widget=forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput(),
                )  # fmt: skip
        self.fields = {**words, **self.fields}

    def by_language(self, name: str) -> dict[str, str]:
        return {tag: self.cleaned_data.get(f"{name}_{tag}", "") for tag in LANGUAGES}

    def asked(self) -> dict[str, Any]:
        """The values as `services.give_task` takes them."""
        data = self.cleaned_data
        return {
            "ref": data["ref"], "level": self._levels[data["level"]], "wing": self._wings.get(data["wing"]),
            "kind": data["kind"], "proofs": data["proofs"], "target": data["target"], "due_at": data["due_at"],
            "only": [self._parts[ref] for ref in data.get("only", ())], "title": self.by_language("title"),
            "instructions": self.by_language("instructions"), "measure": self.by_language("measure"),
        }  # fmt: skip


def first_values(template: TaskTemplate | None, *, teams: int, now: datetime) -> dict[str, Any]:
    """What the form of a task starts with."""
    due = local_at(local_day(now) + timedelta(days=template.days if template else 7), EVENING)
    values: dict[str, Any] = {"due_at": due, "proofs": [Proof.NUMBER]}
    if template is None:
        return values
    for name in ("title", "instructions", "measure"):
        values |= {f"{name}_{tag}": text for tag, text in getattr(template, name).items()}
    return values | {
        "kind": template.kind, "proofs": template.proofs, "level": str(template.level_id),
        "wing": str(template.wing_id or ""), "target": template.per_share * max(teams, 1),
    }  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=rules.LONGEST_REASON * 2, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class HandInForm(forms.Form):
    """The proofs one task asks for, and no other field."""

    ref = MintedRef()
    number = whole_number(_("How many"), required=False, error_messages={"required": _("Please write how many.")})
    text = forms.CharField(
        label=_("What was done"), required=False,
        error_messages={"required": _("Please write in a few words what was done.")}, max_length=rules.LONGEST_TEXT * 2,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Write no names and no phone numbers of people."),
    )  # fmt: skip
    photo = forms.FileField(
        label=_("Photo"), required=False,
        error_messages={
            "required": _("Please add a photo of the work."), "empty": _("Please add a photo of the work."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-smaller": "1600"}),
        help_text=_("Place and time stored in the photo are removed. At most 10 MB."),
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task, **more: Any) -> None:
        super().__init__(*args, **more)
        for proof in Proof.values:
            if proof in task.proofs:
                self.fields[proof].required = True
            else:
                del self.fields[proof]
        if "number" in self.fields and task.measure:
            self.fields["number"].label = _("How many: %(measure)s") % {"measure": text_of(task.measure)}

    def clean_photo(self) -> CleanPhoto | None:
        file: UploadedFile | None = self.cleaned_data.get("photo")
        if file is None:
            return None
        try:
            # One byte more than allowed is enough to refuse it: a huge file is never read whole.
            return clean_photo(file.read(LARGEST_FILE + 1))
        except BadInput as error:
            raise forms.ValidationError(str(error.fields["photo"])) from None

    def proofs(self) -> dict[str, Any]:
        """The proofs as `services.hand_in` takes them."""
        data = self.cleaned_data
        return {"number": data.get("number"), "text": data.get("text", ""), "photo": data.get("photo")}


class HandInForForm(HandInForm):
    """The same, in the name of somebody of the team."""

    person = forms.ChoiceField(label=_("Whose work is it?"))
    field_order = ("person", "number", "text", "photo")

    def __init__(self, *args: Any, team: Sequence[tuple[UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"].choices = [("", "…"), *team]  # type: ignore[attr-defined]


class BulkForm(forms.Form):
    """Many lines and what to do with them."""

    ref = MintedRef()
    act = forms.ChoiceField(choices=[("verify", ""), ("return", ""), ("remind", "")])
    reason = forms.CharField(required=False, max_length=rules.LONGEST_REASON * 2)
    refs = forms.TypedMultipleChoiceField(coerce=UUID)

    def __init__(self, data: Any, **more: Any) -> None:
        super().__init__(data, **more)
        chosen = data.getlist("refs")[: rules.MOST_AT_ONCE + 1]
        self.fields["refs"].choices = [(ref, ref) for ref in chosen if _is_ref(ref)]  # type: ignore[attr-defined]


def _is_ref(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
