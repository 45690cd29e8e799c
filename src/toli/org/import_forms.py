"""Input of the import pages."""

from collections.abc import Sequence

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toli.org.importing.files import LARGEST_UPLOAD

LAYOUTS = (
    ("toli", _("Units, one row each, with level and code")),
    ("tree", _("One column for each level: district, block, booth")),
    ("lgd", _("A list of the Local Government Directory")),
    ("constituencies", _("The Election Commission's constituencies")),
    ("panchayats", _("Village councils of a state")),
    ("stations", _("Polling stations of a constituency the tree has none of yet")),
    ("renew", _("A new list of polling stations against the old one")),
)


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX, at most 100 MB. It is erased after 30 days."))
    layout = forms.ChoiceField(label=_("What it holds"), choices=LAYOUTS)
    state_code = forms.RegexField(
        r"^([SU]\d{2})?$", label=_("Code of the state"), required=False, max_length=3,
        help_text=_("The Election Commission's code, such as S20."),
    )  # fmt: skip
    list_date = forms.DateField(
        label=_("Date of the list"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Codes carry it. Empty: not known."),
    )  # fmt: skip
    saved = forms.ChoiceField(label=_("Saved mapping"), required=False)
    create_missing = forms.BooleanField(label=_("Add constituencies the tree does not have"), required=False)

    def __init__(self, *args: object, saved: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["saved"].choices = [("", _("None")), *((name, name) for name in saved)]  # type: ignore[attr-defined]

    def clean_file(self) -> bytes:
        upload: UploadedFile = self.cleaned_data["file"]
        if upload.size is None or upload.size > LARGEST_UPLOAD:
            raise forms.ValidationError(_("The file is larger than 100 MB. Cut it into parts, or use the command."))
        self.file_name = str(upload.name)
        return bytes(upload.read())

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("layout") in ("renew", "stations", "panchayats", "tree") and not values.get("state_code"):
            self.add_error("state_code", _("Please say which state the file is about."))
        return values


class SheetForm(forms.Form):
    """Another sheet of the workbook, or another line of headings."""

    page = forms.CharField(required=False, max_length=200)
    heading_line = forms.IntegerField(label=_("Line of the headings"), required=False, min_value=1, max_value=2_000_000)


class ColumnsForm(forms.Form):
    level = forms.SlugField(required=False, max_length=40)
    save_as = forms.CharField(label=_("Keep these choices under a name"), required=False, max_length=60)


class PairForm(forms.Form):
    pair = forms.IntegerField(min_value=1, max_value=2**62)
    decision = forms.ChoiceField(
        choices=[(name, name) for name in ("same", "new", "gone", "kept", "open", "part", "other")]
    )
    rehome = forms.CharField(required=False, max_length=80)
    line = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class ManyForm(forms.Form):
    act = forms.ChoiceField(choices=[(name, name) for name in ("same", "new", "gone", "kept")])
    at_least = forms.IntegerField(label=_("Confidence from"), min_value=1, max_value=100, initial=90, required=False)


class PairFilter(forms.Form):
    show = forms.ChoiceField(
        label=_("Show"), required=False,
        choices=[
            ("", _("All")), ("open", _("To be decided")), ("unsure", _("Pairs that are not certain")),
            ("fresh", pgettext_lazy("stations", "New ones")), ("gone", _("Vanished ones")),
        ],
    )  # fmt: skip
    q = forms.CharField(label=_("Name or number"), required=False, max_length=80)
