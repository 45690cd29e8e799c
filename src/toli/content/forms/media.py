"""Input of the media library's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.content.models import Media, PersonShown
from toli.content.printing import Imprint
from toli.content.rules import MOST_COPIES, SOURCE_LENGTH
from toli.content.services import Made, Rights
from toli.org.models import Unit
from toli.ui.forms import UnitChoice

TAKEN = "image/jpeg,image/png,image/webp,application/pdf,video/*,audio/*"
_DAY = {"type": "date"}


def _line(label: Any, help_text: Any = "", *, required: bool = True, most: int = 200) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=most)


class _AiFields(forms.Form):
    label = forms.ChoiceField(
        label=_("Label that is burnt in"), required=False, choices=[("", "—"), *Media.Label.choices],
        help_text=_("Over a tenth of the picture, at the top of a video, in the first tenth of a sound."),
    )  # fmt: skip
    tool = _line(_("AI tool"), _("For example: its name and version."), required=False)
    maker = _line(_("Who made it with the tool"), _("A team or an agency."), required=False)
    responsible = _line(_("Who answers for it"), _("Written into the file, as the law wants."), required=False)

    def made(self) -> Made:
        found = self.cleaned_data
        return Made(found["label"], found["tool"], found["maker"], found["responsible"])


class AiForm(_AiFields):
    """Said of a file that is already in the library."""


class MediaForm(_AiFields):
    """A new file with its rights."""

    unit = UnitChoice(label=_("For"), queryset=None, to_field_name="ref")
    file = forms.FileField(  # told by its content, in `intake.py`
        label=_("File"), help_text=_("Picture up to 8 MB, PDF up to 10 MB, video or sound up to 64 MB and 15 minutes."),
        widget=forms.ClearableFileInput(attrs={"accept": TAKEN}),
    )  # fmt: skip
    title = _line(_("Name by which others find it"))
    owner = _line(_("Whose work it is"))
    licence = forms.ChoiceField(label=_("By what right we use it"), choices=Media.Licence.choices)
    source = _line(_("Where it comes from"), _("With an open licence: its name and address."), required=False, most=500)
    shows_people = forms.BooleanField(
        label=_("It shows people, or their voice can be heard"), required=False,
        help_text=_("Then it can be used when their consent is noted on the next page. Children are not shown."),
    )  # fmt: skip
    with_ai = forms.BooleanField(label=_("It was made or changed with AI"), required=False)
    says_label = forms.BooleanField(
        label=_("This recording says the AI label"), required=False,
        help_text=_("It is put before sounds made with AI; it stands in no text itself."),
    )  # fmt: skip

    field_order = (
        "unit", "file", "title", "owner", "licence", "source", "shows_people", "with_ai", "label", "tool", "maker",
        "responsible", "says_label",
    )  # fmt: skip

    def __init__(self, *args: Any, desks: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = desks  # type: ignore[attr-defined]
        self.fields["unit"].initial = getattr(desks.first(), "ref", None)

    @property
    def rights(self) -> Rights:
        found = self.cleaned_data
        return Rights(found["title"], found["owner"], found["licence"], found["source"], found["shows_people"])

    @property
    def declared(self) -> Made | None:
        return self.made() if self.cleaned_data["with_ai"] else None


class PersonForm(forms.Form):
    """Somebody shown who agreed to it."""

    name = _line(_("Who is shown"), most=120)
    how = forms.ChoiceField(label=_("How they agreed"), choices=PersonShown.How.choices)
    said_on = forms.DateField(label=_("On which day"), widget=forms.DateInput(attrs=_DAY))
    until = forms.DateField(
        label=_("Until which day it holds"), required=False, widget=forms.DateInput(attrs=_DAY),
        help_text=_("Empty: until they take it back."),
    )  # fmt: skip


class PrintForm(forms.Form):
    """What the law wants on the face of every copy."""

    printer = _line(_("Printer"), most=SOURCE_LENGTH)
    printer_address = _line(_("The printer's address"), most=SOURCE_LENGTH)
    publisher = _line(pgettext_lazy("print", "Publisher"), most=SOURCE_LENGTH)
    publisher_address = _line(_("The publisher's address"), most=SOURCE_LENGTH)
    copies = forms.IntegerField(label=_("Copies"), min_value=1, max_value=MOST_COPIES)

    @property
    def imprint(self) -> Imprint:
        return Imprint(**self.cleaned_data)


class MediaFilterForm(forms.Form):
    q = forms.CharField(label=_("Words"), required=False)
    kind = forms.ChoiceField(label=_("What it is"), required=False, choices=[("", _("All")), *Media.Kind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Media.State.choices])
