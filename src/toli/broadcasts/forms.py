"""Input of the release pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from toli.broadcasts.audience import Plan
from toli.broadcasts.draw import PLACES
from toli.broadcasts.models import Group, Listening, Release
from toli.broadcasts.rules import CHANNELS
from toli.broadcasts.services import Choice, Said
from toli.kit.language import text_of
from toli.org.models import Unit
from toli.ui.forms import UnitChoice

MOMENT = "%Y-%m-%dT%H:%M"


class UnitsChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, unit: Any) -> str:
        return f"{text_of(unit.names)} ({text_of(unit.level.names)})"


def moment(label: Any) -> forms.DateTimeField:
    """A day and an hour, as a phone picks them."""
    return forms.DateTimeField(
        label=label, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip


class ReleaseForm(forms.Form):
    """Audience, tier and time of a release."""

    scope = UnitsChoice(
        label=_("Where"), queryset=None, to_field_name="ref", widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("A district means every constituency in it."),
    )  # fmt: skip
    tier = forms.ChoiceField(label=_("For whom"), choices=Release.Audience.choices)
    channels = forms.MultipleChoiceField(
        label=_("By which ways"), choices=list(CHANNELS.items()), initial=list(CHANNELS),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    starts_at = moment(_("From"))
    ends_at = moment(_("Until"))
    quota = forms.IntegerField(
        label=_("Places in a round"), min_value=1, max_value=PLACES, initial=12,
        help_text=_("A round has 24 places of 25 seconds. A large sheet shares them over many rounds."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].queryset = units  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        found = self.cleaned_data
        return Plan(
            scope=[unit.pk for unit in found["scope"]], tier=found["tier"], channels=found["channels"],
            starts_at=found["starts_at"], ends_at=found["ends_at"], quota=found["quota"],
        )  # fmt: skip


def first_values(units: QuerySet[Unit], now: datetime) -> dict[str, Any]:
    """From now for three days, to the whole of one's charge."""
    start = timezone.localtime(now).replace(second=0, microsecond=0)
    first = units.first()
    return {
        "scope": [first.ref] if first else [], "starts_at": start, "ends_at": start + timedelta(days=3), "quota": 12,
    }  # fmt: skip


def values_of(release: Release, units: list[Unit]) -> dict[str, Any]:
    return {
        "scope": [unit.ref for unit in units], "tier": release.tier, "channels": release.channels,
        "quota": release.quota,
        "starts_at": timezone.localtime(release.starts_at), "ends_at": timezone.localtime(release.ends_at),
    }  # fmt: skip


class FollowForm(forms.Form):
    """Which constituency's stream a person follows."""

    unit = UnitChoice(label=_("Constituency"), queryset=None, to_field_name="ref", required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = str(_("My own"))  # type: ignore[attr-defined]


HOURS = [("", _("none")), *((n, f"{n}:00") for n in range(24))]


def _hour(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=HOURS, coerce=int, empty_value=None, required=False)


class ListeningForm(forms.Form):
    """How the pulse comes."""

    hourly = forms.ChoiceField(
        label=_("New texts"), choices=[("", _("each as it comes")), ("1", _("once an hour, as a list"))], required=False
    )
    quiet_from = _hour(_("Quiet from"))
    quiet_until = _hour(_("until"))

    def choice(self) -> Choice:
        found = self.cleaned_data
        return Choice(bool(found["hourly"]), found["quiet_from"], found["quiet_until"])


def values_of_listening(listening: Listening) -> dict[str, Any]:
    return {
        "hourly": "1" if listening.hourly else "", "quiet_from": listening.quiet_from,
        "quiet_until": listening.quiet_until,
    }  # fmt: skip


class GroupForm(forms.Form):
    """A group as the desk knows it."""

    name = forms.CharField(label=_("Name of the group"), max_length=100)
    kind = forms.ChoiceField(label=_("App"), choices=Group.Kind.choices)
    link = forms.CharField(
        label=_("Invitation link"), max_length=200, required=False,
        help_text=_("Leave it empty while the group has not been made in the app."),
    )  # fmt: skip
    tier = forms.ChoiceField(label=_("For whom"), choices=Release.Audience.choices)
    members = forms.IntegerField(
        label=_("How many are in it"), min_value=0, max_value=5_000_000, required=False,
        help_text=_("As its admin reads it in the app. Toli never looks into a group."),
    )  # fmt: skip

    def said(self) -> Said:
        found = self.cleaned_data
        return Said(found["name"].strip(), found["link"].strip(), found["tier"], found["members"])


class KnownGroupForm(GroupForm):
    """A group that is in the register: the app it is in stays."""

    kind = None  # type: ignore[assignment]


def values_of_group(group: Group) -> dict[str, Any]:
    return {"name": group.name, "link": group.link, "tier": group.tier, "members": group.members}


class TellForm(forms.Form):
    """What an admin says of their own group."""

    link = forms.CharField(label=_("Invitation link"), max_length=200, required=False)
    members = forms.IntegerField(label=_("How many are in it"), min_value=0, max_value=5_000_000, required=False)


class GroupFilterForm(forms.Form):
    q = forms.CharField(label=_("Name"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("App"), choices=[("", _("All apps")), *Group.Kind.choices], required=False)


class WithoutForm(forms.Form):
    """Which units to look at for missing groups."""

    level = forms.ChoiceField(
        label=_("Places without a group"), required=False,
        choices=[("constituency", _("Constituencies")), ("block", _("Blocks")), ("booth", _("Booths"))],
    )  # fmt: skip
