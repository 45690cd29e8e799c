"""What the desk types about polls."""

from __future__ import annotations

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.elections.models import PollVersion
from toli.elections.schedule.words import parse_hours
from toli.elections.services import Hours

LARGEST_FILE = 5 * 1024 * 1024


class CorrectionForm(forms.Form):
    """What another notification says of a poll."""

    day = forms.DateField(label=_("Poll day"), widget=forms.DateInput(attrs={"type": "date"}))
    opens = forms.TimeField(
        label=_("Opens at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.CharField(
        label=_("Closes at"), required=False, max_length=60,
        help_text=_("On the 24-hour clock, such as 17:00. Several hours with a comma. Empty: no hour is published."),
    )  # fmt: skip
    status = forms.ChoiceField(label=_("Takes place?"), choices=PollVersion.Status.choices)
    notification = forms.CharField(
        label=_("Which notification says so"), max_length=300, help_text=_("Its number and date.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def clean_closes(self) -> tuple[time, ...]:
        hours, understood = parse_hours(self.cleaned_data["closes"])
        if not understood:
            raise forms.ValidationError(_("Please write the hour like 17:00."))
        return hours

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        opens, closes = values.get("opens"), values.get("closes") or ()
        if opens and any(hour <= opens for hour in closes):
            self.add_error("closes", _("The poll cannot close before it opens."))
        return values

    def hours(self) -> Hours:
        said = self.cleaned_data
        return Hours(said["day"], said["closes"], said["opens"], said["status"])


class ScheduleForm(forms.Form):
    """A schedule file, with what its columns may lack."""

    file = forms.FileField(
        label=_("Schedule file"), help_text=_("CSV or workbook: constituency, poll day, closing hour, notification.")
    )
    election = forms.CharField(
        label=_("Election"), required=False, max_length=60, help_text=_("Where the file has no such column.")
    )
    source = forms.CharField(
        label=_("Which notification says so"), required=False, max_length=300,
        help_text=_("Where the file has no such column."),
    )  # fmt: skip
    write = forms.BooleanField(
        label=_("Bring it in now"), required=False, help_text=_("Without this you only see what the file means.")
    )

    def clean_file(self) -> bytes:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB. A schedule is smaller."))
        return bytes(upload.read())


def initial_of(version: PollVersion | None) -> dict[str, object]:
    """The form filled with what the row says now."""
    if version is None:
        return {}
    closes = ", ".join(hour.strftime("%H:%M") for hour in version.closes)
    return {"day": version.poll_on, "opens": version.opens, "closes": closes, "status": version.status}
