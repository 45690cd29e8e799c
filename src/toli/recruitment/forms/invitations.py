"""Input of the pages of invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from toli.kit.dates import day_bounds
from toli.org.importing.files import LARGEST_UPLOAD
from toli.org.models import Unit
from toli.recruitment.models import InvitationBatch
from toli.recruitment.services.batches import Declared
from toli.ui.forms import UnitChoice

SOURCES = [
    ("", _("Please choose")),
    *InvitationBatch.Source.choices,
    ("electoral_roll", _("An electoral roll")),
    ("bought", _("A list that was bought or given by a firm")),
    ("scraped", _("Numbers gathered from groups or pages")),
    ("other", _("Something else")),
]


class BatchForm(forms.Form):
    """A file of numbers, and what whoever brings it declares."""

    source = forms.ChoiceField(label=_("Where the numbers come from"), choices=SOURCES)
    words = forms.CharField(
        label=_("When and where were they given?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: missed calls of 3 to 9 May to the number on our posters. Name nobody."),
    )  # fmt: skip
    unit = UnitChoice(
        label=_("For whom"), queryset=None, to_field_name="ref",
        help_text=_("Rows may name a unit inside it; the others get this one."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with a column of phone numbers, at most 100 MB. Names in it are not read."),
    )
    vouched = forms.BooleanField(
        label=_("I vouch that each person gave us this number themselves, to be invited."), required=False
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_file(self) -> bytes:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is None or upload.size > LARGEST_UPLOAD:
            raise forms.ValidationError(_("The file is larger than 100 MB. Cut it into parts, or use the command."))
        self.file_name = str(upload.name)
        return bytes(upload.read())

    def declared(self) -> Declared:
        given = self.cleaned_data
        return Declared(given["source"], given["words"], given["vouched"], given["unit"].ref)


class SendForm(forms.Form):
    """What the law asks before bulk SMS of a campaign go out."""

    template = forms.CharField(
        label=_("Number of the registered text"), max_length=40,
        help_text=_("As the operators granted it for this text."),
    )  # fmt: skip
    number = forms.CharField(label=_("Number of the media committee's certificate"), max_length=80)
    committee = forms.CharField(label=_("Which committee"), max_length=120)
    valid_on = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}))

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        until: datetime = day_bounds(given["valid_on"])[1]
        return {k: given[k] for k in ("template", "number", "committee")} | {"valid_until": until}
