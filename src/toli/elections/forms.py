"""What the desk types about polls."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from toli.elections.models import Election, PollVersion
from toli.elections.schedule.words import parse_hours
from toli.elections.services import Dates, Hours
from toli.kit.dates import local

LARGEST_FILE = 5 * 1024 * 1024


class HoursForm(forms.Form):
    """Day and hours of a poll by a notification."""

    day = forms.DateField(label=_("Poll day"), widget=forms.DateInput(attrs={"type": "date"}))
    opens = forms.TimeField(
        label=_("Opens at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.CharField(
        label=_("Closes at"), required=False, max_length=60,
        help_text=_("On the 24-hour clock, such as 17:00. Several hours with a comma. Empty: no hour is published."),
    )  # fmt: skip
    notification = forms.CharField(
        label=_("Which notification says so"), max_length=300, help_text=_("Its number and date.")
    )

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


class CorrectionForm(HoursForm):
    """What another notification says of a poll."""

    status = forms.ChoiceField(label=_("Takes place?"), choices=PollVersion.Status.choices)
    code_area = forms.ChoiceField(
        label=_("Where the code of conduct holds"), choices=PollVersion.CodeArea.choices, required=False,
        help_text=_("Of a by-election. A general election's holds in the whole state."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
    field_order = ("day", "opens", "closes", "status", "code_area", "notification", "note")

    def hours(self) -> Hours:
        said = self.cleaned_data
        return Hours(said["day"], said["closes"], said["opens"], said["status"], said.get("code_area") or None)


class RepollForm(HoursForm):
    """The same seat polls once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="again_%s", **kwargs)  # beside the form of a correction

    def hours(self) -> Hours:
        said = self.cleaned_data
        return Hours(said["day"], said["closes"], said["opens"])


_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class DatesForm(forms.Form):
    """What a notification says of the whole election. Times are Asia/Kolkata."""

    announced = forms.DateTimeField(
        label=_("Announced at"), required=False, widget=_MOMENT, help_text=_("The code of conduct holds from here.")
    )
    counting_on = forms.DateField(
        label=_("Counting day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    completed = forms.DateTimeField(
        label=_("Completed at"), required=False, widget=_MOMENT, help_text=_("The code of conduct ends here.")
    )
    notification = forms.CharField(
        label=_("Which notification says so"), max_length=300, help_text=_("Its number and date.")
    )

    def dates(self) -> Dates:
        said = self.cleaned_data
        return Dates(said["announced"], said["completed"], said["counting_on"])


class SwitchForm(forms.Form):
    """Why a rule is switched."""

    rule = forms.CharField(max_length=40, widget=forms.HiddenInput)
    off = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Whose advice, and why"), max_length=500, help_text=_("It stands in the record and on this page.")
    )


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
    return {
        "day": version.poll_on, "opens": version.opens, "closes": closes, "status": version.status,
        "code_area": version.code_area,
    }  # fmt: skip


def dates_of(election: Election) -> dict[str, object]:
    """The form filled with what the election says now."""
    return {
        "announced": local(election.announced_at) if election.announced_at else None,
        "completed": local(election.completed_at) if election.completed_at else None,
        "counting_on": election.counting_on,
    }
